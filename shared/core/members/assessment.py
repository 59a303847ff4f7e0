"""What a run does to each member: rules are tried in order, and the first verdict counts.

Rules for Kubernetes versions are in `version_rules.py`, rules for node images in `image_rules.py`.
"""

from __future__ import annotations

from collections.abc import Sequence

from shared.core.members.image_rules import IMAGE_RULES
from shared.core.members.member_decision import MemberDecision, MemberVerdict
from shared.core.members.patch_rules import PATCH_RULES, PATCHES_DUE
from shared.core.members.upgrade_context import ClusterRule, UpgradeContext
from shared.core.members.version_rules import VERSION_RULES
from shared.core.model.fleet import Cluster, Member, UnsupportedCluster
from shared.core.model.unknown import Unknown
from shared.core.reasons import MemberAction, MemberReason
from shared.core.targets.target import Target


def assess_members(members: Sequence[Member], context: UpgradeContext) -> tuple[MemberDecision, ...]:
    """The action for each member, in the members' order."""
    rules = _rules(context.target)
    return tuple(MemberDecision(member.name, *_judge(member, context, rules)) for member in members)


def _rules(target: Target) -> Sequence[ClusterRule]:
    if target.kubernetes_version is not None:
        return VERSION_RULES
    return IMAGE_RULES if target.patch_week is None else PATCH_RULES


def _judge(member: Member, context: UpgradeContext, rules: Sequence[ClusterRule]) -> MemberVerdict:
    if not member.is_joined:
        sentence = f"Membership is {member.provisioning_state}; the cluster is not joined."
        return MemberAction.SKIP, MemberReason.NOT_JOINED, sentence
    if isinstance(member.cluster, UnsupportedCluster):
        sentence = f"Update runs do not support clusters of type {member.cluster.type}."
        return MemberAction.SKIP, MemberReason.UNSUPPORTED_CLUSTER, sentence
    if isinstance(member.cluster, Unknown):
        sentence = f"The cluster could not be read: {member.cluster.why}."
        return MemberAction.BLOCKED, MemberReason.CLUSTER_UNKNOWN, sentence
    for rule in rules:
        verdict = rule(member.cluster, context)
        if verdict is not None:
            return verdict
    return _upgrade(member.cluster, context)


def _upgrade(cluster: Cluster, context: UpgradeContext) -> MemberVerdict:
    """The cluster is below the target and can be upgraded; the reason says what is special about it."""
    if context.target.patch_week is not None:
        return PATCHES_DUE
    below = f"Below {context.target}"
    if cluster.has_node_auto_provisioning:
        sentence = f"{below}. Only the control plane: its nodes are for node auto-provisioning to upgrade."
        return MemberAction.UPGRADE, MemberReason.NODE_AUTO_PROVISIONING, sentence
    snapshots = [pool.name for pool in cluster.node_pools if pool.is_from_snapshot]
    if snapshots and context.touches_nodes:
        what = "keeps the image" if context.keeps_snapshots else "loses its reference to the snapshot"
        sentence = f"{below}. Made from a snapshot: node pool {', '.join(snapshots)} {what}."
        return MemberAction.UPGRADE, MemberReason.SNAPSHOT_POOL, sentence
    if not context.supports(cluster):
        sentence = f"{below}, and outside AKS support: its region does not list its version any more."
        return MemberAction.UPGRADE, MemberReason.OUTSIDE_SUPPORT, sentence
    return MemberAction.UPGRADE, MemberReason.BELOW_TARGET, f"{below}."
