"""The arguments by which Fleet's SDK and `ArmReads` address resources."""

from __future__ import annotations

from shared.core.model.ids import ResourceId


def place_of(fleet_id: ResourceId) -> tuple[str, str, str]:
    """Subscription, resource group and name of a fleet."""
    return fleet_id.subscription, fleet_id.resource_group, fleet_id.name


def path_of(resource_id: ResourceId) -> tuple[str, str, str]:
    """Resource group, fleet and name of something in a fleet."""
    return resource_id.resource_group, resource_id.parent.name, resource_id.name
