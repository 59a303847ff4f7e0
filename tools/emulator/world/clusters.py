"""Clusters as a world begins with them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from tools.documents import DocumentError
from tools.emulator.aks.maintenance_reading import complete
from tools.emulator.connected_clusters import CONNECTED_CLUSTERS
from tools.emulator.state import AgentPool, ConnectedCluster, ManagedCluster
from tools.emulator.world.model import WorldMember, WorldPool
from tools.json_value import Json


def cluster_id(subscription: str, resource_group: str, name: str) -> str:
    """The id as AKS hands it out: `resourcegroups` in lower case."""
    return (
        f"/subscriptions/{subscription}/resourcegroups/{resource_group}"
        f"/providers/Microsoft.ContainerService/managedClusters/{name}"
    )


def build_connected_cluster(member: WorldMember, subscription: str, resource_group: str) -> ConnectedCluster:
    """The cluster of a member that AKS in Azure does not have."""
    kind = CONNECTED_CLUSTERS[member.cluster_type]
    cluster_id = f"/subscriptions/{subscription}/resourceGroups/{resource_group}/providers/{kind}/{member.name}"
    return ConnectedCluster(cluster_id, member.name, kind, resource_group, member.region)


def build_cluster(
    member: WorldMember,
    subscription: str,
    resource_group: str,
    newest_image: Callable[[str, str], str | None],
    now: datetime,
) -> ManagedCluster:
    """The cluster of a member; pools for which no image is given begin with the newest.

    Args:
        member: it, and its cluster, which has the same name.
        subscription: where it is.
        resource_group: the fleet's.
        newest_image: the newest image version in a region for a family.
        now: when it is created.

    Raises:
        DocumentError: no image of a pool's family is offered in the region at this time.
    """
    return ManagedCluster(
        id=cluster_id(subscription, resource_group, member.name),
        name=member.name,
        resource_group=resource_group,
        region=member.region,
        kubernetes_version=member.kubernetes_version,
        pools=[_pool(index, pool, member, newest_image) for index, pool in enumerate(member.pools)],
        support_plan=member.support_plan,
        power_state=member.power_state,
        provisioning_state=member.provisioning_state,
        node_provisioning=member.node_provisioning or ("Auto" if member.is_automatic else "Manual"),
        sku_name=member.sku,
        upgrade_channel=member.upgrade_channel or ("stable" if member.is_automatic else None),
        node_os_upgrade_channel=member.node_os_upgrade_channel or ("NodeImage" if member.is_automatic else "None"),
        maintenance_configurations=_maintenance_configurations(member, now),
        tags=dict(member.tags),
    )


def _pool(
    index: int, pool: WorldPool, member: WorldMember, newest_image: Callable[[str, str], str | None]
) -> AgentPool:
    image = pool.node_image or member.node_image or newest_image(member.region, pool.family)
    if image is None:
        raise DocumentError(
            f"no image of {pool.family} is offered in {member.region} then; give nodeImage, or let the member join "
            "later",
            ("pools", index, "family"),
        )
    return AgentPool(
        name=pool.name,
        family=pool.family,
        kubernetes_version=member.kubernetes_version,
        image=f"{pool.family}-{image}",
        mode=pool.mode,
        provisioning_state=pool.provisioning_state,
        count=pool.count,
        snapshot_id=pool.snapshot,
    )


def _maintenance_configurations(member: WorldMember, now: datetime) -> dict[str, Json]:
    if member.maintenance_configurations is None:
        return {}
    given = member.maintenance_configurations.model_dump(by_alias=True, exclude_unset=True, exclude_none=True)
    return {name: complete(name, properties, now) for name, properties in given.items()}
