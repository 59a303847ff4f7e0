"""The clusters of a replay: one a region, with a pool for each family that has images there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from shared.core.model.catalog import RegionCatalog, SupportPlan
from shared.core.model.fleet import Cluster, Member, NodePool
from shared.core.model.ids import ResourceId
from shared.core.model.kubernetes_version import KubernetesVersion
from shared.core.model.node_image import NodeImage, NodeImageVersion
from shared.core.model.unknown import Unparsed
from tools.replay.scenario import FLEET, Scenario

NO_VERSION = Unparsed("none")
"""What the clusters are on where a timeline has no Kubernetes versions at all: enough for node images."""

_CLUSTER = "/subscriptions/{0}/resourceGroups/{0}/providers/Microsoft.ContainerService/managedClusters/{1}"


def make_members(
    scenario: Scenario, regions: Iterable[str], version: KubernetesVersion | Unparsed
) -> tuple[Member, ...]:
    """One member a region, all in one group, without pools yet."""
    plan = SupportPlan.KUBERNETES_OFFICIAL
    if scenario.profile.long_term_support:
        plan = SupportPlan.AKS_LONG_TERM_SUPPORT
    return tuple(_member(f"cluster-{number}", region, plan, version) for number, region in enumerate(regions, start=1))


def _member(name: str, region: str, plan: SupportPlan, version: KubernetesVersion | Unparsed) -> Member:
    cluster_id = ResourceId.parse(_CLUSTER.format(FLEET.resource_group, name))
    cluster = Cluster(cluster_id, region, version, support_plan=plan)
    return Member(name, "replay", "Succeeded", cluster_id, cluster)


def with_new_pools(member: Member, catalog: RegionCatalog) -> Member:
    """The member with a pool for each family that its region has an image of, the new ones on the newest."""
    cluster = cluster_of(member)
    standing = {pool.name for pool in cluster.node_pools}
    new = tuple(
        NodePool(family, cluster.kubernetes_version, NodeImage(family, newest))
        for family, newest in catalog.node_images.items()
        if family not in standing and isinstance(newest, NodeImageVersion)
    )
    return with_cluster(member, replace(cluster, node_pools=(*cluster.node_pools, *new))) if new else member


def with_cluster(member: Member, cluster: Cluster) -> Member:
    """The member with its cluster changed."""
    return replace(member, cluster=cluster)


def cluster_of(member: Member) -> Cluster:
    """The member's cluster; in a replay every one can be read."""
    if not isinstance(member.cluster, Cluster):
        raise TypeError(f"{member.name} has no cluster")
    return member.cluster
