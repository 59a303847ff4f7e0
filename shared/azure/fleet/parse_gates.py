"""Parses the pending gates of an update run: their state from its `status`, their kind from its `strategy`.

The status does not say which kind a gate is, and the gate itself is another resource. A scheduled gate opens at the
first time of its schedule from when it was created (Fleet's specification: `absoluteStartTime` is set then).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from shared.azure.json_value import JsonObject, object_at, objects_at, text_at
from shared.azure.parse_values import to_time
from shared.core.model.run_progress import PendingGate
from shared.core.model.update_run import UpdateState

_PENDING = UpdateState.PENDING.value
_SCHEDULED = "ScheduledStart"
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_TIME = re.compile(r"([01]\d|2[0-3]):([0-5]\d)", re.ASCII)
_OFFSET = re.compile(r"([+-])(0\d|1[0-4]):([0-5]\d)", re.ASCII)

_LISTS = (("beforeGates", "Before"), ("afterGates", "After"))
GATE_FIELDS = tuple(
    f"{gates}[].{field}"
    for gates, _ in _LISTS
    for field in ("gateId", "displayName", "status.state", "status.startTime")
)
"""The fields of a stage or group in a run's `status` that are read here."""
_CONFIGURATION_FIELDS = tuple(
    f"{gates}[].{field}"
    for gates, _ in _LISTS
    for field in ("type", *(f"scheduledStartConfiguration.{name}" for name in ("startDay", "startTime", "utcOffset")))
)
STRATEGY_GATE_FIELDS = (
    "stages[].name",
    "stages[].groups[].name",
    *(f"stages[].{field}" for field in _CONFIGURATION_FIELDS),
    *(f"stages[].groups[].{field}" for field in _CONFIGURATION_FIELDS),
)
"""The fields of a run's `strategy` that are read here."""


def pending_gates(stage: JsonObject, strategy: JsonObject) -> Iterator[PendingGate]:
    """The pending gates of a stage and of its groups, as the run's status and its strategy have them."""
    name = text_at(stage, "name") or ""
    configured = _named(objects_at(strategy, "stages"), name)
    yield from _of_part(stage, configured, name, "")
    for group in objects_at(stage, "groups"):
        of_group = text_at(group, "name") or ""
        yield from _of_part(group, _named(objects_at(configured, "groups"), of_group), name, of_group)


def _named(parts: Sequence[JsonObject], name: str) -> JsonObject:
    return next((part for part in parts if text_at(part, "name") == name), {})


def _of_part(part: JsonObject, configured: JsonObject, stage: str, group: str) -> Iterator[PendingGate]:
    """Gates have no names that must be given or differ; those of a strategy and of a status are in one order."""
    for key, timing in _LISTS:
        configurations = objects_at(configured, key)
        for index, gate in enumerate(objects_at(part, key)):
            if text_at(gate, "status", "state") != _PENDING:
                continue
            configuration = configurations[index] if index < len(configurations) else {}
            is_scheduled = text_at(configuration, "type") == _SCHEDULED
            since = to_time(text_at(gate, "status", "startTime"))
            schedule = object_at(configuration, "scheduledStartConfiguration")
            yield PendingGate(
                gate_id=text_at(gate, "gateId") or "",
                display_name=text_at(gate, "displayName") or "",
                stage=stage,
                group=group,
                timing=timing,
                since=since,
                is_scheduled=is_scheduled,
                opens_at=_opens_at(schedule, since) if is_scheduled and since is not None else None,
            )


def _opens_at(schedule: JsonObject, created_at: datetime) -> datetime | None:
    """The first time of the schedule from then on; None if it cannot be parsed."""
    day = text_at(schedule, "startDay")
    time = _TIME.fullmatch(text_at(schedule, "startTime") or "")
    offset = _OFFSET.fullmatch(text_at(schedule, "utcOffset") or "")
    if day not in _DAYS or time is None or offset is None:
        return None
    size = timedelta(hours=int(offset[2]), minutes=int(offset[3]))
    from_utc = -size if offset[1] == "-" else size
    local = created_at + from_utc
    ahead = timedelta(days=(_DAYS.index(day) - local.weekday()) % 7)
    opens = (local + ahead).replace(hour=int(time[1]), minute=int(time[2]), second=0, microsecond=0)
    return (opens if opens >= local else opens + timedelta(days=7)) - from_utc
