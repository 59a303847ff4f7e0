"""Why a run must not be started on a cluster now: AKS allows one operation a cluster at a time.

AKS answers a second operation with 409 `OperationNotAllowed`; Fleet then fails the member, and with it the run
(Azure/AKS#5733).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from shared.core.members.member_decision import MemberDecision
from shared.core.model.fleet import Cluster, Member
from shared.core.model.ids import ResourceId
from shared.core.model.update_run import UpdateRun
from shared.core.policies.policy import BusyClusters
from shared.core.reasons import MemberAction, MemberReason

BusyMembers = Mapping[str, tuple[MemberReason, str]]
"""What a run would have to wait for: a reason and a sentence for each busy member, by name in lower case."""


def under_operation(members: Iterable[Member]) -> BusyMembers:
    """The members on whose cluster, or on one of its node pools, an operation is under way."""
    return {
        member.name.lower(): (MemberReason.OPERATION_UNDER_WAY, f"An operation is under way on {operation}.")
        for member in members
        if isinstance(member.cluster, Cluster)
        for operation in [member.cluster.operation_under_way]
        if operation is not None
    }


def in_unfinished_runs(members: Iterable[str], runs: Sequence[UpdateRun], own: ResourceId | None) -> BusyMembers:
    """The members that another unfinished run of the fleet, anyone's, has yet to finish.

    Args:
        members: names of members.
        runs: all runs of the fleet.
        own: the run that is to be started; None if it is to be generated.
    """
    others = sorted((run for run in runs if run.id != own), key=lambda run: run.name)
    return {
        name: (MemberReason.IN_ANOTHER_RUN, f"Update run {run.name} has yet to finish with the cluster.")
        for name in map(str.lower, members)
        for run in [next((run for run in others if run.has_yet_to_finish(name)), None)]
        if run is not None
    }


def due_in_kubernetes_run(profile: str, members: Iterable[MemberDecision]) -> BusyMembers:
    """The members that a Kubernetes run of another profile is about to upgrade, often with their node images."""
    sentence = f"The Kubernetes run of profile {profile} goes first, and may bring the node images too."
    return {
        member.member.lower(): (MemberReason.KUBERNETES_RUN_FIRST, sentence)
        for member in members
        if member.action is MemberAction.UPGRADE
    }


def wait_for(members: Iterable[MemberDecision], busy: BusyMembers) -> tuple[MemberDecision, ...]:
    """The members, those to upgrade that are busy with the action Wait."""
    return tuple(_wait(member, busy) for member in members)


def wait_no_longer(
    members: Iterable[MemberDecision], busy: BusyMembers, policy: BusyClusters
) -> tuple[MemberDecision, ...]:
    """The members once the wait is over: those that are still busy are skipped, or upgraded all the same."""
    return tuple(_wait_no_longer(member, _wait(member, busy), policy) for member in members)


def _wait(member: MemberDecision, busy: BusyMembers) -> MemberDecision:
    reason, sentence = busy.get(member.member.lower(), (member.reason, ""))
    if member.action is MemberAction.UPGRADE and sentence:
        return MemberDecision(member.member, MemberAction.WAIT, reason, sentence)
    if member.action is MemberAction.UP_TO_DATE and sentence and reason is not MemberReason.KUBERNETES_RUN_FIRST:
        # a run contains the members at the target as well, and Fleet would fail it for one that is busy
        return replace(member, action=MemberAction.SKIP, sentence=f"{member.sentence} {sentence}")
    return member


def _wait_no_longer(before: MemberDecision, waiting: MemberDecision, policy: BusyClusters) -> MemberDecision:
    if waiting.action is not MemberAction.WAIT:
        return waiting
    if waiting.reason is MemberReason.KUBERNETES_RUN_FIRST:
        return before
    if policy is BusyClusters.UPGRADE:
        sentence = f"{waiting.sentence} It is upgraded all the same (busy-clusters=upgrade)."
        return replace(waiting, action=MemberAction.UPGRADE, sentence=sentence)
    return replace(waiting, action=MemberAction.SKIP, sentence=f"{waiting.sentence} It is caught up later.")
