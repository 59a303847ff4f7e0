"""What happens next with a profile, when, and whether a person has to act first."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from shared.core.model.run_progress import PendingGate, PendingReason, RunProgress, Wait
from shared.core.outlook import NextEvent, outlook
from shared.core.reasons import Outcome, Reason

AT = datetime(2026, 8, 10, 6, 30, tzinfo=UTC)
GATE = PendingGate("g", "go?", "canary", "", "Before", AT)
SCHEDULED = PendingGate("s", "", "canary", "eu", "Before", AT, is_scheduled=True, opens_at=AT)
IN_RUN = (Outcome.GENERATED, Reason.RUN_IN_PROGRESS)


@pytest.mark.parametrize(
    ("reason", "event"),
    [
        (Reason.SOAKING, NextEvent.SOAK_ENDS),
        (Reason.FREEZE, NextEvent.FREEZE_ENDS),
        (Reason.RETRY_WAITS, NextEvent.RETRY_DUE),
        (Reason.MEMBERS_BUSY, NextEvent.BUSY_WAIT_ENDS),
    ],
)
def test_a_wait_ends_at_its_moment_without_a_person(reason: Reason, event: NextEvent) -> None:
    ahead = outlook(Outcome.WAITING, reason, AT)

    assert (ahead.event, ahead.at, ahead.needs_person) == (event, AT, False)
    assert ahead.sentence.endswith(" at 2026-08-10 06:30 UTC.")


def test_a_wait_whose_end_is_not_known_has_no_moment() -> None:
    ahead = outlook(Outcome.WAITING, Reason.MEMBERS_BUSY)

    assert (ahead.at, ahead.sentence) == (None, "The clusters are free, or the wait for them ends.")


@pytest.mark.parametrize("outcome", [Outcome.GENERATE, Outcome.START, Outcome.RETRY, Outcome.REPLACE])
def test_the_app_acts_on_what_is_due(outcome: Outcome) -> None:
    assert outlook(outcome, Reason.UPGRADE_DUE).event is NextEvent.APP_ACTS


def test_a_gate_to_approve_needs_a_person_also_for_a_newer_target_behind_the_run() -> None:
    for outcome, reason in (IN_RUN, (Outcome.WAITING, Reason.ACTIVE_RUN)):
        ahead = outlook(outcome, reason, None, RunProgress(pending_gates=(SCHEDULED, GATE)))

        assert (ahead.event, ahead.needs_person) == (NextEvent.GATE_APPROVAL, True)
        assert ahead.sentence == "A person approves gate 'go?' before stage canary."


def test_a_scheduled_gate_opens_by_itself_at_its_time() -> None:
    ahead = outlook(*IN_RUN, None, RunProgress(pending_gates=(SCHEDULED,)))

    assert (ahead.event, ahead.at, ahead.needs_person) == (NextEvent.SCHEDULED_START, AT, False)
    assert ahead.sentence == "It opens at 2026-08-10 06:30 UTC: a gate before group eu."


def test_a_scheduled_gate_whose_schedule_is_unknown_has_no_moment() -> None:
    gate = PendingGate("s", "", "canary", "", "Before", None, is_scheduled=True)

    ahead = outlook(*IN_RUN, None, RunProgress(pending_gates=(gate,)))

    assert (ahead.at, ahead.sentence) == (None, "It opens at the scheduled time: a gate before stage canary.")


@pytest.mark.parametrize(
    ("reasons", "event"),
    [
        ([PendingReason.UNKNOWN, PendingReason.MAINTENANCE_WINDOW], NextEvent.MAINTENANCE_WINDOW),
        ([PendingReason.REGION], NextEvent.REGION_OFFERS),
        ([PendingReason.UNKNOWN], NextEvent.RUN_ENDS),
        ([], NextEvent.RUN_ENDS),
    ],
)
def test_a_run_in_progress_waits_for_what_its_members_wait_for(reasons: list[PendingReason], event: NextEvent) -> None:
    progress = RunProgress(pending_members=tuple(Wait(reason, None) for reason in reasons))

    assert outlook(*IN_RUN, None, progress).event is event


def test_an_unfinished_run_before_a_newer_target_ends_first() -> None:
    assert outlook(Outcome.WAITING, Reason.ACTIVE_RUN).event is NextEvent.RUN_ENDS


@pytest.mark.parametrize(
    ("outcome", "reason", "event", "needs_person"),
    [
        (Outcome.GENERATED, Reason.RUN_AWAITS_REVIEW, NextEvent.PERSON_STARTS_RUN, True),
        (Outcome.BLOCKED, Reason.RUN_FAILED, NextEvent.PERSON_ACTS, True),
        (Outcome.BLOCKED, Reason.CATALOG_UNKNOWN, NextEvent.PERSON_ACTS, True),
        (Outcome.INVALID, Reason.TARGET_VERSION_MISSING, NextEvent.PERSON_ACTS, True),
        (Outcome.BLOCKED, Reason.TARGET_MINOR_NOT_RELEASED, NextEvent.NEXT_RELEASE, False),
        (Outcome.BLOCKED, Reason.NO_COMMON_VERSION, NextEvent.NEXT_RELEASE, False),
        (Outcome.UP_TO_DATE, Reason.UP_TO_DATE, NextEvent.NEXT_RELEASE, False),
        (Outcome.GENERATED, Reason.RUN_FINISHED, NextEvent.NEXT_RELEASE, False),
        (Outcome.SKIPPED, Reason.PROFILE_DISABLED, NextEvent.NOTHING, False),
    ],
)
def test_what_blocks_needs_a_person_unless_a_release_removes_it(
    outcome: Outcome, reason: Reason, event: NextEvent, needs_person: bool
) -> None:
    ahead = outlook(outcome, reason)

    assert (ahead.event, ahead.needs_person, ahead.at) == (event, needs_person, None)
