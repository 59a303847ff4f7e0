"""One update run as JSON."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from shared.core.model.update_run import UpdateState
from shared.core.runs.progress_words import tolerated, waits_for
from shared.overview.run_outline import GateOutline, MemberOutline, RunOutline, StageOutline
from shared.overview.run_summary import requester_of, text_of, time_text
from shared.use_cases.run_detail import RunView

if TYPE_CHECKING:
    from shared.documents.runs import RunDetail, RunGate, RunMember, RunStage

_SENTENCES = {
    UpdateState.NOT_STARTED: "It has not been started.",
    UpdateState.RUNNING: "It is running.",
    UpdateState.STOPPING: "It is stopping.",
    UpdateState.STOPPED: "It was stopped.",
    UpdateState.SKIPPED: "It was skipped.",
    UpdateState.FAILED: "It failed; its members say why.",
    UpdateState.COMPLETED: "It is finished.",
}


def run_json(view: RunView) -> RunDetail:
    """The response."""
    outline, record = view.outline, view.record
    run = outline.run
    profile, version = view.profile_id, run.kubernetes_version
    return {
        "id": run.id.text,
        "name": run.name,
        "profileId": profile.text if profile is not None else None,
        "state": text_of(run.state),
        "upgradeType": text_of(run.upgrade_type),
        "kubernetesVersion": None if version is None else text_of(version),
        "nodeImages": sorted(map(text_of, run.node_images)),
        "startedAt": time_text(run.progress.started_at),
        "completedAt": time_text(run.completed_at),
        "sentence": _sentence(outline),
        "intent": record.intent.value if record is not None else None,
        "generatedBy": requester_of(record),
        "generatedAt": time_text(record.created_at) if record is not None else None,
        "restarts": record.restarts if record is not None else 0,
        "stages": [_stage(stage) for stage in outline.stages],
    }


def _sentence(outline: RunOutline) -> str:
    run = outline.run
    failures = tolerated(run.progress)
    if run.state is UpdateState.PENDING:
        return f"It waits for: {waits_for(run.progress)}.{failures}"
    if not isinstance(run.state, UpdateState):
        return f"Its state is {text_of(run.state)}, which this app does not know.{failures}"
    return f"{_SENTENCES[run.state]}{failures}"


def _stage(stage: StageOutline) -> RunStage:
    return {
        "name": stage.name,
        "state": stage.state,
        "startedAt": time_text(stage.started_at),
        "completedAt": time_text(stage.completed_at),
        "waitSeconds": stage.wait_seconds,
        "gates": _gates(stage.gates),
        "groups": [
            {
                "name": group.name,
                "state": group.state,
                "gates": _gates(group.gates),
                "members": [_member(member) for member in group.members],
            }
            for group in stage.groups
        ],
    }


def _gates(gates: Iterable[GateOutline]) -> list[RunGate]:
    return [
        {
            "gateId": gate.gate_id,
            "displayName": gate.display_name,
            "timing": gate.timing,
            "state": gate.state,
            "startedAt": time_text(gate.started_at),
            "completedAt": time_text(gate.completed_at),
        }
        for gate in gates
    ]


def _member(member: MemberOutline) -> RunMember:
    return {
        "name": member.name,
        "clusterId": member.cluster_id or None,
        "state": member.state,
        "message": member.message,
        "startedAt": time_text(member.started_at),
        "completedAt": time_text(member.completed_at),
    }
