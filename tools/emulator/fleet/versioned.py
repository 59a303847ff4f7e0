"""Resources in the caller's api-version, which shows nothing that only a newer one has."""

from __future__ import annotations

from typing import Final

from tools.emulator.fleet.resources import show
from tools.emulator.fleet.rules.refusals import NEWEST_PREVIEW, is_known
from tools.emulator.state import FleetResource
from tools.json_value import Json

_NEWEST_KEYS: Final = frozenset(
    {
        "failureCount",
        "lastTriggerMessage",
        "maxAllowedFailures",
        "memberSelector",
        "scheduledStartConfiguration",
        "scheduledStartProperties",
    }
)


def show_in(api_version: str, child: FleetResource) -> dict[str, Json]:
    """A strategy, run, gate or profile.

    UNVERIFIED: that an older api-version omits what a newer one wrote, as is ARM's habit, but shows new values of its
    open enums: the gate type ScheduledStart and the channel SecurityPatch.
    """
    shown = show(child)
    if is_known(api_version, NEWEST_PREVIEW):
        return shown
    return {**shown, "properties": _without_newest(shown["properties"])}


def _without_newest(value: Json) -> Json:
    if isinstance(value, dict):
        return {key: _without_newest(item) for key, item in value.items() if key not in _NEWEST_KEYS}
    if isinstance(value, list):
        return [_without_newest(item) for item in value]
    return value
