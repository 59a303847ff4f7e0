"""Parses the progress of an update run from its `status`."""

from __future__ import annotations

from collections.abc import Iterator

from shared.azure.json_value import JsonObject, object_at, objects_at, text_at
from shared.azure.parse_values import to_time
from shared.core.model.run_progress import PendingGate, PendingReason, RunProgress, Wait
from shared.core.model.update_run import UpdateState

_PENDING = UpdateState.PENDING.value
_WORDS: tuple[tuple[str, PendingReason], ...] = (
    ("not available in region", PendingReason.REGION),
    ("notavailable", PendingReason.REGION),
    ("notsupported", PendingReason.REGION),
    ("maintenance", PendingReason.MAINTENANCE_WINDOW),
)
"""Words in the error code or message of a pending member, in lower case, and what they mean.

The one code seen in public is `NodeImageVersionNotAvailable` (Fleet's documentation on monitoring update runs); the
others are not documented. What matches none of these is reported as unknown.
"""

_GATE_FIELDS = tuple(
    f"{gates}[].{field}"
    for gates in ("beforeGates", "afterGates")
    for field in ("gateId", "displayName", "status.state", "status.startTime")
)
PROGRESS_FIELDS = (
    "stages[].name",
    "stages[].status.state",
    "stages[].groups[].name",
    "stages[].groups[].members[].message",
    "stages[].groups[].members[].status.state",
    "stages[].groups[].members[].status.startTime",
    "stages[].groups[].members[].status.error.code",
    "stages[].groups[].members[].status.error.message",
    *(f"stages[].{field}" for field in _GATE_FIELDS),
    *(f"stages[].groups[].{field}" for field in _GATE_FIELDS),
)
"""The fields of a run's `status` that are read here."""


def parse_progress(status: JsonObject) -> RunProgress:
    """Stages, pending gates and pending members."""
    stages = objects_at(status, "stages")
    return RunProgress(
        stage_states={text_at(stage, "name") or "": text_at(stage, "status", "state") or "" for stage in stages},
        pending_gates=tuple(gate for stage in stages for gate in _gates_of(stage)),
        pending_members=tuple(
            _wait(member)
            for stage in stages
            for group in objects_at(stage, "groups")
            for member in objects_at(group, "members")
            if text_at(member, "status", "state") == _PENDING
        ),
    )


def _gates_of(stage: JsonObject) -> Iterator[PendingGate]:
    name = text_at(stage, "name") or ""
    yield from _pending_gates(stage, name, "")
    for group in objects_at(stage, "groups"):
        yield from _pending_gates(group, name, text_at(group, "name") or "")


def _pending_gates(part: JsonObject, stage: str, group: str) -> Iterator[PendingGate]:
    for key, timing in (("beforeGates", "Before"), ("afterGates", "After")):
        for gate in objects_at(part, key):
            if text_at(gate, "status", "state") == _PENDING:
                yield PendingGate(
                    gate_id=text_at(gate, "gateId") or "",
                    display_name=text_at(gate, "displayName") or "",
                    stage=stage,
                    group=group,
                    timing=timing,
                    since=to_time(text_at(gate, "status", "startTime")),
                )


def _wait(member: JsonObject) -> Wait:
    error = object_at(member, "status", "error")
    text = " ".join(
        part for part in (text_at(error, "code"), text_at(error, "message"), text_at(member, "message")) if part
    ).lower()
    reason = next((reason for words, reason in _WORDS if words in text), PendingReason.UNKNOWN)
    return Wait(reason, to_time(text_at(member, "status", "startTime")))
