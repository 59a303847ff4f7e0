"""Decides one profile: each step either refuses, with its reason, or hands on what the next one needs."""

from __future__ import annotations

from dataclasses import dataclass

from shared.core.candidates import find_candidates
from shared.core.channels import choose_version
from shared.core.decision import Decision, MemberDecision, Notice, Target, Verdict
from shared.core.existing_runs import Standing, find_standing, unfinished_runs_of
from shared.core.facts import Facts
from shared.core.member_assessment import assess_members
from shared.core.node_image_choice import NodeImageChoice, choose_node_images
from shared.core.policy import ActiveRun
from shared.core.profile import Channel, NodeImageSelection, Profile
from shared.core.profile_rules import broken_rule
from shared.core.reason import DecisionWarning, MemberAction, Outcome, Reason
from shared.core.run_specification import RunSpecification
from shared.core.run_standing import decide_existing
from shared.core.scope import Scope, find_scope
from shared.core.unknown import Unparsed
from shared.core.update_run import UpdateRun, UpgradeType
from shared.errors import InternalError


@dataclass(frozen=True, slots=True)
class _Choice:
    """What the channel asks for, with what a person should know about it."""

    target: Target
    warnings: tuple[Notice, ...] = ()


def decide(facts: Facts) -> Decision:
    """Decide the profile on the facts alone: same facts, same decision, in whatever order they are listed."""
    profile = facts.profile
    scope = _find_scope(facts)
    if isinstance(scope, Verdict):
        return _refuse(profile, scope)
    choice = _choose(facts, scope)
    if isinstance(choice, Verdict):
        return _refuse(profile, choice)
    members = assess_members(scope.members, choice.target)
    specification = specify(profile, choice.target)
    due = frozenset(member.member.lower() for member in members if member.action is MemberAction.UPGRADE)
    standing = find_standing(specification, facts.fleet.update_runs, facts.run_records, due)
    draft = _Draft(facts, choice, members, standing)
    if standing.run is not None and (due or facts.on_demand):
        return draft.decided(decide_existing(standing.run, facts.run_records, is_due=bool(due)), standing.run)
    if not due:
        return draft.decided(_nothing_due(members))
    return draft.generated()


def specify(profile: Profile, target: Target) -> RunSpecification:
    """The run that brings the profile's clusters to the target.

    Raises:
        InternalError: the profile's channel is not one this app knows; such a profile is refused before.
    """
    if isinstance(profile.channel, Unparsed) or isinstance(profile.update_strategy_id, Unparsed):
        raise InternalError(f"profile {profile.id} was not validated before its run was specified")
    is_node_image = profile.channel is Channel.NODE_IMAGE
    selection = profile.node_image_selection
    if is_node_image:
        selection = NodeImageSelection.CONSISTENT
    elif not isinstance(selection, NodeImageSelection):
        selection = NodeImageSelection.LATEST  # the default of update runs (az fleet updaterun create)
    return RunSpecification(
        profile_id=profile.id,
        channel=profile.channel,
        upgrade_type=UpgradeType.NODE_IMAGE_ONLY if is_node_image else UpgradeType.FULL,
        kubernetes_version=target.kubernetes_version,
        node_image_selection=selection,
        node_images=target.node_images,
        update_strategy_id=profile.update_strategy_id,
    )


