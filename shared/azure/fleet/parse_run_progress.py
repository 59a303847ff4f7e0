"""Parses the progress of an update run from its `status`."""

from __future__ import annotations

from collections.abc import Iterable

from shared.azure.fleet.parse_gates import GATE_FIELDS, pending_gates
from shared.azure.json_value import JsonObject, integer_at, object_at, objects_at, text_at, value_at
from shared.azure.parse_values import to_time
from shared.core.model.run_progress import Failures, PendingReason, RunProgress, Wait
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

PROGRESS_FIELDS = (
    "status.startTime",
    "stages[].name",
    "stages[].status.state",
    "stages[].failureCount",
    "stages[].maxAllowedFailures",
    "stages[].groups[].name",
    "stages[].groups[].members[].message",
    "stages[].groups[].members[].status.state",
    "stages[].groups[].members[].status.startTime",
    "stages[].groups[].members[].status.error.code",
    "stages[].groups[].members[].status.error.message",
    *(f"stages[].{field}" for field in GATE_FIELDS),
    *(f"stages[].groups[].{field}" for field in GATE_FIELDS),
)
"""The fields of a run's `status` that are read here."""


def parse_progress(status: JsonObject, strategy: JsonObject) -> RunProgress:
    """Stages, pending gates, pending members and failures, from a run's `status` and `strategy`."""
    stages = objects_at(status, "stages")
    return RunProgress(
        stage_states={text_at(stage, "name") or "": text_at(stage, "status", "state") or "" for stage in stages},
        pending_gates=tuple(gate for stage in stages for gate in pending_gates(stage, strategy)),
        pending_members=tuple(
            _wait(member)
            for stage in stages
            for group in objects_at(stage, "groups")
            for member in objects_at(group, "members")
            if text_at(member, "status", "state") == _PENDING
        ),
        failures=_failures(stages),
        started_at=to_time(value_at(status, "status", "startTime")),
    )


def _failures(stages: Iterable[JsonObject]) -> dict[str, Failures]:
    return {
        text_at(stage, "name") or "": Failures(count, integer_at(stage, "maxAllowedFailures"))
        for stage in stages
        if (count := integer_at(stage, "failureCount"))
    }


def _wait(member: JsonObject) -> Wait:
    error = object_at(member, "status", "error")
    text = " ".join(
        part for part in (text_at(error, "code"), text_at(error, "message"), text_at(member, "message")) if part
    ).lower()
    reason = next((reason for words, reason in _WORDS if words in text), PendingReason.UNKNOWN)
    return Wait(reason, to_time(text_at(member, "status", "startTime")))
