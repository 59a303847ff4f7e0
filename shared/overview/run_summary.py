"""Update runs as the overview shows them: made by an evaluation, and read again to say what a run waits for."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import TYPE_CHECKING

from shared.core.model.run_progress import PendingGate, PendingReason, RunProgress, Wait
from shared.core.model.run_record import RunRecord
from shared.core.model.times import instant_text
from shared.core.model.unknown import Unparsed
from shared.core.model.update_run import UpdateRun

if TYPE_CHECKING:
    from shared.documents.runs import CallerDocument, GateDocument, RunSummary


def run_summary(run: UpdateRun, record: RunRecord | None) -> RunSummary:
    """The run as it was read, with the app's record of it."""
    progress, version = run.progress, run.kubernetes_version
    return {
        "id": run.id.text,
        "name": run.name,
        "state": text_of(run.state),
        "upgradeType": text_of(run.upgrade_type),
        "kubernetesVersion": None if version is None else text_of(version),
        "nodeImages": sorted(map(text_of, run.node_images)),
        "startedAt": time_text(progress.started_at),
        "completedAt": time_text(run.completed_at),
        "memberStates": dict(sorted(Counter(text_of(state) for state in run.member_states.values()).items())),
        "stages": [{"name": name, "state": state} for name, state in progress.stage_states.items()],
        "pendingGates": [_gate(gate) for gate in progress.pending_gates],
        "waitsFor": sorted({wait.reason.value for wait in progress.pending_members}),
        "intent": record.intent.value if record is not None else None,
        "generatedBy": requester_of(record),
        "generatedAt": time_text(record.created_at) if record is not None else None,
    }


def requester_of(record: RunRecord | None) -> CallerDocument | None:
    """Who requested the run."""
    if record is None or record.requested_by is None:
        return None
    return {"name": record.requested_by.name, "id": record.requested_by.id}


def progress_of(run: RunSummary | None) -> RunProgress:
    """What the run waits for; nothing without a run."""
    if run is None:
        return RunProgress()
    return RunProgress(
        pending_gates=tuple(_gate_of(gate) for gate in run["pendingGates"]),
        pending_members=tuple(Wait(PendingReason(reason), None) for reason in run["waitsFor"]),
    )


def text_of(value: object) -> str:
    """A value as Azure wrote it."""
    return value.text if isinstance(value, Unparsed) else str(value)


def time_text(moment: datetime | None) -> str | None:
    """A moment as ARM writes it; None for none."""
    return None if moment is None else instant_text(moment)


def _gate(gate: PendingGate) -> GateDocument:
    return {
        "gateId": gate.gate_id,
        "displayName": gate.display_name,
        "stage": gate.stage,
        "group": gate.group,
        "timing": gate.timing,
        "since": time_text(gate.since),
        "isScheduled": gate.is_scheduled,
        "opensAt": time_text(gate.opens_at),
    }


def _gate_of(gate: GateDocument) -> PendingGate:
    return PendingGate(
        gate_id=gate["gateId"],
        display_name=gate["displayName"],
        stage=gate["stage"],
        group=gate["group"],
        timing=gate["timing"],
        since=_time_of(gate["since"]),
        is_scheduled=gate["isScheduled"],
        opens_at=_time_of(gate["opensAt"]),
    )


def _time_of(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
