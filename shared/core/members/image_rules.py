"""Rules for runs that upgrade node images alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from shared.core.members.member_decision import MemberVerdict
from shared.core.members.state_rules import has_failed, is_being_deleted, is_stopped, without_image
from shared.core.members.upgrade_context import ClusterRule, UpgradeContext
from shared.core.model.fleet import Cluster
from shared.core.model.node_image import NodeImage, NodeImageVersion
from shared.core.model.unknown import Unparsed
from shared.core.reasons import MemberAction, MemberReason
from shared.core.targets.target import Target


def nodes_are_for_auto_provisioning(cluster: Cluster, context: UpgradeContext) -> MemberVerdict | None:  # noqa: ARG001 - one signature
    """Node auto-provisioning upgrades the nodes."""
    if not cluster.has_node_auto_provisioning:
        return None
    sentence = "Its nodes are for node auto-provisioning to upgrade; a run for node images has nothing to do."
    return MemberAction.SKIP, MemberReason.NODE_AUTO_PROVISIONING, sentence


def _image_is_unknown(cluster: Cluster, context: UpgradeContext) -> MemberVerdict | None:  # noqa: ARG001 - one signature
    for pool in cluster.node_pools:
        if not isinstance(pool.image, NodeImage):
            shown = "no node image" if pool.image is None else f'node image "{pool.image.text}", of no known form'
            sentence = f"Node pool {pool.name} reports {shown}."
            return MemberAction.BLOCKED, MemberReason.NODE_IMAGE_UNKNOWN, sentence
    return None


def _has_no_image(cluster: Cluster, context: UpgradeContext) -> MemberVerdict | None:
    return without_image(cluster, context.pools_without_image(cluster))


def _latest_image_is_unknown(cluster: Cluster, context: UpgradeContext) -> MemberVerdict | None:
    for pool in cluster.node_pools:
        if isinstance(pool.image, NodeImage) and pool.image.family in context.unread_images:
            sentence = context.unread_images[pool.image.family]
            return MemberAction.BLOCKED, MemberReason.LATEST_NODE_IMAGE_UNKNOWN, sentence
    return None


def _is_at_images(cluster: Cluster, context: UpgradeContext) -> MemberVerdict | None:
    if is_below_images(cluster, context.target):
        return None
    return (
        MemberAction.UP_TO_DATE,
        MemberReason.AT_TARGET,
        "Every node pool is on the chosen image or a newer one.",
    )


def is_below_images(cluster: Cluster, target: Target) -> bool:
    """Whether a node pool is on an older image of its family than the target's."""
    wanted = {image.family: image.version for image in target.node_images}
    return any(_is_below(pool.image, wanted) for pool in cluster.node_pools)


def _is_below(image: NodeImage | Unparsed | None, wanted: Mapping[str, NodeImageVersion]) -> bool:
    return isinstance(image, NodeImage) and image.family in wanted and image.version < wanted[image.family]


IMAGE_RULES: Sequence[ClusterRule] = (
    nodes_are_for_auto_provisioning,
    _image_is_unknown,
    _has_no_image,
    _latest_image_is_unknown,
    _is_at_images,
    is_being_deleted,
    has_failed,
    is_stopped,
)
