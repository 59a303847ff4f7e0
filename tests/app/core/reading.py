"""What tests read off decisions."""

from __future__ import annotations

from dataclasses import replace

from shared.core.decision import Decision
from shared.core.facts import Facts
from shared.core.model.profile import Profile
from shared.core.model.run_record import Intent
from shared.core.planner import decide
from shared.core.reasons import DecisionWarning, MemberAction, MemberReason, Outcome, Reason, Verdict
from shared.core.runs.specification import RunSpecification
from shared.core.targets.candidates import Candidates
from shared.core.targets.channels import channel_of
from shared.core.targets.channels.kubernetes import KubernetesChannel
from shared.core.targets.target import Target


def choose_version(profile: Profile, candidates: Candidates) -> Target | Verdict:
    """What the profile's channel, one for Kubernetes versions, asks for among the candidates."""
    channel = channel_of(profile)
    assert isinstance(channel, KubernetesChannel)
    return channel.choose_version(profile, candidates)


def verdict(decision: Decision) -> tuple[Outcome, Reason]:
    return decision.outcome, decision.reason


def sentence_of(decision: Decision, member: str) -> str:
    [sentence] = [decided.sentence for decided in decision.members if decided.member == member]
    return sentence


def specification_of(decision: Decision) -> RunSpecification:
    assert decision.specification is not None, decision.sentence
    return decision.specification


def first_specification(given: Facts) -> RunSpecification:
    """The first run for the facts' target, as if the fleet had none."""
    return specification_of(decide(replace(given, fleet=replace(given.fleet, update_runs=()), on_demand=Intent.REVIEW)))


def actions_of(decision: Decision) -> dict[str, MemberAction]:
    return {member.member: member.action for member in decision.members}


def reasons_of(decision: Decision) -> dict[str, MemberReason]:
    return {member.member: member.reason for member in decision.members}


def warnings_of(decision: Decision) -> list[DecisionWarning]:
    return [notice.warning for notice in decision.warnings]


def target_of(decision: Decision) -> str:
    return str(decision.target)
