"""A decision: the result of evaluating one profile, with everything needed to act on it or to question it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from shared.core.members.member_decision import MemberDecision
from shared.core.model.ids import ResourceId
from shared.core.model.run_record import Intent
from shared.core.policies.policy import DEFAULT_POLICY, Policy
from shared.core.policies.sources import PolicyInForce
from shared.core.reasons import ACTING, REFUSING, MemberAction, Notice, Outcome, Reason
from shared.core.runs.specification import RunSpecification
from shared.core.targets.target import NOTHING_CONSIDERED, Considered, Target


@dataclass(frozen=True, slots=True)
class Decision:
    """The verdict on a profile (outcome, reason and sentence), the run it is about, and the facts behind it."""

    profile_id: ResourceId
    outcome: Outcome
    reason: Reason
    sentence: str
    target: Target | None = None
    members: tuple[MemberDecision, ...] = ()
    warnings: tuple[Notice, ...] = ()
    specification: RunSpecification | None = None
    """The run to generate or start, or the one that exists."""
    run_id: ResourceId | None = None
    """The existing run that the decision is about."""
    intent: Intent = Intent.REVIEW
    """For the outcome Generate: `UPGRADE` if the run is to be started once it exists, `REVIEW` if not."""
    considered: Considered = NOTHING_CONSIDERED
    policy: Policy = DEFAULT_POLICY
    policies: tuple[PolicyInForce, ...] = ()
    """The same, as texts with their sources; empty if the profile was refused before policies were read."""
    runs_to_stop: tuple[ResourceId, ...] = ()
    """For the outcome Replace: the older runs to stop."""
    stops_to_settle: tuple[ResourceId, ...] = ()
    """Runs that the app noted to stop, and of which more is known now."""
    waiting_since: datetime | None = None
    """Since when the profile waits for busy clusters. Kept when the wait is over, until the run is started: a start
    that fails does not begin another wait."""
    until: datetime | None = None
    """For the outcome Waiting: when the wait ends if nothing else changes; None if that is not a known moment."""
    restarts: int = 0
    """For the outcome Retry: the number of the restart, from 1 on."""
    failed_at: datetime | None = None
    """For the outcome Retry: when the run had failed that is restarted; None if Fleet does not report it."""

    @property
    def starts_run(self) -> bool:
        """Whether the decision starts or restarts a run, which it may generate first."""
        if self.outcome is Outcome.GENERATE:
            return self.intent is Intent.UPGRADE
        return self.outcome in (Outcome.START, Outcome.RETRY)

    @property
    def is_due(self) -> bool:
        """Whether the app has something to do."""
        return self.outcome in ACTING or bool(self.stops_to_settle)

    @property
    def members_to_skip(self) -> tuple[str, ...]:
        """Names of the members in the scope that the run must skip."""
        skipping = (MemberAction.SKIP, MemberAction.BLOCKED)
        return tuple(member.member for member in self.members if member.action in skipping)

    @property
    def members_in_run(self) -> tuple[str, ...]:
        """Names of the other members in the scope: those that the run upgrades, or finds at the target."""
        skipped = self.members_to_skip
        return tuple(member.member for member in self.members if member.member not in skipped)

    @property
    def refuses_start(self) -> bool:
        """Whether a request to start the profile's run is refused, also if a run exists; the sentence says why."""
        return self.outcome in REFUSING


NOTHING_DECIDED: Mapping[ResourceId, Decision] = {}
