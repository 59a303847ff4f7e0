"""Decides one profile in steps; each step either ends with a verdict or passes its result to the next one.

Profile rules, policies, scope, target, plan (a step, members), wanted run, existing run, holds, native runs, waits.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from shared.core.decision import NOTHING_DECIDED, Decision
from shared.core.facts import Facts
from shared.core.holds import active_run_hold, freeze_hold, retry_hold, stopped_clusters_hold
from shared.core.members.assessment import assess_members
from shared.core.members.nothing_due import nothing_due
from shared.core.members.patch_rules import after_run
from shared.core.members.plan import Plan
from shared.core.members.skip_rules import respect_skips
from shared.core.members.stepwise import next_step
from shared.core.members.upgrade_context import UpgradeContext
from shared.core.members.warnings import member_warnings
from shared.core.model.fleet import Cluster
from shared.core.model.ids import ResourceId
from shared.core.model.node_image import NodeImage
from shared.core.model.run_record import Intent, RunRecord
from shared.core.model.update_run import UpdateRun, UpgradeType
from shared.core.native_runs import unless_fleet_disagreed
from shared.core.policies.policy import CatchUp, Policy, Split, Start
from shared.core.policies.sources import Policies, read_policies, unknown_tags
from shared.core.profile_rules import broken_rule
from shared.core.reasons import ACTING, Notice, Outcome, Reason, Verdict
from shared.core.runs.existing_run import ExistingRun
from shared.core.runs.own_stops import stops_to_settle
from shared.core.runs.pinned_images import pinned_images
from shared.core.runs.records import of_these_runs
from shared.core.runs.specification import RunSpecification, specify
from shared.core.runs.unreadable_records import known_records, unreadable_record
from shared.core.runs.wanted_run import FINISHED, FleetRuns, WantedRun, generated_run, other_unfinished_runs
from shared.core.scope import Scope, find_scope
from shared.core.targets.channels import channel_of, selection_of
from shared.core.targets.choice import TargetChoice, soak_in_force
from shared.core.targets.target import NOTHING_CONSIDERED, Considered, Target
from shared.core.waits import wait_unless_free


def decide(facts: Facts, decided: Mapping[ResourceId, Decision] = NOTHING_DECIDED) -> Decision:
    """Decide the profile. The same facts give the same decision, in any order of members, runs and tags.

    Decisions for a trigger on other profiles of the fleet are not made again if they were `decided` on the same facts.
    """
    facts = replace(facts, run_records=of_these_runs(facts.run_records, facts.fleet.update_runs))
    profile = facts.profile
    if profile.disabled and facts.on_demand is None:
        return _refuse(facts, Verdict(Outcome.SKIPPED, Reason.PROFILE_DISABLED, "The profile is disabled."))
    broken = broken_rule(profile, is_preview=facts.fleet.is_preview) or unreadable_record(facts)
    if broken is not None:
        return _refuse(facts, broken)
    policies = read_policies(facts.fleet.tags, profile.name, facts.policy_sources)
    if isinstance(policies, Verdict):
        return _refuse(facts, policies)
    scope = _find_scope(facts)
    if isinstance(scope, Verdict):
        return _refuse(facts, scope, policies)
    if not scope.clusters:
        return _without_clusters(facts, scope, policies)
    choice = channel_of(profile).choose(facts, scope, policies.policy)
    if isinstance(choice.target, Verdict):
        return _refuse(facts, choice.target, policies, choice.considered)
    return _Planner(facts, scope, policies, choice, choice.target, known_records(facts.run_records), decided).decide()


def _find_scope(facts: Facts) -> Scope | Verdict:
    scope = find_scope(facts.profile, facts.fleet)
    if isinstance(scope, Scope) and not any(member.is_joined for member in scope.members):
        return Verdict(Outcome.UP_TO_DATE, Reason.NO_MEMBERS, "No joined member is in the profile's scope.")
    return scope


def _refuse(
    facts: Facts, refusal: Verdict, policies: Policies | None = None, considered: Considered = NOTHING_CONSIDERED
) -> Decision:
    decision = Decision(
        facts.profile.id,
        refusal.outcome,
        refusal.reason,
        refusal.sentence,
        warnings=_tag_warnings(facts),
        considered=considered,
        until=refusal.until,
    )
    return decision if policies is None else replace(decision, policy=policies.policy, policies=policies.in_force)


def _without_clusters(facts: Facts, scope: Scope, policies: Policies) -> Decision:
    """The decision where no region is known, since no cluster that a run could upgrade was read."""
    members = assess_members(scope.members, UpgradeContext(Target()))
    return replace(_refuse(facts, nothing_due(members), policies), members=members)


def _tag_warnings(facts: Facts) -> tuple[Notice, ...]:
    return unknown_tags(facts.fleet.tags, facts.profile.name, (profile.name for profile in facts.fleet.profiles))


@dataclass(frozen=True, slots=True)
class _Planner:
    """Decides a profile whose target is known."""

    facts: Facts
    scope: Scope
    policies: Policies
    choice: TargetChoice
    target: Target
    records: Mapping[str, RunRecord]
    """The app's records of runs, by the run's name in lower case."""
    decided: Mapping[ResourceId, Decision]

    @property
    def policy(self) -> Policy:
        return self.policies.policy

    def decide(self) -> Decision:
        return self._decide() if self.target.patch_week is None else self._decide_patches(self.target.patch_week)

    def _decide_patches(self, week: date) -> Decision:
        """Fleet generates a run once a week; what it generated is the week's run, be it new or an older one."""
        plan = self._assess(self.target, channel_of(self.facts.profile).upgrade_type, {})
        specification = specify(self.facts.profile, plan.target, plan.upgrade_type)
        run = generated_run(specification, self.records, self.facts.fleet.update_runs)
        wanted = WantedRun(specification, run)
        if run is not None and run.state in FINISHED:
            sentence = f"Update run {run.name} is finished; Fleet is asked again from {week + timedelta(days=7)} on."
            verdict = Verdict(Outcome.UP_TO_DATE, Reason.UP_TO_DATE, sentence)
            decision = self._decided(replace(plan, members=after_run(plan.members, run)), verdict, specification)
            return replace(decision, run_id=run.id)
        if run is not None:
            return self._about_existing(plan, wanted, run)
        if not plan.due:
            return self._decided(plan, nothing_due(plan.members), specification)
        return self._generate(plan, wanted)

    def _decide(self) -> Decision:
        plan, wanted = self._phase()
        specification = self._specify(plan)
        if self.choice.unread_images and not plan.due:
            sentence = " ".join(self.choice.unread_images.values())
            return self._decided(plan, Verdict(Outcome.BLOCKED, Reason.CATALOG_UNKNOWN, sentence), specification)
        if isinstance(wanted, Verdict):
            return self._decided(plan, wanted, specification)
        if wanted.run is not None and (plan.due or self.facts.on_demand is not None):
            return self._about_existing(plan, wanted, wanted.run)
        if not plan.due:
            return self._decided(plan, nothing_due(plan.members, self.choice.soaking), wanted.specification)
        return self._generate(plan, wanted)

    def _phase(self) -> tuple[Plan, WantedRun | Verdict]:
        """The plan and its run; where a person skipped all that are due in it, those for the others that come after."""
        skips: dict[str, str] = {}
        plan = self._plan(skips)
        wanted = self._find_wanted_run(plan)
        while isinstance(wanted, WantedRun) and (more := wanted.skips_of(plan.due)):
            skips |= more
            following = self._plan(skips)
            if not following.due:
                break
            plan, wanted = following, self._find_wanted_run(following)
        return plan, wanted

    def _find_wanted_run(self, plan: Plan) -> WantedRun | Verdict:
        runs = FleetRuns(self.facts.fleet.update_runs, self.records, self.policy.retry)
        return runs.find_wanted_run(self._specify(plan), plan.due, lambda first: self._pin(first, plan))

    def _specify(self, plan: Plan) -> RunSpecification:
        names_images = self.choice.names_images
        return specify(self.facts.profile, plan.target, plan.upgrade_type, names_images=names_images)

    def _plan(self, skips: Mapping[str, str]) -> Plan:
        """The plan for the target itself, for a step towards it, or for its control planes, as the policies say."""
        plan = self._assess(self.target, channel_of(self.facts.profile).upgrade_type, skips)
        version = self.target.kubernetes_version
        if self.policy.catch_up is CatchUp.STEPWISE and version is not None:
            step = next_step(self.scope.members, plan.members, version, self.choice.candidates)
            stepped = self._assess(step, plan.upgrade_type, skips) if step is not None else plan
            plan = stepped if stepped.due else plan
        if self.policy.split is Split.CONTROL_PLANE_FIRST and plan.upgrade_type is UpgradeType.FULL:
            control_planes = self._assess(plan.target, UpgradeType.CONTROL_PLANE_ONLY, skips)
            plan = control_planes if control_planes.due else plan
        return plan

    def _assess(self, target: Target, upgrade_type: UpgradeType, skips: Mapping[str, str]) -> Plan:
        context = UpgradeContext(
            target=target,
            upgrade_type=upgrade_type,
            selection=selection_of(self.facts.profile),
            stopped_clusters=self.policy.stopped_clusters,
            catalog=self.facts.catalog,
            unread_images=self.choice.unread_images,
        )
        return Plan(target, upgrade_type, respect_skips(assess_members(self.scope.members, context), skips))

    def _pin(self, first: UpdateRun, plan: Plan) -> tuple[NodeImage, ...] | Verdict:
        clusters = [
            member.cluster
            for member in self.scope.members
            if member.name.lower() in plan.due and isinstance(member.cluster, Cluster)
        ]
        return pinned_images(first, clusters, self.facts.catalog, soak_in_force(self.facts, self.policy))

    def _about_existing(self, plan: Plan, wanted: WantedRun, run: UpdateRun) -> Decision:
        existing = ExistingRun(
            run=run,
            wanted=wanted,
            profile_id=self.facts.profile.id,
            records=self.records,
            policy=self.policy,
            now=self.facts.now,
            is_due=bool(plan.due),
            on_demand=self.facts.on_demand,
        )
        verdict = existing.verdict()
        others = other_unfinished_runs(self.facts.profile.id, self.facts.fleet.update_runs, run.id)
        if verdict.outcome in ACTING:
            verdict = self._held(plan) or active_run_hold(self.facts, others, plan.target, self.policy) or verdict
        decision = replace(self._decided(plan, verdict, wanted.specification), run_id=run.id)
        if verdict.outcome is Outcome.RETRY:
            decision = replace(decision, restarts=existing.restart_number, failed_at=run.completed_at)
        return self._unless_busy(decision, others)

    def _generate(self, plan: Plan, wanted: WantedRun) -> Decision:
        unfinished = other_unfinished_runs(self.facts.profile.id, self.facts.fleet.update_runs)
        verdict = (
            self._held(plan)
            or retry_hold(wanted, self.facts)
            or active_run_hold(self.facts, unfinished, plan.target, self.policy)
            or self._due(plan, wanted)
        )
        decision = unless_fleet_disagreed(self._decided(plan, verdict, wanted.specification), self.facts)
        return self._unless_busy(decision, unfinished)

    def _unless_busy(self, decision: Decision, others: Sequence[UpdateRun]) -> Decision:
        """The decision with the runs that it replaces, or one that waits for busy clusters."""
        if decision.outcome is Outcome.REPLACE:
            return replace(decision, runs_to_stop=tuple(run.id for run in others))
        known = self.decided
        return wait_unless_free(decision, self.facts, self.scope, lambda one: known.get(one.profile.id) or decide(one))

    def _held(self, plan: Plan) -> Verdict | None:
        return freeze_hold(self.facts.now, self.policy) or stopped_clusters_hold(plan.members, self.policy)

    def _due(self, plan: Plan, wanted: WantedRun) -> Verdict:
        if plan.target.patch_week is not None:
            clusters = "1 cluster" if len(plan.due) == 1 else f"{len(plan.due)} clusters"
            sentence = f"{clusters} may lack {plan.target}; Fleet generates the run."
            return Verdict(Outcome.GENERATE, Reason.UPGRADE_DUE, sentence)
        clusters = "1 cluster is" if len(plan.due) == 1 else f"{len(plan.due)} clusters are"
        towards = f", a step towards {plan.target.towards}" if plan.target.towards is not None else ""
        part = " with the control plane" if plan.upgrade_type is UpgradeType.CONTROL_PLANE_ONLY else ""
        below = f"{clusters} below {plan.target}{part}{towards}"
        follows = wanted.specification.follows
        if follows is None:
            return Verdict(Outcome.GENERATE, Reason.UPGRADE_DUE, f"{below}.")
        return Verdict(
            Outcome.GENERATE, Reason.CATCH_UP_DUE, f"{below}; the finished run {follows} did not bring it there."
        )

    def _decided(self, plan: Plan, verdict: Verdict, specification: RunSpecification) -> Decision:
        warnings = (
            *self.choice.warnings,
            *member_warnings(self.scope.members, plan.upgrade_type),
            *_tag_warnings(self.facts),
        )
        return Decision(
            profile_id=self.facts.profile.id,
            outcome=verdict.outcome,
            reason=verdict.reason,
            sentence=verdict.sentence,
            target=plan.target,
            members=plan.members,
            warnings=warnings,
            specification=specification,
            intent=self._intent(),
            considered=self._considered(plan),
            policy=self.policy,
            policies=self.policies.in_force,
            until=verdict.until,
            stops_to_settle=stops_to_settle(self.facts),
        )

    def _intent(self) -> Intent:
        """Policy `start=manual` applies to triggers; on demand the person says whether the run is started."""
        if self.facts.on_demand is not None:
            return self.facts.on_demand
        return Intent.UPGRADE if self.policy.start is Start.AUTO else Intent.REVIEW

    def _considered(self, plan: Plan) -> Considered:
        if plan.target.towards is None:
            return self.choice.considered
        return replace(self.choice.considered, rejected=self.choice.candidates.rejected_above(plan.target))
