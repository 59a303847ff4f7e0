"""`updateStrategyId`: the strategy that a profile or a run names has to be in the same fleet."""

from __future__ import annotations

import re
from typing import Final

from tools.emulator.arm.body import Field, object_at
from tools.emulator.fleet.rules.refusals import invalid
from tools.emulator.state import Fleet
from tools.json_value import Json

_RESOURCE_ID: Final = re.compile(r"/subscriptions/[^/]+/resourceGroups/[^/]+/providers/[^/]+(/[^/]+/[^/]+)+", re.I)


def strategy_of(properties: dict[str, Json], fleet: Fleet) -> dict[str, Json]:
    """The strategy that `updateStrategyId` names; an empty one if it names none.

    Raises:
        ArmError: 400, it is no resource id, names something else, or the fleet has no such strategy.
    """
    field = Field(properties, "properties").at("updateStrategyId")
    strategy_id = field.text()
    if not field.is_given:
        return {}
    if _RESOURCE_ID.fullmatch(strategy_id) is None:
        raise invalid(f"updateStrategyId '{strategy_id}' is not a valid Azure resource id.", field.path)
    parent, found, name = strategy_id.lower().partition("/updatestrategies/")
    if not found or "/" in name:
        raise invalid(f"updateStrategyId '{strategy_id}' is not the id of an update strategy.", field.path)
    if parent != fleet.id.lower():
        raise invalid(f"The update strategy '{strategy_id}' is not of the fleet '{fleet.name}'.", field.path)
    if name not in fleet.strategies:
        raise invalid(f"The update strategy '{strategy_id}' does not exist.", field.path)
    return object_at(fleet.strategies[name].properties, "strategy")
