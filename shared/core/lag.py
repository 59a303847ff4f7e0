"""Lag: how far the clusters of a profile are behind what its channel asks for, in clusters, versions and days."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from shared.core.decision import Decision
from shared.core.members.image_rules import is_below_images
from shared.core.members.member_decision import MemberDecision
from shared.core.members.upgrade_context import supports
from shared.core.model.catalog import Catalog, SupportPlan
from shared.core.model.fleet import Cluster, Fleet
from shared.core.model.kubernetes_version import KubernetesVersion
from shared.core.model.times import days_since
from shared.core.model.unknown import Unknown
from shared.core.reasons import MemberAction, MemberReason
from shared.core.releases.releases import FirstSeen, image_key, version_key
from shared.core.targets.target import Target

_AT_TARGET = frozenset({MemberReason.AT_TARGET, MemberReason.AHEAD_OF_TARGET})
_UNKNOWN = frozenset(
    {
        MemberReason.NOT_JOINED,
        MemberReason.UNSUPPORTED_CLUSTER,
        MemberReason.CLUSTER_UNKNOWN,
        MemberReason.VERSION_UNKNOWN,
        MemberReason.NODE_IMAGE_UNKNOWN,
        MemberReason.LATEST_NODE_IMAGE_UNKNOWN,
        MemberReason.SECURITY_PATCHES_DUE,
    }
)
"""Reasons that do not say whether the cluster is behind."""

_NOTHING_SEEN: Mapping[str, datetime] = {}


@dataclass(frozen=True, slots=True)
class Lag:
    """The lag of one profile; all zero if it has no target."""

    clusters: int = 0
    """In the profile's scope."""
    clusters_behind: int = 0
    """Those known to be below what the channel asks for, also if they are blocked."""
    versions_behind: int = 0
    """Of the cluster that is furthest behind: the versions between its own and what is asked for; 1 for node images."""
    since: datetime | None = None
    """Since when all regions of the scope have offered it; None if nothing is behind, or if that is unknown."""
    out_of_support: int = 0
    """Clusters on a minor that their region no longer lists for their support plan."""

    def days(self, now: datetime) -> float:
        """Days since what is asked for could be used, with decimals; 0 if nothing is behind."""
        return days_since(self.since, now)


def lag_of(decision: Decision, fleet: Fleet, catalog: Catalog, first_seen: FirstSeen) -> Lag:
    """How far the clusters of the decision's profile are behind.

    Where the target is a step, they are compared with the version that the steps lead to.

    Args:
        decision: the decision on the profile.
        fleet: the profile's fleet.
        catalog: what the regions offer.
        first_seen: when each release was first seen in the regions.
    """
    target = decision.target
    if target is None:
        return Lag()
    joined = {member.name: member.cluster for member in fleet.members if member.is_joined}
    clusters = {
        member.member: cluster
        for member in decision.members
        for cluster in [joined.get(member.member)]
        if isinstance(cluster, Cluster)
    }
    behind = [
        clusters[member.member]
        for member in decision.members
        if member.member in clusters and _is_behind(member, clusters[member.member], target)
    ]
    return Lag(
        clusters=len(decision.members),
        clusters_behind=len(behind),
        versions_behind=max((_versions_behind(cluster, target, catalog) for cluster in behind), default=0),
        since=_offered_since(target, clusters.values(), first_seen) if behind else None,
        out_of_support=sum(not supports(catalog, cluster) for cluster in clusters.values()),
    )


def _is_behind(member: MemberDecision, cluster: Cluster, target: Target) -> bool:
    if member.reason in _UNKNOWN:
        return False
    if member.reason in _AT_TARGET:
        current = cluster.kubernetes_version
        return target.towards is not None and isinstance(current, KubernetesVersion) and current < target.towards
    if member.reason is MemberReason.NO_NODE_IMAGE and target.kubernetes_version is None:
        return is_below_images(cluster, target)
    is_for_auto_provisioning = member.reason is MemberReason.NODE_AUTO_PROVISIONING
    return not (is_for_auto_provisioning and member.action is MemberAction.SKIP)


def _versions_behind(cluster: Cluster, target: Target, catalog: Catalog) -> int:
    """Versions that the cluster's region offers, above the cluster's and up to what is asked for; at least 1."""
    wanted, current = _asked_for(target), cluster.kubernetes_version
    offered = catalog.of(cluster.region).kubernetes
    if wanted is None or isinstance(offered, Unknown) or not isinstance(current, KubernetesVersion):
        return 1
    newer = {
        patch
        for minor in offered.values()
        for plan in _plans_of(target)
        for patch in minor.patches_on(plan)
        if current < patch <= wanted
    }
    return max(1, len(newer))


def _offered_since(target: Target, clusters: Iterable[Cluster], first_seen: FirstSeen) -> datetime | None:
    """When the last region of the scope first offered the last part of it, as far as that was recorded."""
    keys = _keys_of(target)
    seen = [first_seen.get(cluster.region, _NOTHING_SEEN).get(key) for cluster in clusters for key in keys]
    return max((moment for moment in seen if moment is not None), default=None)


def _keys_of(target: Target) -> list[str]:
    version = _asked_for(target)
    if version is None:
        return [image_key(image) for image in target.node_images]
    return [version_key(version, plan) for plan in _plans_of(target)]


def _plans_of(target: Target) -> Iterable[SupportPlan]:
    """The plans that may offer what is asked for: a step carries its own plan, not that of the version it leads to."""
    return (target.plan,) if target.towards is None else SupportPlan


def _asked_for(target: Target) -> KubernetesVersion | None:
    return target.towards or target.kubernetes_version
