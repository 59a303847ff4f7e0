"""Finds the fleets and profiles that an alert is about: the nearest place that names any counts, and no other.

The custom properties come first, since a person wrote them; then what Azure says the alert is about; then, for log
search alerts, whose target is mostly a workspace, the dimensions that the rule splits by.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from functions.http.json_fields import optional_list, optional_object, require_list, require_object, require_text
from shared.core.model.ids import FLEET_TYPE, PROFILE_TYPE, RUN_TYPE, ResourceId
from shared.errors import InvalidInputError
from shared.use_cases.act_on_alert import AlertTarget

PROPERTIES_OF_TARGETS = ("fleetId", "profileId")

DIMENSIONS = {"profile_id": PROFILE_TYPE, "fleet_id": FLEET_TYPE, "run_id": RUN_TYPE}
"""Dimensions by name, the nearest first: of one condition, the first that has a value counts."""

_TARGET_IDS = "data.essentials.alertTargetIDs"
_CONFIGURATION_ITEMS = "data.essentials.configurationItems"
_CONDITIONS = "data.alertContext.condition.allOf"
_SEGMENTS_OF_A_FLEET = 9
"""Of its id split at the slashes, the empty one before the first included."""


def find_targets(
    essentials: Mapping[str, object], context: Mapping[str, object], properties: Mapping[str, object], field: str
) -> tuple[AlertTarget, ...]:
    """The fleets and profiles, each once, however its id is spelled.

    Args:
        essentials: the alert's essentials.
        context: its context.
        properties: its custom properties.
        field: where those are, for errors.

    Raises:
        InvalidInputError: nothing is named, or something that is not what its name says.
    """
    of_azure = list(_from_essentials(essentials))
    for found in (_from_properties(properties, field), of_azure, _from_dimensions(context)):
        targets: dict[ResourceId, AlertTarget] = {}
        for target in found:
            targets.setdefault(target.id, target)
        if targets:
            return tuple(targets.values())
    raise InvalidInputError(
        _TARGET_IDS,
        essentials.get("alertTargetIDs"),
        f"the id of a fleet or of something in one, here or in the configuration items, or the custom property"
        f" {' or '.join(PROPERTIES_OF_TARGETS)}, or a dimension called {' or '.join(DIMENSIONS)}",
    )


def _from_properties(properties: Mapping[str, object], field: str) -> Iterator[AlertTarget]:
    if all(name in properties for name in PROPERTIES_OF_TARGETS):
        raise InvalidInputError(f"{field}.fleetId", properties["fleetId"], "fleetId or profileId, not both")
    for name, kind in zip(PROPERTIES_OF_TARGETS, (FLEET_TYPE, PROFILE_TYPE), strict=True):
        if name in properties:
            yield _target_of_type(properties[name], kind, f"{field}.{name}")


def _from_essentials(essentials: Mapping[str, object]) -> Iterator[AlertTarget]:
    """Every id of a fleet or of something in one; the others, and items that are no ids at all, are Azure's business.

    Activity log alerts come without configuration items.
    """
    items = optional_list(essentials.get("configurationItems"), _CONFIGURATION_ITEMS)
    for field, ids in (
        (_TARGET_IDS, require_list(essentials.get("alertTargetIDs"), _TARGET_IDS)),
        (_CONFIGURATION_ITEMS, items),
    ):
        for index, text in enumerate(ids):
            where = f"{field}[{index}]"
            if not isinstance(text, str):
                raise InvalidInputError(where, text, "a text")
            target = _target_in(text, where)
            if target is not None:
                yield target


def _from_dimensions(context: Mapping[str, object]) -> Iterator[AlertTarget]:
    condition = optional_object(context.get("condition"), "data.alertContext.condition")
    for index, entry in enumerate(optional_list(condition.get("allOf"), _CONDITIONS)):
        where = f"{_CONDITIONS}[{index}]"
        dimensions = _dimensions(require_object(entry, where).get("dimensions"), f"{where}.dimensions")
        for name, kind in DIMENSIONS.items():
            if name in dimensions:
                field, value = dimensions[name]
                yield _target_of_type(value, kind, field)
                break


def _dimensions(items: object, field: str) -> Mapping[str, tuple[str, object]]:
    """The dimensions with a value, by name: where the value is, and what it is. Other rows of a query have none."""
    found: dict[str, tuple[str, object]] = {}
    for index, item in enumerate(optional_list(items, field)):
        where = f"{field}[{index}]"
        dimension = require_object(item, where)
        if dimension.get("value"):
            found[require_text(dimension.get("name"), f"{where}.name")] = (f"{where}.value", dimension["value"])
    return found


def _target_of_type(value: object, kind: str, field: str) -> AlertTarget:
    resource_id = ResourceId.parse_of_type(require_text(value, field), kind, field)
    return AlertTarget(resource_id.parent if kind == RUN_TYPE else resource_id, field)


def _target_in(text: str, field: str) -> AlertTarget | None:
    """The profile, or the fleet that the resource is or lies in; None if it has nothing to do with a fleet."""
    try:
        resource_id = ResourceId.parse(text)
    except InvalidInputError:
        return None
    if resource_id.type == PROFILE_TYPE:
        return AlertTarget(resource_id, field)
    if f"{resource_id.type}/".startswith(f"{FLEET_TYPE}/"):
        return AlertTarget(ResourceId.parse("/".join(text.split("/")[:_SEGMENTS_OF_A_FLEET])), field)
    return None
