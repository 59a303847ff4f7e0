"""Decodes an auto-upgrade profile in a body, in ARM's form, as strictly as its rules are: a mistake creates nothing."""

from __future__ import annotations

import re
from collections.abc import Mapping

from functions.http.json_fields import (
    parse_json,
    reject_other_properties,
    require_object,
    require_text,
)
from shared.core.model.ids import STRATEGY_TYPE, ResourceId
from shared.core.model.kubernetes_version import MinorVersion
from shared.core.model.profile import Channel, NodeImageSelection, Profile
from shared.core.model.unknown import Unparsed
from shared.core.profile_rules import broken_rule
from shared.core.reasons import PREVIEW_SETTING, Reason
from shared.errors import InvalidInputError

_NAME = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?", re.ASCII)
_LONGEST_NAME = 50
_PROPERTIES = "body.properties"
_KNOWN = ("channel", "updateStrategyId", "nodeImageSelection", "targetKubernetesVersion", "longTermSupport", "disabled")
_SELECTIONS = (NodeImageSelection.LATEST, NodeImageSelection.CONSISTENT)

_MINOR = 'a minor version in the form "1.33"'
_CORRECTIONS: Mapping[Reason, tuple[str, str]] = {
    Reason.CHANNEL_NOT_SUPPORTED: ("channel", f"another channel, or the app setting {PREVIEW_SETTING}"),
    Reason.TARGET_VERSION_MISSING: (
        "targetKubernetesVersion",
        f"{_MINOR}, which channel TargetKubernetesVersion needs",
    ),
    Reason.TARGET_VERSION_NOT_ALLOWED: (
        "targetKubernetesVersion",
        "nothing, unless the channel is TargetKubernetesVersion",
    ),
    Reason.LONG_TERM_SUPPORT_NOT_ALLOWED: ("longTermSupport", "false, unless the channel is TargetKubernetesVersion"),
    Reason.NODE_IMAGE_SELECTION_NOT_ALLOWED: (
        "nodeImageSelection",
        "nothing, since the channel prescribes how images are selected",
    ),
}
"""The field that breaks a rule of profiles, and what is valid there; every other rule is checked where it is read."""


def read_new_profile(body: bytes, fleet_id: ResourceId, *, is_preview: bool) -> Profile:
    """A profile with its `name`, which may not exist yet.

    Raises:
        InvalidInputError: the body is no profile, or the profile breaks a rule; the message names the field.
    """
    content = require_object(parse_json(body), "body")
    reject_other_properties(content, ("name", "properties"), "body")
    name = require_text(content.get("name"), "body.name")
    _check_name(name, "body.name")
    return _profile(fleet_id.child("autoUpgradeProfiles", name), content, is_preview=is_preview)


def read_profile_to_write(body: bytes, profile_id: ResourceId, *, is_preview: bool) -> Profile:
    """The profile of a route, with what is to be written.

    Raises:
        InvalidInputError: the body is no profile, or the profile breaks a rule; the message names the field.
    """
    _check_name(profile_id.name, "profile name")
    content = require_object(parse_json(body), "body")
    reject_other_properties(content, ("properties",), "body")
    return _profile(profile_id, content, is_preview=is_preview)


def _check_name(name: str, field: str) -> None:
    if len(name) > _LONGEST_NAME or _NAME.fullmatch(name) is None:
        expected = f"1 to {_LONGEST_NAME} lower case letters, digits and dashes, with no dash at either end"
        raise InvalidInputError(field, name, expected)


def _profile(profile_id: ResourceId, content: Mapping[str, object], *, is_preview: bool) -> Profile:
    properties = require_object(content.get("properties"), _PROPERTIES)
    reject_other_properties(properties, _KNOWN, _PROPERTIES)
    profile = Profile(
        id=profile_id,
        channel=_channel(properties.get("channel")),
        update_strategy_id=_strategy(properties.get("updateStrategyId"), profile_id.parent),
        node_image_selection=_selection(properties.get("nodeImageSelection")),
        target_kubernetes_version=_minor(properties.get("targetKubernetesVersion")),
        long_term_support=_flag(properties, "longTermSupport"),
        disabled=_flag(properties, "disabled"),
    )
    broken = broken_rule(profile, is_preview=is_preview)
    if broken is not None:
        name, expected = _CORRECTIONS[broken.reason]
        raise InvalidInputError(f"{_PROPERTIES}.{name}", properties.get(name), expected)
    return profile


def _channel(value: object) -> Channel:
    text = require_text(value, f"{_PROPERTIES}.channel")
    if text not in list(Channel):
        raise InvalidInputError(f"{_PROPERTIES}.channel", text, " or ".join(Channel))
    return Channel(text)


def _strategy(value: object, fleet_id: ResourceId) -> ResourceId | Unparsed | None:
    if value is None:
        return None
    field = f"{_PROPERTIES}.updateStrategyId"
    strategy_id = ResourceId.parse_of_type(require_text(value, field), STRATEGY_TYPE, field)
    if strategy_id.parent != fleet_id:
        raise InvalidInputError(field, strategy_id.text, "an update strategy of the profile's fleet")
    return strategy_id


def _selection(value: object) -> NodeImageSelection | None:
    if value is None:
        return None
    field = f"{_PROPERTIES}.nodeImageSelection"
    selection = require_object(value, field)
    reject_other_properties(selection, ("type",), field)
    text = require_text(selection.get("type"), f"{field}.type")
    if text not in _SELECTIONS:
        raise InvalidInputError(f"{field}.type", text, " or ".join(_SELECTIONS))
    return NodeImageSelection(text)


def _minor(value: object) -> MinorVersion | None:
    if value is None:
        return None
    field = f"{_PROPERTIES}.targetKubernetesVersion"
    return MinorVersion.parse(require_text(value, field), field)


def _flag(properties: Mapping[str, object], name: str) -> bool:
    value = properties.get(name)
    if value is not None and not isinstance(value, bool):
        raise InvalidInputError(f"{_PROPERTIES}.{name}", value, "true or false")
    return value is True
