"""What a run does to the clusters, at once and without failing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from shared.core.decision import Decision
from shared.core.model.catalog import Catalog
from shared.core.model.fleet import Cluster, Member, NodePool
from shared.core.model.kubernetes_version import KubernetesVersion
from shared.core.model.node_image import NodeImage, NodeImageVersion
from shared.core.model.profile import NodeImageSelection
from shared.core.model.unknown import Absent, Unknown, Unparsed
from shared.core.model.update_run import UpgradeType
from shared.core.reasons import MemberAction
from shared.core.releases.soak import Soak
from shared.core.runs.specification import RunSpecification
from shared.core.targets.node_images import find_node_images
from tools.replay.clusters import cluster_of, with_cluster

Images = Mapping[str, NodeImageVersion]
"""By family."""


@dataclass(frozen=True, slots=True)
class Upgraded:
    """The fleet after a run."""

    members: tuple[Member, ...]
    picked: frozenset[NodeImage]
    """What the run says it brought; nothing where every region took its own newest."""
    node_images: Images
    """The newest image of each family that a cluster of the run is on now; nothing if it touched no nodes."""


def carry_out(
    decision: Decision,
    specification: RunSpecification,
    members: Sequence[Member],
    catalog: Catalog,
    now: datetime,
) -> Upgraded:
    """Bring the members that are to be upgraded to the target; versions and images only ever rise."""
    due = {member.member for member in decision.members if member.action is MemberAction.UPGRADE}
    going = [cluster_of(member) for member in members if member.name in due]
    picked = _picked(specification, going, catalog, now)
    after = tuple(
        with_cluster(member, _upgrade(cluster_of(member), specification, picked, catalog))
        if member.name in due
        else member
        for member in members
    )
    touches_nodes = specification.upgrade_type is not UpgradeType.CONTROL_PLANE_ONLY
    return Upgraded(
        members=after,
        picked=frozenset(NodeImage(family, version) for family, version in (picked or {}).items()),
        node_images=_newest(cluster_of(member) for member in after if member.name in due) if touches_nodes else {},
    )


def _picked(
    specification: RunSpecification, clusters: Iterable[Cluster], catalog: Catalog, now: datetime
) -> Images | None:
    """The images that all clusters get; None if every region takes its own newest."""
    if specification.node_image_selection is None:
        return {}
    if specification.node_images:
        return {image.family: image.version for image in specification.node_images}
    if specification.node_image_selection is NodeImageSelection.LATEST:
        return None
    found = find_node_images(clusters, catalog, Soak(timedelta(0), now))
    return {image.family: image.version for image in found.accepted}


def _upgrade(cluster: Cluster, specification: RunSpecification, picked: Images | None, catalog: Catalog) -> Cluster:
    version = _raised(cluster.kubernetes_version, specification.kubernetes_version)
    if specification.upgrade_type is UpgradeType.CONTROL_PLANE_ONLY:
        return replace(cluster, kubernetes_version=version)
    images = catalog.of(cluster.region).node_images if picked is None else picked
    pools = tuple(_upgrade_pool(pool, specification.kubernetes_version, images) for pool in cluster.node_pools)
    return replace(cluster, kubernetes_version=version, node_pools=pools)


def _upgrade_pool(
    pool: NodePool, version: KubernetesVersion | None, images: Mapping[str, NodeImageVersion | Absent | Unknown]
) -> NodePool:
    image = pool.image
    if isinstance(image, NodeImage):
        wanted = images.get(image.family)
        if isinstance(wanted, NodeImageVersion) and wanted > image.version:
            image = NodeImage(image.family, wanted)
    current = pool.kubernetes_version
    return replace(pool, kubernetes_version=None if current is None else _raised(current, version), image=image)


def _raised(current: KubernetesVersion | Unparsed, wanted: KubernetesVersion | None) -> KubernetesVersion | Unparsed:
    if wanted is None or not isinstance(current, KubernetesVersion):
        return current
    return max(current, wanted)


def _newest(clusters: Iterable[Cluster]) -> Images:
    newest: dict[str, NodeImageVersion] = {}
    for cluster in clusters:
        for pool in cluster.node_pools:
            if isinstance(pool.image, NodeImage):
                family, version = pool.image.family, pool.image.version
                newest[family] = max(newest.get(family, version), version)
    return newest
