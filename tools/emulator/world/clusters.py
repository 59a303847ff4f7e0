"""Clusters as a world begins with them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Final

from tools.emulator.aks.maintenance_reading import complete
from tools.emulator.documents import DocumentError
from tools.emulator.state import AgentPool, ManagedCluster
from tools.emulator.world.document import MemberDocument, PoolDocument

KUBERNETES_VERSION: Final = "1.30.5"
"""What a cluster begins with where the world file does not say."""


def cluster_id(subscription: str, resource_group: str, name: str) -> str:
    """The id as AKS hands it out: `resourcegroups` in lower case."""
    return (
        f"/subscriptions/{subscription}/resourcegroups/{resource_group}"
        f"/providers/Microsoft.ContainerService/managedClusters/{name}"
    )


def build_cluster(
    member: MemberDocument,
    subscription: str,
    resource_group: str,
    newest_image: Callable[[str, str], str | None],
    now: datetime,
) -> ManagedCluster:
    """The cluster of a member; pools without an image of their own begin with the newest.

    Args:
        member: it, and its cluster, which has the same name.
        subscription: where it is.
        resource_group: the fleet's.
        newest_image: the newest image version in a region for a family.
        now: when it is made.

    Raises:
        DocumentError: no image of a pool's family is offered in the region at this time.
    """
    version = member.get("kubernetesVersion", KUBERNETES_VERSION)
    is_automatic = member.get("sku") == "Automatic"
    return ManagedCluster(
        id=cluster_id(subscription, resource_group, member["name"]),
        name=member["name"],
        resource_group=resource_group,
        region=member["region"],
        kubernetes_version=version,
        pools=[_pool(index, member, version, newest_image) for index, _ in enumerate(member["pools"])],
        support_plan=member.get("supportPlan", "KubernetesOfficial"),
        power_state=member.get("powerState", "Running"),
        node_provisioning=member.get("nodeProvisioning", "Auto" if is_automatic else "Manual"),
        sku_name=member.get("sku", "Base"),
        upgrade_channel=member.get("upgradeChannel", "stable" if is_automatic else None),
        node_os_upgrade_channel=member.get("nodeOSUpgradeChannel", "NodeImage" if is_automatic else "None"),
        maintenance_configurations={
            name: complete(name, properties, now)
            for name, properties in member.get("maintenanceConfigurations", {}).items()
        },
        tags=dict(member.get("tags", {})),
    )


def _pool(
    index: int, member: MemberDocument, version: str, newest_image: Callable[[str, str], str | None]
) -> AgentPool:
    pool: PoolDocument = member["pools"][index]
    family, region = pool["family"], member["region"]
    image = pool.get("nodeImage") or member.get("nodeImage") or newest_image(region, family)
    if image is None:
        raise DocumentError(
            f"no image of {family} is offered in {region} then; give nodeImage, or let the member join later",
            ("pools", index, "family"),
        )
    return AgentPool(
        name=pool["name"],
        family=family,
        kubernetes_version=version,
        image=f"{family}-{image}",
        mode=pool.get("mode", "System"),
        count=pool.get("count", 3),
        snapshot_id=pool.get("snapshot"),
    )
