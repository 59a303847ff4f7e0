"""Catch-up in steps: members more than one minor behind are upgraded through the minors in between, one run each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from shared.core.members.aks_limits import limit_before
from shared.core.members.member_decision import MemberDecision
from shared.core.members.version_rules import is_minor_gap
from shared.core.model.catalog import SupportPlan
from shared.core.model.fleet import Cluster, Member
from shared.core.model.kubernetes_version import KubernetesVersion, MinorVersion
from shared.core.reasons import MemberAction, MemberReason
from shared.core.targets.candidates import Candidates
from shared.core.targets.target import Target

_TOO_FAR_BEHIND = frozenset({MemberReason.MINOR_GAP, MemberReason.OUTSIDE_SUPPORT})


def next_step(
    members: Sequence[Member], assessed: Sequence[MemberDecision], wanted: KubernetesVersion, candidates: Candidates
) -> Target | None:
    """The step for the members that are furthest behind and can be upgraded; None if there are none.

    Args:
        members: the scope.
        assessed: the decisions on them for the wanted version, in the same order.
        wanted: what the channel asks for.
        candidates: the versions that may be used.
    """
    lagging = [
        (cluster.kubernetes_version, cluster)
        for member, decision in zip(members, assessed, strict=True)
        for cluster in [member.cluster]
        if isinstance(cluster, Cluster)
        and isinstance(cluster.kubernetes_version, KubernetesVersion)
        and _is_lagging_member(cluster, cluster.kubernetes_version, decision, wanted)
    ]
    for version, cluster in sorted(lagging, key=lambda pair: (pair[0], pair[1].id.key)):
        for minor in _minors(version, cluster):
            step = _usable(minor, cluster, candidates)
            if step is not None and version <= step < wanted and _has_operating_systems_of(step, cluster):
                needs_plan = candidates.official.highest_patch(minor) != step
                return Target(step, needs_long_term_support=needs_plan, towards=wanted)
    return None


def _is_lagging_member(
    cluster: Cluster, version: KubernetesVersion, decision: MemberDecision, wanted: KubernetesVersion
) -> bool:
    """Whether the control plane is too far behind, or its nodes would be if only the control plane were upgraded."""
    if decision.reason in _TOO_FAR_BEHIND and decision.action is MemberAction.BLOCKED:
        return True
    is_far_behind = is_minor_gap(_lowest(cluster, version), wanted.minor_version)
    may_step = decision.reason is MemberReason.OPERATING_SYSTEM_NOT_SUPPORTED
    return is_far_behind and (may_step or decision.action is MemberAction.UPGRADE)


def _has_operating_systems_of(step: KubernetesVersion, cluster: Cluster) -> bool:
    return not any(limit_before(pool.os_sku, step.minor_version) for pool in cluster.node_pools)


def _minors(version: KubernetesVersion, cluster: Cluster) -> Iterator[MinorVersion]:
    """The control plane's own minor first if its nodes are behind, so that the distance does not grow."""
    if _lowest(cluster, version).minor_version < version.minor_version:
        yield version.minor_version
    yield version.minor_version.minus(-1)


def _lowest(cluster: Cluster, version: KubernetesVersion) -> KubernetesVersion:
    if cluster.has_node_auto_provisioning:
        return version
    pools = (pool.kubernetes_version for pool in cluster.node_pools)
    return min([version, *(pool for pool in pools if isinstance(pool, KubernetesVersion))])


def _usable(minor: MinorVersion, cluster: Cluster, candidates: Candidates) -> KubernetesVersion | None:
    official = candidates.official.highest_patch(minor)
    if official is None and cluster.support_plan is SupportPlan.AKS_LONG_TERM_SUPPORT:
        return candidates.long_term_support.highest_patch(minor)
    return official
