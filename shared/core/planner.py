"""Decides one profile: each step either refuses, with its reason, or hands on what the next one needs.

Profile rules, policies, scope, target, step, members, run, what the runs that exist mean for it, what holds it back.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from shared.core.decision import Decision
from shared.core.facts import Facts
from shared.core.holds import active_run_hold, freeze_hold, retry_hold, stopped_clusters_hold
from shared.core.members.assessment import assess_members
from shared.core.members.member_decision import MemberDecision
from shared.core.members.stepwise import next_step
from shared.core.members.upgrade_context import Question
from shared.core.members.warnings import member_warnings
from shared.core.model.fleet import Cluster
from shared.core.model.node_image import NodeImage
from shared.core.model.update_run import UpdateRun, UpgradeType
from shared.core.policies.policy import CatchUp, Policy, Split
from shared.core.policies.sources import Policies, read_policies, unknown_tags
from shared.core.profile_rules import broken_rule
from shared.core.reasons import ACTING, MemberAction, Notice, Outcome, Reason, Verdict
from shared.core.runs.existing_run import ExistingRun
from shared.core.runs.pinned_images import pinned_images
from shared.core.runs.specification import RunSpecification, specify
from shared.core.runs.wanted_run import ExistingRuns, Standing
from shared.core.scope import Scope, find_scope
from shared.core.targets.channels import channel_of, selection_of
from shared.core.targets.choice import TargetChoice, soak_in_force
from shared.core.targets.target import NOTHING_CONSIDERED, Considered, Target


def decide(facts: Facts) -> Decision:
    """Decide the profile on the facts alone: same facts, same decision, in whatever order they are listed."""
    profile = facts.profile
    if profile.disabled and not facts.on_demand:
        return _refuse(facts, Verdict(Outcome.SKIPPED, Reason.PROFILE_DISABLED, "The profile is disabled."))
    broken = broken_rule(profile)
    if broken is not None:
        return _refuse(facts, broken)
    policies = read_policies(facts.fleet.tags, profile.name, facts.policy_sources)
    if isinstance(policies, Verdict):
        return _refuse(facts, policies)
    scope = _find_scope(facts)
    if isinstance(scope, Verdict):
        return _refuse(facts, scope, policies)
    choice = channel_of(profile).choose(facts, scope, policies.policy)
    if isinstance(choice.target, Verdict):
        return _refuse(facts, choice.target, policies, choice.considered)
    return _Draft(facts, scope, policies, choice, choice.target).decide()


def _find_scope(facts: Facts) -> Scope | Verdict:
    scope = find_scope(facts.profile, facts.fleet)
    if isinstance(scope, Scope) and not any(member.is_joined for member in scope.members):
        return Verdict(Outcome.UP_TO_DATE, Reason.NO_MEMBERS, "No joined member is in the profile's scope.")
    return scope


def _refuse(
    facts: Facts,
    refusal: Verdict,
    policies: Policies | None = None,
    considered: Considered = NOTHING_CONSIDERED,
) -> Decision:
    decision = Decision(
        facts.profile.id,
        refusal.outcome,
        refusal.reason,
        refusal.sentence,
        warnings=_tag_warnings(facts),
        considered=considered,
    )
    return decision if policies is None else replace(decision, policy=policies.policy, policies=policies.in_force)


def _tag_warnings(facts: Facts) -> tuple[Notice, ...]:
    return unknown_tags(facts.fleet.tags, facts.profile.name, (profile.name for profile in facts.fleet.profiles))


@dataclass(frozen=True, slots=True)
class _Plan:
    """One way to bring the scope to a target, and what it does to each member."""

    target: Target
    upgrade_type: UpgradeType
    members: tuple[MemberDecision, ...]

    @property
    def due(self) -> frozenset[str]:
        """Names of the members that it upgrades, in lower case."""
        return frozenset(member.member.lower() for member in self.members if member.action is MemberAction.UPGRADE)


@dataclass(frozen=True, slots=True)
class _Draft:
    """A decision for which the target is known."""

    facts: Facts
    scope: Scope
    policies: Policies
    choice: TargetChoice
    target: Target

    @property
    def policy(self) -> Policy:
        return self.policies.policy

    def decide(self) -> Decision:
        plan = self._plan()
        specification = specify(
            self.facts.profile, plan.target, plan.upgrade_type, names_images=self.choice.names_images
        )
        runs = ExistingRuns(self.facts.fleet.update_runs, self.facts.run_records, self.policy.retry)
        standing = runs.standing(specification, plan.due, lambda first: self._pin(first, plan))
        if isinstance(standing, Verdict):
            return self._decided(plan, standing, specification)
        if standing.run is not None and (plan.due or self.facts.on_demand):
            return self._about_existing(plan, standing, standing.run)
        if not plan.due:
            return self._decided(plan, self._nothing_due(plan), standing.specification)
        return self._generate(plan, standing)

    def _plan(self) -> _Plan:
        """The target itself, a step towards it, or its first half, as the policies have it."""
        plan = self._assess(self.target, channel_of(self.facts.profile).upgrade_type)
        wanted = self.target.kubernetes_version
        if self.policy.catch_up is CatchUp.STEPWISE and wanted is not None:
            step = next_step(self.scope.members, plan.members, wanted, self.choice.candidates)
            stepped = self._assess(step, plan.upgrade_type) if step is not None else plan
            plan = stepped if stepped.due else plan
        if self.policy.split is Split.CONTROL_PLANE_FIRST and plan.upgrade_type is UpgradeType.FULL:
            control_planes = self._assess(plan.target, UpgradeType.CONTROL_PLANE_ONLY)
            plan = control_planes if control_planes.due else plan
        return plan

    def _assess(self, target: Target, upgrade_type: UpgradeType) -> _Plan:
        question = Question(
            target=target,
            upgrade_type=upgrade_type,
            selection=selection_of(self.facts.profile),
            stopped_clusters=self.policy.stopped_clusters,
            catalog=self.facts.catalog,
        )
        return _Plan(target, upgrade_type, assess_members(self.scope.members, question))

    def _pin(self, first: UpdateRun, plan: _Plan) -> tuple[NodeImage, ...] | Verdict:
        clusters = [
            member.cluster
            for member in self.scope.members
            if member.name.lower() in plan.due and isinstance(member.cluster, Cluster)
        ]
        return pinned_images(first, clusters, self.facts.catalog, soak_in_force(self.facts, self.policy))

    def _about_existing(self, plan: _Plan, standing: Standing, run: UpdateRun) -> Decision:
        existing = ExistingRun(
            run=run,
            standing=standing,
            profile_id=self.facts.profile.id,
            records=self.facts.run_records,
            policy=self.policy,
            now=self.facts.now,
            is_due=bool(plan.due),
        )
        verdict = existing.verdict()
        if verdict.outcome in ACTING:
            verdict = self._held_back(plan) or verdict
        restarts = existing.restart_number if verdict.outcome is Outcome.RETRY else 0
        return replace(self._decided(plan, verdict, standing.specification), run_id=run.id, restarts=restarts)

    def _generate(self, plan: _Plan, standing: Standing) -> Decision:
        held_back = self._held_back(plan) or retry_hold(standing, self.facts)
        if held_back is not None:
            return self._decided(plan, held_back, standing.specification)
        hold = active_run_hold(self.facts, standing.specification.channel, plan.target, self.policy)
        if hold is not None:
            decision = self._decided(plan, hold.verdict, standing.specification)
            return replace(decision, runs_to_stop=hold.runs_to_stop)
        return self._decided(plan, self._due(plan, standing), standing.specification)

    def _held_back(self, plan: _Plan) -> Verdict | None:
        return freeze_hold(self.facts.now, self.policy) or stopped_clusters_hold(plan.members, self.policy)

    def _due(self, plan: _Plan, standing: Standing) -> Verdict:
        clusters = "1 cluster is" if len(plan.due) == 1 else f"{len(plan.due)} clusters are"
        towards = f", a step towards {plan.target.towards}" if plan.target.towards is not None else ""
        part = " with the control plane" if plan.upgrade_type is UpgradeType.CONTROL_PLANE_ONLY else ""
        below = f"{clusters} below {plan.target}{part}{towards}"
        follows = standing.specification.follows
        if follows is None:
            return Verdict(Outcome.GENERATE, Reason.UPGRADE_DUE, f"{below}.")
        return Verdict(
            Outcome.GENERATE, Reason.CATCH_UP_DUE, f"{below}; the finished run {follows} did not bring it there."
        )

    def _nothing_due(self, plan: _Plan) -> Verdict:
        blocked = [member for member in plan.members if member.action is MemberAction.BLOCKED]
        if blocked:
            why = "; ".join(f"{member.member}: {member.sentence}" for member in blocked)
            return Verdict(Outcome.BLOCKED, Reason.NO_MEMBER_CAN_UPGRADE, f"No cluster can be upgraded. {why}")
        if self.choice.soaking is not None:
            return self.choice.soaking
        skipped = [member.member for member in plan.members if member.action is MemberAction.SKIP]
        if skipped:
            names = ", ".join(skipped)
            return Verdict(Outcome.UP_TO_DATE, Reason.UP_TO_DATE, f"Up to date, but for members left out: {names}.")
        return Verdict(Outcome.UP_TO_DATE, Reason.UP_TO_DATE, "Every cluster is up to date.")

    def _decided(self, plan: _Plan, verdict: Verdict, specification: RunSpecification) -> Decision:
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
            considered=self._considered(plan),
            policy=self.policy,
            policies=self.policies.in_force,
        )

    def _considered(self, plan: _Plan) -> Considered:
        if plan.target.towards is None:
            return self.choice.considered
        return replace(self.choice.considered, rejected=self.choice.candidates.rejected_above(plan.target))
