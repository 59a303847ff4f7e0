"""Outlook: what happens next with a profile, when, and whether a person has to do something first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from shared.core.model.run_progress import NO_PROGRESS, PendingReason, RunProgress
from shared.core.reasons import ACTING, Outcome, Reason


class NextEvent(StrEnum):
    """What happens next with a profile."""

    APP_ACTS = "AppActs"
    """The app generates, starts, restarts or stops a run at once."""
    SOAK_ENDS = "SoakEnds"
    FREEZE_ENDS = "FreezeEnds"
    RETRY_DUE = "RetryDue"
    BUSY_WAIT_ENDS = "BusyWaitEnds"
    RUN_ENDS = "RunEnds"
    GATE_APPROVAL = "GateApproval"
    """A person approves a gate of the run, in Azure."""
    SCHEDULED_START = "ScheduledStart"
    """A scheduled gate of the run opens."""
    MAINTENANCE_WINDOW = "MaintenanceWindow"
    """The maintenance window of a cluster in the run opens."""
    REGION_OFFERS = "RegionOffers"
    """A region gets the version or image of the run."""
    PERSON_STARTS_RUN = "PersonStartsRun"
    PERSON_ACTS = "PersonActs"
    """A person removes what blocks the profile, which the decision's sentence names."""
    NEXT_RELEASE = "NextRelease"
    """AKS releases something newer."""
    NOTHING = "Nothing"
    """The profile is skipped by design."""


@dataclass(frozen=True, slots=True)
class Outlook:
    """What happens next, when if that is known, and a sentence for people."""

    event: NextEvent
    at: datetime | None
    sentence: str

    @property
    def needs_person(self) -> bool:
        """Whether nothing happens until a person acts."""
        return self.event in _FOR_PERSONS


_FOR_PERSONS = frozenset({NextEvent.GATE_APPROVAL, NextEvent.PERSON_STARTS_RUN, NextEvent.PERSON_ACTS})

_WAITS: Mapping[Reason, tuple[NextEvent, str]] = {
    Reason.SOAKING: (NextEvent.SOAK_ENDS, "The soak ends"),
    Reason.FREEZE: (NextEvent.FREEZE_ENDS, "The freeze ends"),
    Reason.RETRY_WAITS: (NextEvent.RETRY_DUE, "The next retry is due"),
    Reason.MEMBERS_BUSY: (NextEvent.BUSY_WAIT_ENDS, "The clusters are free, or the wait for them ends"),
    Reason.ACTIVE_RUN: (NextEvent.RUN_ENDS, "The unfinished run of this profile ends"),
}

_RELEASES = frozenset(
    {
        Reason.NO_COMMON_VERSION,
        Reason.STABLE_MINOR_NOT_OFFERED,
        Reason.TARGET_MINOR_NOT_RELEASED,
    }
)
"""Reasons to block that a later release removes, without a person."""

_PENDING: Mapping[PendingReason, tuple[NextEvent, str]] = {
    PendingReason.MAINTENANCE_WINDOW: (NextEvent.MAINTENANCE_WINDOW, "A maintenance window of a cluster opens."),
    PendingReason.REGION: (NextEvent.REGION_OFFERS, "A region gets what the run brings."),
}


def outlook(
    outcome: Outcome, reason: Reason, until: datetime | None = None, progress: RunProgress = NO_PROGRESS
) -> Outlook:
    """What happens next after a decision.

    Args:
        outcome: of the decision.
        reason: of the decision.
        until: when a wait ends; None if that is not known.
        progress: of the run in progress; nothing pending if there is none.
    """
    in_run = _in_run(progress)
    if in_run is not None and reason in (Reason.RUN_IN_PROGRESS, Reason.ACTIVE_RUN):
        return in_run
    if outcome in ACTING:
        return Outlook(NextEvent.APP_ACTS, None, "The app acts at once.")
    if outcome is Outcome.WAITING:
        event, sentence = _WAITS[reason]
        when = f" at {until:%Y-%m-%d %H:%M} UTC" if until is not None else ""
        return Outlook(event, until, f"{sentence}{when}.")
    if reason is Reason.RUN_IN_PROGRESS:
        return Outlook(NextEvent.RUN_ENDS, None, "The run ends.")
    if reason is Reason.RUN_AWAITS_REVIEW:
        return Outlook(NextEvent.PERSON_STARTS_RUN, None, "A person starts the run, or deletes it.")
    if outcome is Outcome.SKIPPED:
        return Outlook(NextEvent.NOTHING, None, "The app does not act on this profile.")
    if outcome in (Outcome.BLOCKED, Outcome.INVALID) and reason not in _RELEASES:
        return Outlook(NextEvent.PERSON_ACTS, None, "A person removes what blocks the profile.")
    return Outlook(NextEvent.NEXT_RELEASE, None, "AKS releases something newer.")


def _in_run(progress: RunProgress) -> Outlook | None:
    """What the run waits for; None if it waits for nothing that is known."""
    if progress.gates_to_approve:
        gates = " and ".join(map(str, progress.gates_to_approve))
        return Outlook(NextEvent.GATE_APPROVAL, None, f"A person approves {gates}.")
    if progress.pending_gates:
        opens = [gate.opens_at for gate in progress.pending_gates if gate.opens_at is not None]
        gates = " and ".join(map(str, progress.pending_gates))
        when = f" at {min(opens):%Y-%m-%d %H:%M} UTC" if opens else " at the scheduled time"
        return Outlook(NextEvent.SCHEDULED_START, min(opens, default=None), f"It opens{when}: {gates}.")
    reasons = [wait.reason for wait in progress.pending_members if wait.reason in _PENDING]
    if not reasons:
        return None
    event, sentence = _PENDING[reasons[0]]
    return Outlook(event, None, sentence)
