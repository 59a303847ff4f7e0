"""Auto-upgrade profiles, from ARM and Resource Graph alike."""

from __future__ import annotations

from shared.azure.arm_json import Json, parsed, parsed_or_missing, shown, value_at
from shared.core.kubernetes_version import MinorVersion
from shared.core.profile import Channel, NodeImageSelection, Profile
from shared.core.resource_id import ResourceId
from shared.core.unknown import Unparsed


def parse_profile(profile_id: ResourceId, body: Json) -> Profile:
    """The profile. A `disabled` that is neither true nor false counts as true: nothing is upgraded by mistake."""
    properties = value_at(body, "properties")
    return Profile(
        id=profile_id,
        channel=parsed_or_missing(value_at(properties, "channel"), Channel),
        update_strategy_id=parsed(value_at(properties, "updateStrategyId"), ResourceId.parse),
        node_image_selection=parse_selection(value_at(properties, "nodeImageSelection")),
        target_kubernetes_version=parsed(value_at(properties, "targetKubernetesVersion"), MinorVersion.parse),
        long_term_support=value_at(properties, "longTermSupport") is True,
        disabled=value_at(properties, "disabled") not in (None, False),
    )


def parse_selection(value: Json) -> NodeImageSelection | Unparsed | None:
    """A `nodeImageSelection` object's type; None where there is no such object or it is empty."""
    if value is not None and not isinstance(value, dict):
        return Unparsed(shown(value))
    return parsed(value_at(value, "type"), NodeImageSelection)
