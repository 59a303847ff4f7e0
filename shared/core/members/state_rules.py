"""Rules about the state of a cluster, for versions and node images alike."""

from __future__ import annotations

from collections.abc import Sequence

from shared.core.members.member_decision import MemberVerdict
from shared.core.members.upgrade_context import UpgradeContext
from shared.core.model.fleet import Cluster, NodePool
from shared.core.model.node_image import NodeImage
from shared.core.policies.policy import StoppedClusters
from shared.core.reasons import MemberAction, MemberReason

_FAILED, _DELETING = "failed", "deleting"


def is_being_deleted(cluster: Cluster, context: UpgradeContext) -> MemberVerdict | None:  # noqa: ARG001 - one signature
    """A cluster that is being deleted is skipped."""
    if cluster.provisioning_state.casefold() != _DELETING:
        return None
    return MemberAction.SKIP, MemberReason.CLUSTER_DELETING, "The cluster is being deleted."


def has_failed(cluster: Cluster, context: UpgradeContext) -> MemberVerdict | None:
    """A failed cluster is skipped until a person repairs it: it would fail the whole run."""
    if cluster.provisioning_state.casefold() != _FAILED:
        return None
    sentence = f"The cluster is in a failed state; repair it, and it is caught up to {context.target}."
    return MemberAction.BLOCKED, MemberReason.CLUSTER_FAILED, sentence


def is_stopped(cluster: Cluster, context: UpgradeContext) -> MemberVerdict | None:
    """A stopped cluster is skipped and caught up later; policy `stopped-clusters=fail` blocks the run instead."""
    if not cluster.is_stopped:
        return None
    if context.stopped_clusters is StoppedClusters.FAIL:
        return MemberAction.BLOCKED, MemberReason.STOPPED, "The cluster is stopped; start it."
    sentence = f"The cluster is stopped; it is caught up to {context.target} once it runs again."
    return MemberAction.SKIP, MemberReason.STOPPED, sentence


def without_image(cluster: Cluster, pools: Sequence[tuple[NodePool, NodeImage]]) -> MemberVerdict | None:
    """A cluster with pools that AKS has no image for any more is skipped, as Fleet does in a Consistent run."""
    if not pools:
        return None
    families = ", ".join(sorted({image.family for _, image in pools}))
    names = ", ".join(pool.name for pool, _ in pools)
    sentence = (
        f"AKS has no node image of {families} in {cluster.region} any more (node pool {names}); move the workloads "
        "to a node pool of another operating system, and delete it."
    )
    return MemberAction.SKIP, MemberReason.NO_NODE_IMAGE, sentence
