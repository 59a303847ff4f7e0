"""Rules for runs that upgrade Kubernetes."""

from __future__ import annotations

from collections.abc import Sequence

from shared.core.members.aks_limits import follows_kubernetes, limit_before
from shared.core.members.member_decision import MemberVerdict
from shared.core.members.state_rules import has_failed, is_being_deleted, is_stopped, without_image
from shared.core.members.upgrade_context import ClusterRule, UpgradeContext
from shared.core.model.catalog import SupportPlan
from shared.core.model.fleet import Cluster, NodePool
from shared.core.model.kubernetes_version import KubernetesVersion, MinorVersion
from shared.core.model.unknown import Unparsed
from shared.core.reasons import MemberAction, MemberReason
from shared.errors import InternalError

MAXIMUM_MINOR_STEP = 1
"""AKS upgrades a control plane by one minor at a time."""


def _version_is_unknown(cluster: Cluster, context: UpgradeContext) -> MemberVerdict | None:
    if isinstance(cluster.kubernetes_version, Unparsed):
        sentence = f'The cluster reports version "{cluster.kubernetes_version.text}", which is no version.'
        return MemberAction.BLOCKED, MemberReason.VERSION_UNKNOWN, sentence
    if not _nodes_count(cluster, context):
        return None
    for pool in cluster.node_pools:
        if not isinstance(pool.kubernetes_version, KubernetesVersion):
            shown = "no version" if pool.kubernetes_version is None else f'"{pool.kubernetes_version.text}"'
            sentence = f"Node pool {pool.name} reports {shown}."
            return MemberAction.BLOCKED, MemberReason.VERSION_UNKNOWN, sentence
    return None


def _is_at_version(cluster: Cluster, context: UpgradeContext) -> MemberVerdict | None:
    wanted, control_plane = _versions(cluster, context)
    if control_plane < wanted:
        return None
    pools_are_there = not _nodes_count(cluster, context) or all(
        isinstance(pool.kubernetes_version, KubernetesVersion) and pool.kubernetes_version >= wanted
        for pool in cluster.node_pools
    )
    if control_plane > wanted:
        return _ahead(cluster, context, pools_are_there=pools_are_there)
    return (MemberAction.UP_TO_DATE, MemberReason.AT_TARGET, f"On {wanted}.") if pools_are_there else None


def _ahead(cluster: Cluster, context: UpgradeContext, *, pools_are_there: bool) -> MemberVerdict:
    """Nothing is due, but a run that has the member may try its older nodes: it is skipped if they would fail."""
    sentence = f"On {cluster.kubernetes_version}, ahead of {context.target}; nothing is ever downgraded."
    if pools_are_there or all(rule(cluster, context) is None for rule in _OBSTACLES):
        return MemberAction.UP_TO_DATE, MemberReason.AHEAD_OF_TARGET, sentence
    sentence = f"{sentence} It is skipped, since a run could not upgrade its older nodes."
    return MemberAction.SKIP, MemberReason.AHEAD_OF_TARGET, sentence


def _lacks_long_term_support(cluster: Cluster, context: UpgradeContext) -> MemberVerdict | None:
    target = context.target
    if not target.needs_long_term_support or cluster.support_plan is SupportPlan.AKS_LONG_TERM_SUPPORT:
        return None
    sentence = f"{target} is for clusters on the LTS plan, which this one is not on."
    return MemberAction.BLOCKED, MemberReason.NO_LONG_TERM_SUPPORT_PLAN, sentence


def _operating_system_ends(cluster: Cluster, context: UpgradeContext) -> MemberVerdict | None:
    """Runs for the control plane alone too: AKS announces that it blocks the cluster (AKS blog on Windows Server)."""
    wanted, _ = _versions(cluster, context)
    for pool in cluster.node_pools:
        limit = limit_before(pool.os_sku, wanted.minor_version)
        if limit is not None:
            sentence = (
                f"Node pool {pool.name} runs {limit.name}, which AKS has up to Kubernetes {limit.last_minor} only; "
                f"{limit.advice}."
            )
            return MemberAction.BLOCKED, MemberReason.OPERATING_SYSTEM_NOT_SUPPORTED, sentence
    return None


def _has_no_image(cluster: Cluster, context: UpgradeContext) -> MemberVerdict | None:
    """The new nodes of an upgrade need an image too, unless the new version brings another family."""
    if not _nodes_count(cluster, context):
        return None
    wanted, _ = _versions(cluster, context)
    pools = [
        (pool, image)
        for pool, image in context.pools_without_image(cluster)
        if not _may_change_family(pool, wanted.minor_version)
    ]
    return without_image(cluster, pools)


def _may_change_family(pool: NodePool, wanted: MinorVersion) -> bool:
    current = pool.kubernetes_version
    return follows_kubernetes(pool.os_sku) and isinstance(current, KubernetesVersion) and current.minor_version < wanted


def _is_too_many_minors_behind(cluster: Cluster, context: UpgradeContext) -> MemberVerdict | None:
    wanted, current = _versions(cluster, context)
    if not is_minor_gap(current, wanted.minor_version):
        return None
    if not context.supports(cluster):
        sentence = (
            f"On {current}, outside AKS support and more than one minor below {wanted}; AKS upgrades one minor at a "
            "time."
        )
        return MemberAction.BLOCKED, MemberReason.OUTSIDE_SUPPORT, sentence
    sentence = f"On {current}, more than one minor below {wanted}; AKS upgrades one minor at a time."
    return MemberAction.BLOCKED, MemberReason.MINOR_GAP, sentence


def _region_lacks_it(cluster: Cluster, context: UpgradeContext) -> MemberVerdict | None:
    if context.offers_target_in(cluster):
        return None
    sentence = f"{cluster.region} does not offer {context.target} yet; the cluster is caught up when it does."
    return MemberAction.SKIP, MemberReason.NOT_OFFERED_IN_REGION, sentence


def is_minor_gap(current: KubernetesVersion, wanted: MinorVersion) -> bool:
    """Whether the minor is more than one above the version's."""
    return current.minor_version < wanted.minus(MAXIMUM_MINOR_STEP)


def _nodes_count(cluster: Cluster, context: UpgradeContext) -> bool:
    return context.touches_nodes and not cluster.has_node_auto_provisioning


def _versions(cluster: Cluster, context: UpgradeContext) -> tuple[KubernetesVersion, KubernetesVersion]:
    """The target's and the control plane's version; `_version_is_unknown` is tried before this is called."""
    wanted, current = context.target.kubernetes_version, cluster.kubernetes_version
    if wanted is None or isinstance(current, Unparsed):
        raise InternalError("a rule for Kubernetes versions was tried without one")
    return wanted, current


_OBSTACLES: Sequence[ClusterRule] = (
    is_being_deleted,
    has_failed,
    is_stopped,
    _lacks_long_term_support,
    _operating_system_ends,
    _has_no_image,
    _is_too_many_minors_behind,
    _region_lacks_it,
)
VERSION_RULES: Sequence[ClusterRule] = (_version_is_unknown, _is_at_version, *_OBSTACLES)
