"""What a run does to each member: named rules, asked in order; the first that speaks decides."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from shared.core.catalog import SupportPlan
from shared.core.decision import MemberDecision, Target
from shared.core.fleet import Cluster, Member
from shared.core.kubernetes_version import KubernetesVersion
from shared.core.node_image import NodeImage, NodeImageVersion
from shared.core.reason import MemberAction, MemberReason
from shared.core.unknown import Unknown, Unparsed

_Ruling = tuple[MemberAction, MemberReason, str]
_ClusterRule = Callable[[Cluster, Target], _Ruling | None]

MAXIMUM_MINOR_STEP = 1
"""AKS upgrades a control plane by one minor at a time."""


def assess_members(members: Sequence[Member], target: Target) -> tuple[MemberDecision, ...]:
    """The action for each member, in the members' order."""
    rules = _IMAGE_RULES if target.kubernetes_version is None else _VERSION_RULES
    return tuple(_assess(member, target, rules) for member in members)


def _assess(member: Member, target: Target, rules: Sequence[_ClusterRule]) -> MemberDecision:
    return MemberDecision(member.name, *_verdict(member, target, rules))


def _verdict(member: Member, target: Target, rules: Sequence[_ClusterRule]) -> _Ruling:
    if not member.is_joined:
        sentence = f"Membership is {member.provisioning_state}; the cluster is not joined."
        return MemberAction.SKIP, MemberReason.NOT_JOINED, sentence
    if isinstance(member.cluster, Unknown):
        sentence = f"The cluster could not be read: {member.cluster.why}."
        return MemberAction.BLOCKED, MemberReason.CLUSTER_UNKNOWN, sentence
    for rule in rules:
        verdict = rule(member.cluster, target)
        if verdict is not None:
            return verdict
    return MemberAction.UPGRADE, MemberReason.BELOW_TARGET, f"Below {target}."


def _version_is_unknown(cluster: Cluster, target: Target) -> _Ruling | None:  # noqa: ARG001 - one signature
    if isinstance(cluster.kubernetes_version, Unparsed):
        sentence = f'The cluster reports version "{cluster.kubernetes_version.text}", which is no version.'
        return MemberAction.BLOCKED, MemberReason.VERSION_UNKNOWN, sentence
    for pool in cluster.node_pools:
        if not isinstance(pool.kubernetes_version, KubernetesVersion):
            shown = "no version" if pool.kubernetes_version is None else f'"{pool.kubernetes_version.text}"'
            sentence = f"Node pool {pool.name} reports {shown}."
            return MemberAction.BLOCKED, MemberReason.VERSION_UNKNOWN, sentence
    return None


def _is_at_version(cluster: Cluster, target: Target) -> _Ruling | None:
    wanted, control_plane = target.kubernetes_version, cluster.kubernetes_version
    if wanted is None or isinstance(control_plane, Unparsed):
        return None
    if control_plane > wanted:
        sentence = f"On {control_plane}, ahead of {wanted}; nothing is ever downgraded."
        return MemberAction.UP_TO_DATE, MemberReason.AHEAD_OF_TARGET, sentence
    if control_plane == wanted and all(_pool_is_at(pool.kubernetes_version, wanted) for pool in cluster.node_pools):
        return MemberAction.UP_TO_DATE, MemberReason.AT_TARGET, f"On {wanted}."
    return None


def _pool_is_at(version: KubernetesVersion | Unparsed | None, wanted: KubernetesVersion) -> bool:
    return isinstance(version, KubernetesVersion) and version >= wanted


def _is_stopped(cluster: Cluster, target: Target) -> _Ruling | None:
    if not cluster.is_stopped:
        return None
    sentence = f"The cluster is stopped; it is caught up to {target} once it runs again."
    return MemberAction.SKIP, MemberReason.STOPPED, sentence


def _lacks_long_term_support(cluster: Cluster, target: Target) -> _Ruling | None:
    if not target.needs_long_term_support or cluster.support_plan is SupportPlan.AKS_LONG_TERM_SUPPORT:
        return None
    sentence = f"{target} is for clusters on the LTS plan, which this one is not on."
    return MemberAction.BLOCKED, MemberReason.NO_LONG_TERM_SUPPORT_PLAN, sentence


def _is_too_many_minors_behind(cluster: Cluster, target: Target) -> _Ruling | None:
    wanted, current = target.kubernetes_version, cluster.kubernetes_version
    if wanted is None or isinstance(current, Unparsed):
        return None
    if current.minor_version >= wanted.minor_version.minus(MAXIMUM_MINOR_STEP):
        return None
    sentence = f"On {current}, more than one minor below {wanted}; AKS upgrades one minor at a time."
    return MemberAction.BLOCKED, MemberReason.MINOR_GAP, sentence


def _image_is_unknown(cluster: Cluster, target: Target) -> _Ruling | None:  # noqa: ARG001 - one signature
    for pool in cluster.node_pools:
        if not isinstance(pool.image, NodeImage):
            shown = "no node image" if pool.image is None else f'node image "{pool.image.text}", of no known form'
            sentence = f"Node pool {pool.name} reports {shown}."
            return MemberAction.BLOCKED, MemberReason.NODE_IMAGE_UNKNOWN, sentence
    return None


def _is_at_images(cluster: Cluster, target: Target) -> _Ruling | None:
    wanted = {image.family: image.version for image in target.node_images}
    if any(_is_below_image(pool.image, wanted) for pool in cluster.node_pools):
        return None
    return (
        MemberAction.UP_TO_DATE,
        MemberReason.AT_TARGET,
        "Every node pool is on the chosen image or a newer one.",
    )


def _is_below_image(image: NodeImage | Unparsed | None, wanted: Mapping[str, NodeImageVersion]) -> bool:
    return isinstance(image, NodeImage) and image.family in wanted and image.version < wanted[image.family]


_VERSION_RULES: Sequence[_ClusterRule] = (
    _version_is_unknown,
    _is_at_version,
    _is_stopped,
    _lacks_long_term_support,
    _is_too_many_minors_behind,
)
_IMAGE_RULES: Sequence[_ClusterRule] = (_image_is_unknown, _is_at_images, _is_stopped)
