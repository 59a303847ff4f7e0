"""What a run does to each member: named rules, asked in order; the first that speaks decides.

A rule for Kubernetes versions stands in `member_version_rules.py`, one for node images in `member_image_rules.py`; what
both share is here.
"""

from __future__ import annotations

from collections.abc import Sequence

from shared.core.members.image_rules import IMAGE_RULES
from shared.core.members.member_decision import MemberDecision
from shared.core.members.upgrade_context import ClusterRule, Question, Ruling
from shared.core.members.version_rules import VERSION_RULES
from shared.core.model.fleet import Cluster, Member
from shared.core.model.unknown import Unknown
from shared.core.reasons import MemberAction, MemberReason


def assess_members(members: Sequence[Member], question: Question) -> tuple[MemberDecision, ...]:
    """The action for each member, in the members' order."""
    rules = IMAGE_RULES if question.target.kubernetes_version is None else VERSION_RULES
    return tuple(MemberDecision(member.name, *_verdict(member, question, rules)) for member in members)


def _verdict(member: Member, question: Question, rules: Sequence[ClusterRule]) -> Ruling:
    if not member.is_joined:
        sentence = f"Membership is {member.provisioning_state}; the cluster is not joined."
        return MemberAction.SKIP, MemberReason.NOT_JOINED, sentence
    if isinstance(member.cluster, Unknown):
        sentence = f"The cluster could not be read: {member.cluster.why}."
        return MemberAction.BLOCKED, MemberReason.CLUSTER_UNKNOWN, sentence
    for rule in rules:
        verdict = rule(member.cluster, question)
        if verdict is not None:
            return verdict
    return _upgrade(member.cluster, question)


def _upgrade(cluster: Cluster, question: Question) -> Ruling:
    """It is below the target, and nothing stands in the way; what is special about it is the reason."""
    below = f"Below {question.target}"
    if cluster.has_node_auto_provisioning:
        sentence = f"{below}. Only the control plane: its nodes are for node auto-provisioning to upgrade."
        return MemberAction.UPGRADE, MemberReason.NODE_AUTO_PROVISIONING, sentence
    snapshots = [pool.name for pool in cluster.node_pools if pool.is_from_snapshot]
    if snapshots and question.touches_nodes:
        what = "keeps the image" if question.keeps_snapshots else "loses its reference to the snapshot"
        sentence = f"{below}. Made from a snapshot: node pool {', '.join(snapshots)} {what}."
        return MemberAction.UPGRADE, MemberReason.SNAPSHOT_POOL, sentence
    if not question.supports(cluster):
        sentence = f"{below}, and outside AKS support: its region does not list its version any more."
        return MemberAction.UPGRADE, MemberReason.OUTSIDE_SUPPORT, sentence
    return MemberAction.UPGRADE, MemberReason.BELOW_TARGET, f"{below}."
