"""Catching up stepwise: members more than one minor behind are taken over the minors in between, one run a minor."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

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
    """The step for those who are furthest behind and can be moved; None if nobody can be, or needs to be.

    Args:
        members: the scope.
        assessed: what the version itself means for each of them, in the same order.
        wanted: what the channel asks for.
        candidates: the versions that may be used.
    """
    stragglers = [
        (cluster.kubernetes_version, cluster)
        for member, decision in zip(members, assessed, strict=True)
        for cluster in [member.cluster]
        if isinstance(cluster, Cluster)
        and isinstance(cluster.kubernetes_version, KubernetesVersion)
        and _is_straggler(cluster, cluster.kubernetes_version, decision, wanted)
    ]
    for version, cluster in sorted(stragglers, key=lambda straggler: (straggler[0], straggler[1].id.key)):
        for minor in _minors(version, cluster):
            step = _usable(minor, cluster, candidates)
            if step is not None and version <= step < wanted:
                needs_plan = candidates.official.highest_patch(minor) != step
                return Target(step, needs_long_term_support=needs_plan, towards=wanted)
    return None


def _is_straggler(
    cluster: Cluster, version: KubernetesVersion, decision: MemberDecision, wanted: KubernetesVersion
) -> bool:
    """Whether the control plane is too far behind, or could go ahead but would leave its nodes too far behind."""
    if decision.action is MemberAction.BLOCKED:
        return decision.reason in _TOO_FAR_BEHIND
    is_far_behind = is_minor_gap(_lowest(cluster, version), wanted.minor_version)
    return decision.action is MemberAction.UPGRADE and is_far_behind


def _minors(version: KubernetesVersion, cluster: Cluster) -> Iterator[MinorVersion]:
    """The control plane's own minor first, if nodes are behind it: they must not fall back further."""
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
