"""Fleets and their children as a world begins with them, in ARM's form."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from tools.emulator.etag import new_etag
from tools.emulator.state import ConnectedCluster, Fleet, FleetResource, ManagedCluster
from tools.emulator.world.model import WorldFleet, WorldMember, WorldProfile, WorldStrategy
from tools.json_value import Json

_TYPE: Final = "Microsoft.ContainerService/fleets"


def build_fleet(fleet: WorldFleet, subscription: str, now: datetime) -> Fleet:
    """A fleet with its strategies and profiles, without members."""
    group = fleet.resource_group
    built = Fleet(
        id=f"/subscriptions/{subscription}/resourceGroups/{group}/providers/{_TYPE}/{fleet.name}",
        name=fleet.name,
        resource_group=group,
        region=fleet.region,
        tags=dict(fleet.tags),
        has_native_auto_upgrade=fleet.native_auto_upgrade,
        etag=new_etag(now),
        created_at=now,
        modified_at=now,
    )
    for strategy in fleet.strategies:
        built.strategies[strategy.name.lower()] = _strategy(built, strategy, now)
    for profile in fleet.profiles:
        built.profiles[profile.name.lower()] = _profile(built, profile, now)
    return built


def build_member(
    fleet: Fleet, member: WorldMember, cluster: ManagedCluster | ConnectedCluster, now: datetime
) -> FleetResource:
    """A member that has joined, with the labels that the service adds."""
    subscription = cluster.id.split("/")[2]
    group = {} if member.group is None else {"fleet.azure.com/group": member.group}
    properties: dict[str, Json] = {
        "clusterResourceId": cluster.id,
        "labels": {
            **member.labels,
            **group,
            "fleet.azure.com/cluster-name": cluster.name,
            "fleet.azure.com/location": cluster.region,
            "fleet.azure.com/member-name": member.name,
            "fleet.azure.com/resource-group": cluster.resource_group,
            "fleet.azure.com/subscription-id": subscription,
        },
        "provisioningState": "Succeeded",
        "status": {},
    }
    if member.group is not None:
        properties["group"] = member.group
    return _child(fleet, "members", member.name, properties, now)


def _strategy(fleet: Fleet, strategy: WorldStrategy, now: datetime) -> FleetResource:
    properties: dict[str, Json] = {
        "provisioningState": "Succeeded",
        "strategy": {"stages": [stage.as_arm() for stage in strategy.stages]},
    }
    return _child(fleet, "updateStrategies", strategy.name, properties, now)


def _profile(fleet: Fleet, profile: WorldProfile, now: datetime) -> FleetResource:
    properties: dict[str, Json] = {
        "channel": profile.channel,
        "disabled": profile.disabled,
        "provisioningState": "Succeeded",
    }
    if profile.node_image_selection is not None:
        properties["nodeImageSelection"] = {"type": profile.node_image_selection}
    if profile.update_strategy is not None:
        properties["updateStrategyId"] = f"{fleet.id}/updateStrategies/{profile.update_strategy}"
    if profile.target_kubernetes_version is not None:
        properties["targetKubernetesVersion"] = profile.target_kubernetes_version
    if profile.long_term_support is not None:
        properties["longTermSupport"] = profile.long_term_support
    return _child(fleet, "autoUpgradeProfiles", profile.name, properties, now)


def _child(fleet: Fleet, kind: str, name: str, properties: dict[str, Json], now: datetime) -> FleetResource:
    return FleetResource(
        id=f"{fleet.id}/{kind}/{name}",
        name=name,
        type=f"{_TYPE}/{kind}",
        properties=properties,
        etag=new_etag(now),
        created_at=now,
        modified_at=now,
    )
