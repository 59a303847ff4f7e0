"""The rules for auto-upgrade profiles."""

from __future__ import annotations

import re
from typing import Final

from tools.emulator.arm.body import Field
from tools.emulator.fleet.rules.refusals import (
    GATES_SINCE,
    NEWEST_PREVIEW,
    check_choice,
    check_known,
    invalid,
    is_known,
    not_changeable,
)
from tools.emulator.fleet.rules.strategy_ids import strategy_of
from tools.emulator.state import Fleet, FleetResource
from tools.json_value import Json

CHANNELS: Final = ("Stable", "Rapid", "NodeImage", "TargetKubernetesVersion")
PREVIEW_CHANNELS: Final = ("SecurityPatch",)
PROFILE_SELECTIONS: Final = ("Latest", "Consistent")
_TARGETED: Final = "TargetKubernetesVersion"
_MINOR: Final = re.compile(r"(0|[1-9]\d*)\.(0|[1-9]\d*)", re.ASCII)


def check_profile(
    properties: dict[str, Json], fleet: Fleet, api_version: str, existing: FleetResource | None = None
) -> None:
    """A profile as it is to be written; `existing` is the one that is there."""
    profile = Field(properties, "properties")
    channel = _channel(profile.at("channel"), api_version)
    _check_target(profile.at("targetKubernetesVersion"), channel, api_version)
    _check_long_term_support(profile.at("longTermSupport"), channel, api_version)
    _check_selection(profile.at("nodeImageSelection"), channel)
    profile.at("disabled").flag()
    _check_strategy(properties, fleet, existing)


def _channel(field: Field, api_version: str) -> str:
    channel = field.text()
    check_channel(channel, api_version, field.path)
    return check_choice(field, (*CHANNELS, *PREVIEW_CHANNELS) if is_known(api_version, NEWEST_PREVIEW) else CHANNELS)


def check_channel(channel: str, api_version: str, target: str) -> None:
    """Refuse a channel that the caller's api-version does not have.

    UNVERIFIED: that Fleet also refuses to generate a run of such a channel in an older api-version.
    """
    for newer, since in ((PREVIEW_CHANNELS, NEWEST_PREVIEW), ((_TARGETED,), GATES_SINCE)):
        if channel in newer and not is_known(api_version, since):
            raise invalid(f"channel '{channel}' does not exist in api-version {api_version}; use {since}.", target)


def _check_target(field: Field, channel: str, api_version: str) -> None:
    """An empty text counts as none: it "must be empty" for other channels."""
    check_known(field, api_version, GATES_SINCE)
    target = field.text()
    if channel != _TARGETED:
        if target:
            raise invalid(f"targetKubernetesVersion is for channel {_TARGETED} only, not for {channel}.", field.path)
    elif not target:
        raise invalid(f"targetKubernetesVersion is required for channel {_TARGETED}.", field.path)
    elif _MINOR.fullmatch(target) is None:
        raise invalid(f"targetKubernetesVersion '{target}' must be a minor version such as 1.33.", field.path)


def _check_long_term_support(field: Field, channel: str, api_version: str) -> None:
    check_known(field, api_version, GATES_SINCE)
    if field.flag() and channel != _TARGETED:
        raise invalid(f"longTermSupport is for channel {_TARGETED} only, not for {channel}.", field.path)


def _check_selection(field: Field, channel: str) -> None:
    """UNVERIFIED: that the service refuses a selection on NodeImage; its command line does."""
    if not field.is_given:
        return
    if channel == "NodeImage":
        raise invalid("nodeImageSelection must not be set for channel NodeImage.", field.path)
    check_choice(field.at("type"), PROFILE_SELECTIONS)


def _check_strategy(properties: dict[str, Json], fleet: Fleet, existing: FleetResource | None) -> None:
    """Refuse another strategy than the profile has.

    The API declares the id as set on creation. UNVERIFIED: that a later PUT may give the first one, or omit it; the
    how-to of Microsoft creates a profile again with a strategy, and then without one.
    """
    field = Field(properties, "properties").at("updateStrategyId")
    current = "" if existing is None else Field(existing.properties).at("updateStrategyId").text()
    if current and field.text() and field.text().lower() != current.lower():
        raise not_changeable(field, current)
    if not current:
        strategy_of(properties, fleet)  # one that it has may have been deleted since: no reason to refuse other changes
