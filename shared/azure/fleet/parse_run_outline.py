"""Parses the outline of an update run from the body that ARM returns."""

from __future__ import annotations

from shared.azure.fleet.parse_update_run import parse_run
from shared.azure.json_value import JsonObject, integer_at, objects_at, text_at, value_at
from shared.azure.parse_values import to_time
from shared.core.model.ids import ResourceId
from shared.overview.run_outline import GateOutline, GroupOutline, MemberOutline, RunOutline, StageOutline

_GATES = (("beforeGates", "Before"), ("afterGates", "After"))


def parse_outline(run_id: ResourceId, content: JsonObject) -> RunOutline:
    """The run with its stages. Before Fleet has made the status there are none."""
    waits = {
        text_at(stage, "name"): integer_at(stage, "afterStageWaitInSeconds")
        for stage in objects_at(content, "properties", "strategy", "stages")
    }
    stages = objects_at(content, "properties", "status", "stages")
    return RunOutline(
        parse_run(run_id, content), tuple(_stage(stage, waits.get(text_at(stage, "name"), 0)) for stage in stages)
    )


def _stage(stage: JsonObject, wait_seconds: int) -> StageOutline:
    return StageOutline(
        name=text_at(stage, "name") or "",
        state=_state(stage),
        started_at=to_time(value_at(stage, "status", "startTime")),
        completed_at=to_time(value_at(stage, "status", "completedTime")),
        wait_seconds=wait_seconds,
        gates=_gates(stage),
        groups=tuple(_group(group) for group in objects_at(stage, "groups")),
    )


def _group(group: JsonObject) -> GroupOutline:
    members = tuple(_member(member) for member in objects_at(group, "members"))
    return GroupOutline(text_at(group, "name") or "", _state(group), _gates(group), members)


def _member(member: JsonObject) -> MemberOutline:
    texts = (text_at(member, "status", "error", "message"), text_at(member, "message"))
    return MemberOutline(
        name=text_at(member, "name") or "",
        cluster_id=text_at(member, "clusterResourceId") or "",
        state=_state(member),
        message=next((text for text in texts if text is not None), ""),
        started_at=to_time(value_at(member, "status", "startTime")),
        completed_at=to_time(value_at(member, "status", "completedTime")),
    )


def _gates(part: JsonObject) -> tuple[GateOutline, ...]:
    return tuple(
        GateOutline(
            gate_id=text_at(gate, "gateId") or "",
            display_name=text_at(gate, "displayName") or "",
            timing=timing,
            state=_state(gate),
            started_at=to_time(value_at(gate, "status", "startTime")),
            completed_at=to_time(value_at(gate, "status", "completedTime")),
        )
        for key, timing in _GATES
        for gate in objects_at(part, key)
    )


def _state(part: JsonObject) -> str:
    return text_at(part, "status", "state") or "NotStarted"
