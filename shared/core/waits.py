"""Waits: a run that would be started waits until its members are free, but not for ever.

Policies `busy-wait` and `busy-clusters` say how long, and what then.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from shared.core.decision import Decision
from shared.core.facts import Facts
from shared.core.holds import wait_for_unfinished, waits_for_own_runs
from shared.core.members.busy_rules import (
    BusyMembers,
    due_in_kubernetes_run,
    in_unfinished_runs,
    under_operation,
    wait_for,
    wait_no_longer,
)
from shared.core.members.member_decision import MemberDecision
from shared.core.model.ids import ResourceId
from shared.core.model.update_run import UpdateRun
from shared.core.reasons import MemberAction, MemberReason, Outcome, Reason
from shared.core.runs.wanted_run import other_unfinished_runs
from shared.core.scope import Scope
from shared.core.targets.channels import KUBERNETES_CHANNELS


def wait_unless_free(decision: Decision, facts: Facts, scope: Scope, decide: Callable[[Facts], Decision]) -> Decision:
    """The decision, or one that waits if it starts a run on members that are busy.

    Args:
        decision: any decision on the profile of the facts.
        facts: what it was decided on.
        scope: the members of the profile.
        decide: decides another profile of the fleet.
    """
    if not decision.starts_run:
        return decision
    names = [member.member for member in decision.members]
    busy = {
        **_due_in_kubernetes_runs(facts, decide),
        **under_operation(scope.members),
        **in_unfinished_runs(names, facts.fleet.update_runs, decision.run_id),
    }
    since = facts.waiting_since.get(facts.profile.id)
    return _wait_for_members(decision, busy, since, facts.now, waits=facts.on_demand is None)


def _due_in_kubernetes_runs(facts: Facts, decide: Callable[[Facts], Decision]) -> BusyMembers:
    """For a run of node images: the members of Kubernetes runs that would be started now, by any other profile.

    A Kubernetes run drains the nodes as well and most often brings the images, so it goes first. It never waits for a
    decision on node images, so that the two cannot wait for each other.
    """
    found: dict[str, tuple[MemberReason, str]] = {}
    if facts.profile.channel in KUBERNETES_CHANNELS:
        return found
    for profile in sorted(facts.fleet.profiles, key=lambda profile: profile.name):
        if profile.channel in KUBERNETES_CHANNELS:
            decision = decide(replace(facts, profile=profile, on_demand=None))
            if decision.starts_run:
                found.update(due_in_kubernetes_run(profile.name, decision.members))
    return found


def _wait_for_members(
    decision: Decision, busy: BusyMembers, since: datetime | None, now: datetime, *, waits: bool
) -> Decision:
    """The decision if the members it upgrades are free or the wait for them is over, otherwise one that waits.

    A run that no other member needs would gain nothing by not waiting, so it waits on.

    Args:
        decision: a decision that starts a run.
        busy: the members that are busy.
        since: since when the profile waits; None if it does not yet.
        now: the time.
        waits: whether to wait at all.
    """
    waiting = wait_for(decision.members, busy)
    if not _with_action(waiting, MemberAction.WAIT):
        return replace(decision, members=waiting)
    since = since or now
    afterwards = wait_no_longer(decision.members, busy, decision.policy.busy_clusters)
    is_over = not waits or now >= since + decision.policy.busy_wait
    if not is_over or not _with_action(afterwards, MemberAction.UPGRADE):
        return _waiting(decision, busy, since, now)
    names = ", ".join(member.member for member in _with_action(waiting, MemberAction.WAIT))
    sentence = f"{decision.sentence} Not waited for: {names}."
    return replace(decision, sentence=sentence, members=afterwards, waiting_since=since)


def look_again(
    decision: Decision, runs: Sequence[UpdateRun], own: ResourceId, now: datetime, *, on_demand: bool = False
) -> Decision:
    """The decision, or one that waits for a run that has meanwhile been started.

    That is another run of the profile, unless a person asked or the policy ignores it, or any run on members that are
    upgraded. Members that it upgrades although another run has yet to finish with them, by policy, are not waited for.

    Args:
        decision: a decision that starts a run.
        runs: the fleet's runs, read after the decision.
        own: the run that is to be started.
        now: the time.
        on_demand: whether a person asked for the run.
    """
    others = other_unfinished_runs(decision.profile_id, runs, own)
    if others and waits_for_own_runs(decision.policy, on_demand=on_demand):
        verdict = wait_for_unfinished(others, decision.target)
        return replace(decision, outcome=verdict.outcome, reason=verdict.reason, sentence=verdict.sentence, restarts=0)
    compared = (member.member for member in decision.members if member.reason is not MemberReason.IN_ANOTHER_RUN)
    busy = in_unfinished_runs(compared, runs, own)
    members = wait_for(decision.members, busy)
    if not _with_action(members, MemberAction.WAIT):
        return replace(decision, members=members)
    return _waiting(decision, busy, decision.waiting_since or now, now)


def _waiting(decision: Decision, busy: BusyMembers, since: datetime, now: datetime) -> Decision:
    members = wait_for(decision.members, busy)
    waiting = _with_action(members, MemberAction.WAIT)
    why = " ".join(f"{member.member}: {member.sentence}" for member in waiting)
    end, until = _end_of_wait(decision, busy, since, now)
    return replace(
        decision,
        outcome=Outcome.WAITING,
        reason=Reason.MEMBERS_BUSY,
        sentence=f"{decision.target} waits for busy clusters. {why} {end}",
        until=until,
        members=members,
        waiting_since=since,
        restarts=0,
    )


def _end_of_wait(decision: Decision, busy: BusyMembers, since: datetime, now: datetime) -> tuple[str, datetime | None]:
    """A sentence on how the wait ends, and when; None if it depends on other clusters."""
    policy, until = decision.policy, since + decision.policy.busy_wait
    afterwards = wait_no_longer(decision.members, busy, policy.busy_clusters)
    if not _with_action(afterwards, MemberAction.UPGRADE):
        return "No other cluster is due, so the run starts when one of them is free.", None
    skips = [member.action for member in afterwards] != [member.action for member in decision.members]
    then = "without those that are still busy" if skips else "all the same"
    when = f"at {until:%Y-%m-%d %H:%M} UTC" if now < until else "at the next evaluation"
    return f"The run starts {then} {when}.", max(now, until)


def _with_action(members: Sequence[MemberDecision], action: MemberAction) -> list[MemberDecision]:
    return [member for member in members if member.action is action]
