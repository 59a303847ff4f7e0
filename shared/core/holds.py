"""What keeps a run from being generated or started now, though it is due."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from shared.core.facts import Facts
from shared.core.members.member_decision import MemberDecision
from shared.core.model.ids import ResourceId
from shared.core.model.kubernetes_version import KubernetesVersion
from shared.core.model.node_image import NodeImage
from shared.core.model.profile import Channel
from shared.core.model.update_run import STOPPABLE_STATES, UpdateRun
from shared.core.policies.policy import ActiveRun, Policy, StoppedClusters
from shared.core.reasons import MemberReason, Outcome, Reason, Verdict
from shared.core.runs.existing_run import retry_due_at
from shared.core.runs.wanted_run import Standing, unfinished_runs_of
from shared.core.targets.target import Target


@dataclass(frozen=True, slots=True)
class Hold:
    """A verdict that takes the place of generating; `runs_to_stop` go first if it is to replace them."""

    verdict: Verdict
    runs_to_stop: tuple[ResourceId, ...] = ()


def freeze_hold(now: datetime, policy: Policy) -> Verdict | None:
    """A freeze: nothing is generated or started in it, not even on demand."""
    covering = [period for period in policy.freeze if period.covers(now)]
    if not covering:
        return None
    last = max(period.last for period in covering)
    sentence = f"Frozen by policy ({', '.join(map(str, covering))}); it goes on after {last}, in UTC."
    return Verdict(Outcome.WAITING, Reason.FREEZE, sentence)


def stopped_clusters_hold(members: Sequence[MemberDecision], policy: Policy) -> Verdict | None:
    """Stopped clusters, where the policy wants none left out."""
    if policy.stopped_clusters is not StoppedClusters.FAIL:
        return None
    stopped = [member.member for member in members if member.reason is MemberReason.STOPPED]
    if not stopped:
        return None
    sentence = f"Stopped, and to be left out of no run by policy: {', '.join(stopped)}."
    return Verdict(Outcome.BLOCKED, Reason.CLUSTERS_STOPPED, sentence)


def retry_hold(standing: Standing, facts: Facts) -> Verdict | None:
    """The pause before members that failed in a finished run are tried again; a person does not wait for it."""
    if facts.on_demand or not standing.is_only_retry or standing.predecessor is None:
        return None
    due_at = retry_due_at(standing.predecessor.completed_at, standing.retries, facts.now)
    if facts.now >= due_at:
        return None
    sentence = (
        f"Members failed in the finished run {standing.predecessor.name}; they are tried again at "
        f"{due_at:%Y-%m-%d %H:%M} UTC."
    )
    return Verdict(Outcome.WAITING, Reason.RETRY_WAITS, sentence)


def active_run_hold(facts: Facts, channel: Channel, target: Target, policy: Policy) -> Hold | None:
    """Unfinished runs of the same profile: waited for, replaced if they bring something older, or ignored."""
    if facts.on_demand or policy.active_run is ActiveRun.IGNORE:
        return None
    unfinished = sorted(
        unfinished_runs_of(facts.profile.id, channel, facts.fleet.update_runs), key=lambda run: run.name
    )
    if not unfinished:
        return None
    names = ", ".join(run.name for run in unfinished)
    if policy.active_run is ActiveRun.REPLACE and all(_may_be_replaced(run, target) for run in unfinished):
        sentence = f"Older than {target} and stopped for it by policy: {names}."
        return Hold(Verdict(Outcome.REPLACE, Reason.ACTIVE_RUN_REPLACED, sentence), tuple(run.id for run in unfinished))
    sentence = f"An update run of this profile is unfinished: {names}. {target} comes after it."
    return Hold(Verdict(Outcome.WAITING, Reason.ACTIVE_RUN, sentence))


def _may_be_replaced(run: UpdateRun, target: Target) -> bool:
    """Whether the run brings something older and can be stopped; one that is stopping already is waited for."""
    return run.state in STOPPABLE_STATES and _is_older(run, target)


def _is_older(run: UpdateRun, target: Target) -> bool:
    if target.kubernetes_version is not None:
        version = run.kubernetes_version
        return isinstance(version, KubernetesVersion) and version < target.kubernetes_version
    picked = {image.family: image.version for image in run.node_images if isinstance(image, NodeImage)}
    wanted = {image.family: image.version for image in target.node_images}
    pairs = [(picked[family], wanted[family]) for family in picked.keys() & wanted.keys()]
    return any(old < new for old, new in pairs) and all(old <= new for old, new in pairs)
