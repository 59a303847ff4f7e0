"""Rules about the state a cluster is in, whatever is to be upgraded."""

from __future__ import annotations

from shared.core.members.upgrade_context import Question, Ruling
from shared.core.model.fleet import Cluster
from shared.core.policies.policy import StoppedClusters
from shared.core.reasons import MemberAction, MemberReason

_FAILED, _DELETING = "failed", "deleting"


def is_being_deleted(cluster: Cluster, question: Question) -> Ruling | None:  # noqa: ARG001 - one signature
    """A cluster on its way out is left alone."""
    if cluster.provisioning_state.casefold() != _DELETING:
        return None
    return MemberAction.SKIP, MemberReason.CLUSTER_DELETING, "The cluster is being deleted."


def has_failed(cluster: Cluster, question: Question) -> Ruling | None:
    """One failed cluster fails the whole run, so it is left out until somebody has repaired it."""
    if cluster.provisioning_state.casefold() != _FAILED:
        return None
    sentence = f"The cluster is in a failed state; repair it, and it is caught up to {question.target}."
    return MemberAction.BLOCKED, MemberReason.CLUSTER_FAILED, sentence


def is_stopped(cluster: Cluster, question: Question) -> Ruling | None:
    """A stopped cluster is left out and caught up later, or stands in everybody's way if the policy says so."""
    if not cluster.is_stopped:
        return None
    if question.stopped_clusters is StoppedClusters.FAIL:
        return MemberAction.BLOCKED, MemberReason.STOPPED, "The cluster is stopped; start it."
    sentence = f"The cluster is stopped; it is caught up to {question.target} once it runs again."
    return MemberAction.SKIP, MemberReason.STOPPED, sentence