@dataclass(frozen=True, slots=True)
class _Draft:
    """A decision for which everything but the verdict is known."""

    facts: Facts
    choice: _Choice
    members: tuple[MemberDecision, ...]
    standing: Standing

    def generated(self) -> Decision:
        waiting = self._waits_for_another_run()
        if waiting is not None:
            return self.decided(waiting)
        count = sum(member.action is MemberAction.UPGRADE for member in self.members)
        clusters = f"{count} cluster is" if count == 1 else f"{count} clusters are"
        follows = self.standing.specification.follows
        if follows is None:
            sentence = f"{clusters} below {self.choice.target}."
            return self.decided(Verdict(Outcome.GENERATE, Reason.UPGRADE_DUE, sentence))
        sentence = f"{clusters} below {self.choice.target} and not reached by the finished run {follows}."
        return self.decided(Verdict(Outcome.GENERATE, Reason.CATCH_UP_DUE, sentence))

    def decided(self, verdict: Verdict, run: UpdateRun | None = None) -> Decision:
        return Decision(
            profile_id=self.facts.profile.id,
            outcome=verdict.outcome,
            reason=verdict.reason,
            sentence=verdict.sentence,
            target=self.choice.target,
            members=self.members,
            warnings=self.choice.warnings,
            specification=self.standing.specification,
            run_id=run.id if run is not None else None,
        )

    def _waits_for_another_run(self) -> Verdict | None:
        profile = self.facts.profile
        if self.facts.on_demand or self.facts.policy.active_run is ActiveRun.IGNORE:
            return None
        if isinstance(profile.channel, Unparsed):
            return None
        unfinished = unfinished_runs_of(profile.id, profile.channel, self.facts.fleet.update_runs)
        if not unfinished:
            return None
        names = ", ".join(sorted(run.name for run in unfinished))
        sentence = f"An update run of this profile is unfinished: {names}. {self.choice.target} comes after it."
        return Verdict(Outcome.WAITING, Reason.ACTIVE_RUN, sentence)


def _find_scope(facts: Facts) -> Scope | Verdict:
    profile = facts.profile
    if profile.disabled and not facts.on_demand:
        return Verdict(Outcome.SKIPPED, Reason.PROFILE_DISABLED, "The profile is disabled.")
    refusal = broken_rule(profile)
    if refusal is not None:
        return refusal
    scope = find_scope(profile, facts.fleet)
    if isinstance(scope, Scope) and not any(member.is_joined for member in scope.members):
        return Verdict(Outcome.UP_TO_DATE, Reason.NO_MEMBERS, "No joined member is in the profile's scope.")
    return scope


def _choose(facts: Facts, scope: Scope) -> _Choice | Verdict:
    channel = facts.profile.channel
    if channel is Channel.NODE_IMAGE:
        images = choose_node_images(scope.clusters, facts.catalog, facts.now)
        return images if isinstance(images, Verdict) else _choice_of_images(images)
    if isinstance(channel, Unparsed):
        raise InternalError(f"profile {facts.profile.id} was not validated before its channel was asked")
    candidates = find_candidates(facts.catalog, scope.regions, facts.policy.regions)
    if isinstance(candidates, Verdict):
        return candidates
    target = choose_version(channel, facts.profile, candidates)
    return target if isinstance(target, Verdict) else _Choice(target)


def _choice_of_images(choice: NodeImageChoice) -> _Choice:
    warnings = tuple(
        Notice(DecisionWarning.NODE_IMAGE_TOO_OLD, f"{image} is older than 90 days and no target.")
        for image in choice.too_old
    )
    return _Choice(Target(node_images=choice.images), warnings)


def _nothing_due(members: tuple[MemberDecision, ...]) -> Verdict:
    blocked = [member for member in members if member.action is MemberAction.BLOCKED]
    if blocked:
        why = "; ".join(f"{member.member}: {member.sentence}" for member in blocked)
        return Verdict(Outcome.BLOCKED, Reason.NO_MEMBER_CAN_UPGRADE, f"No cluster can be upgraded. {why}")
    skipped = [member for member in members if member.action is MemberAction.SKIP]
    if skipped:
        names = ", ".join(member.member for member in skipped)
        return Verdict(Outcome.UP_TO_DATE, Reason.UP_TO_DATE, f"Up to date, but for members left out: {names}.")
    return Verdict(Outcome.UP_TO_DATE, Reason.UP_TO_DATE, "Every cluster is up to date.")


def _refuse(profile: Profile, refusal: Verdict) -> Decision:
    return Decision(profile.id, refusal.outcome, refusal.reason, refusal.sentence)
