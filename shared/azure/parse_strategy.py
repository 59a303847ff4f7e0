"""Update strategies, from ARM and Resource Graph alike."""

from __future__ import annotations

from shared.azure.arm_json import Json, items_at, shown, text_at
from shared.core.fleet import UpdateStrategy
from shared.core.resource_id import ResourceId
from shared.core.unknown import Unknown


def parse_strategy(strategy_id: ResourceId, body: Json) -> UpdateStrategy | Unknown:
    """The groups that the strategy's stages name; `Unknown` where any of it makes no sense: no scope is guessed."""
    stages = items_at(body, "properties", "strategy", "stages")
    if not stages:
        return Unknown("it has no stages")
    groups: set[str] = set()
    for stage in stages:
        in_stage = items_at(stage, "groups")
        if not in_stage:
            return Unknown(f"its stage {text_at(stage, 'name') or shown(stage)} names no groups")
        for group in in_stage:
            name = text_at(group, "name")
            if not name:
                return Unknown(f"it has a group without a name: {shown(group)}")
            groups.add(name)
    return UpdateStrategy(strategy_id, frozenset(groups))
