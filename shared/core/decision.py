"""The result of evaluating one profile."""

from __future__ import annotations

from dataclasses import dataclass

from shared.core.members.member_decision import MemberDecision
from shared.core.model.ids import ResourceId
from shared.core.policies.policy import DEFAULT_POLICY, Policy
from shared.core.policies.sources import PolicyInForce
from shared.core.reasons import MemberAction, Notice, Outcome, Reason
from shared.core.runs.specification import RunSpecification
from shared.core.targets.target import NOTHING_CONSIDERED, Considered, Target


@dataclass(frozen=True, slots=True)
class Decision:
    """Outcome, reason and sentence, with everything needed to act on them or to question them."""

    profile_id: ResourceId
    outcome: Outcome
    reason: Reason
    sentence: str
    target: Target | None = None
    members: tuple[MemberDecision, ...] = ()
    warnings: tuple[Notice, ...] = ()
    specification: RunSpecification | None = None
    """The run to generate or start, or the one that is there already."""
    run_id: ResourceId | None = None
    """The run that exists, if the decision speaks of one."""
    considered: Considered = NOTHING_CONSIDERED
    policy: Policy = DEFAULT_POLICY
    policies: tuple[PolicyInForce, ...] = ()
    """The same, as texts with their sources; empty if the profile was refused before they mattered."""
    runs_to_stop: tuple[ResourceId, ...] = ()
    """Older runs that the outcome Replace stops."""
    restarts: int = 0
    """The number of the restart that the outcome Retry makes, from 1 on."""

    @property
    def members_to_skip(self) -> tuple[str, ...]:
        """Names of members in the scope that the run must skip."""
        skipped = (MemberAction.SKIP, MemberAction.BLOCKED)
        return tuple(member.member for member in self.members if member.action in skipped)
