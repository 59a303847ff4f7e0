"""Upgrade context: what members are compared with: the target, the kind of run, and what the regions offer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from shared.core.members.member_decision import MemberVerdict
from shared.core.model.catalog import Catalog, SupportPlan
from shared.core.model.fleet import Cluster, NodePool
from shared.core.model.kubernetes_version import KubernetesVersion
from shared.core.model.node_image import NodeImage
from shared.core.model.profile import NodeImageSelection
from shared.core.model.unknown import Absent, Unknown
from shared.core.model.update_run import UpgradeType
from shared.core.policies.policy import StoppedClusters
from shared.core.targets.target import Target


@dataclass(frozen=True, slots=True)
class UpgradeContext:
    """The run that is considered, and the catalog."""

    target: Target
    upgrade_type: UpgradeType = UpgradeType.FULL
    selection: NodeImageSelection = NodeImageSelection.LATEST
    stopped_clusters: StoppedClusters = StoppedClusters.SKIP
    catalog: Catalog = field(default_factory=lambda: Catalog({}))
    unread_images: Mapping[str, str] = field(default_factory=dict)
    """Families whose newest image could not be read in some region, each with a sentence."""

    @property
    def touches_nodes(self) -> bool:
        """Whether the run upgrades node pools too."""
        return self.upgrade_type is not UpgradeType.CONTROL_PLANE_ONLY

    @property
    def keeps_snapshots(self) -> bool:
        """Whether pools made from a snapshot keep its image: only with `Latest` (Fleet's documentation)."""
        return self.selection is NodeImageSelection.LATEST

    def offers_target_in(self, cluster: Cluster) -> bool:
        """Whether the cluster's region offers the target version on the target's plan; unknown counts as offered."""
        version, known = self.target.kubernetes_version, self.catalog.of(cluster.region)
        return version is None or isinstance(known.kubernetes, Unknown) or known.offers(version, self.target.plan)

    def pools_without_image(self, cluster: Cluster) -> list[tuple[NodePool, NodeImage]]:
        """The cluster's pools of families that have no image in its region any more, with the images they run."""
        offer = self.catalog.of(cluster.region)
        return [
            (pool, pool.image)
            for pool in cluster.node_pools
            if isinstance(pool.image, NodeImage) and isinstance(offer.node_image(pool.image.family), Absent)
        ]

    def supports(self, cluster: Cluster) -> bool:
        """Whether AKS still supports the cluster's minor."""
        return supports(self.catalog, cluster)


def supports(catalog: Catalog, cluster: Cluster) -> bool:
    """Whether AKS still lists the cluster's minor in its region for its plan; unknown counts as supported."""
    kubernetes = catalog.of(cluster.region).kubernetes
    version = cluster.kubernetes_version
    if isinstance(kubernetes, Unknown) or not isinstance(version, KubernetesVersion):
        return True
    minor = kubernetes.get(version.minor_version)
    if minor is None:
        return False
    return SupportPlan.KUBERNETES_OFFICIAL in minor.support_plans or cluster.support_plan in minor.support_plans


ClusterRule = Callable[[Cluster, UpgradeContext], MemberVerdict | None]
"""A rule returns its verdict, or None if it does not apply to the cluster."""
