"""A hold: a verdict that delays a run that is due."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

from shared.core.facts import Facts
from shared.core.members.member_decision import MemberDecision
from shared.core.model.kubernetes_version import KubernetesVersion, MinorVersion
from shared.core.model.node_image import NodeImage
from shared.core.model.update_run import STOPPABLE_STATES, UpdateRun
from shared.core.policies.policy import ActiveRun, Policy, StoppedClusters
from shared.core.reasons import MemberReason, Outcome, Reason, Verdict
from shared.core.runs.existing_run import retry_due_at
from shared.core.runs.wanted_run import WantedRun
from shared.core.targets.target import Target


def freeze_hold(now: datetime, policy: Policy) -> Verdict | None:
    """A freeze: nothing is generated or started, not even on demand."""
    covering = [period for period in policy.freeze if period.covers(now)]
    if not covering:
        return None
    last = max(period.last for period in covering)
    sentence = f"Frozen by policy ({', '.join(map(str, covering))}); it continues after {last}, in UTC."
    return Verdict(Outcome.WAITING, Reason.FREEZE, sentence, _end_of_freeze(last, policy))


def _end_of_freeze(last: date, policy: Policy) -> datetime | None:
    """The first moment after the day that no period covers; None for a freeze until the last day there is."""
    for period in sorted(policy.freeze):
        if last < date.max and period.first <= last + timedelta(days=1):
            last = max(last, period.last)
    if last == date.max:
        return None
    after = last + timedelta(days=1)
    return datetime(after.year, after.month, after.day, tzinfo=UTC)


def stopped_clusters_hold(members: Sequence[MemberDecision], policy: Policy) -> Verdict | None:
    """Stopped clusters, where the policy does not allow to skip them."""
    if policy.stopped_clusters is not StoppedClusters.FAIL:
        return None
    stopped = [member.member for member in members if member.reason is MemberReason.STOPPED]
    if not stopped:
        return None
    sentence = f"Stopped clusters, which policy stopped-clusters=fail does not skip: {', '.join(stopped)}."
    return Verdict(Outcome.BLOCKED, Reason.CLUSTERS_STOPPED, sentence)


def retry_hold(wanted: WantedRun, facts: Facts) -> Verdict | None:
    """The pause before members that failed in a finished run are retried; a request on demand does not wait for it."""
    if facts.on_demand is not None or not wanted.is_only_retry or wanted.predecessor is None:
        return None
    due_at = retry_due_at(wanted.predecessor.completed_at, wanted.retries, facts.now)
    if facts.now >= due_at:
        return None
    sentence = (
        f"Members failed in the finished run {wanted.predecessor.name}; they are tried again at "
        f"{due_at:%Y-%m-%d %H:%M} UTC."
    )
    return Verdict(Outcome.WAITING, Reason.RETRY_WAITS, sentence, due_at)


def active_run_hold(facts: Facts, unfinished: Sequence[UpdateRun], target: Target, policy: Policy) -> Verdict | None:
    """Unfinished runs of the same profile: waited for, replaced if they bring something older, or ignored."""
    if not unfinished or not waits_for_own_runs(policy, on_demand=facts.on_demand is not None):
        return None
    if policy.active_run is ActiveRun.REPLACE and all(_may_be_replaced(run, target) for run in unfinished):
        sentence = f"Older than {target} and stopped for it by policy: {_names(unfinished)}."
        return Verdict(Outcome.REPLACE, Reason.ACTIVE_RUN_REPLACED, sentence)
    return wait_for_unfinished(unfinished, target)


def waits_for_own_runs(policy: Policy, *, on_demand: bool) -> bool:
    """Whether unfinished runs of the same profile hold back another one: not where a person asks or by policy."""
    return not on_demand and policy.active_run is not ActiveRun.IGNORE


def wait_for_unfinished(unfinished: Sequence[UpdateRun], target: Target | None) -> Verdict:
    """The wait for unfinished runs of the same profile."""
    sentence = f"An update run of this profile is unfinished: {_names(unfinished)}. {target} comes after it."
    return Verdict(Outcome.WAITING, Reason.ACTIVE_RUN, sentence)


def _names(runs: Sequence[UpdateRun]) -> str:
    return ", ".join(run.name for run in runs)


def _may_be_replaced(run: UpdateRun, target: Target) -> bool:
    """Whether the run brings something older and can be stopped; a run that is stopping already is waited for."""
    return run.state in STOPPABLE_STATES and _is_older(run, target)


def _is_older(run: UpdateRun, target: Target) -> bool:
    if target.kubernetes_version is not None:
        version = run.kubernetes_version
        if isinstance(version, MinorVersion):
            return version < target.kubernetes_version.minor_version
        return isinstance(version, KubernetesVersion) and version < target.kubernetes_version
    selected = {image.family: image.version for image in run.node_images if isinstance(image, NodeImage)}
    wanted = {image.family: image.version for image in target.node_images}
    pairs = [(selected[family], wanted[family]) for family in selected.keys() & wanted.keys()]
    return any(old < new for old, new in pairs) and all(old <= new for old, new in pairs)
