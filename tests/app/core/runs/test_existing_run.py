"""What is done about a run that is there already: started, restarted after a pause, or left to a person."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from shared.core.decision import Decision
from shared.core.facts import Facts
from shared.core.model.run_record import Intent, RunRecord
from shared.core.model.update_run import UpdateState
from shared.core.planner import decide
from shared.core.reasons import Outcome, Reason
from shared.core.runs.existing_run import pause_before, retry_due_at
from tests.app.builders import NOW, a_cluster, a_member, a_profile, a_run, facts, run_of, with_runs
from tests.app.core.reading import first_specification, verdict

PROFILE = a_profile()
TO_BE_STARTED = RunRecord(Intent.UPGRADE)


def failed_minutes_ago(minutes: float) -> datetime:
    return NOW - timedelta(minutes=minutes)


def own(
    given: Facts,
    state: UpdateState = UpdateState.FAILED,
    *,
    minutes_ago: float | None = 60,
    record: RunRecord | None = TO_BE_STARTED,
) -> Facts:
    """The facts with this app's own run for the target in them."""
    completed_at = failed_minutes_ago(minutes_ago) if minutes_ago is not None else None
    run = run_of(first_specification(given), state, completed_at=completed_at)
    return with_runs(given, run, records={run.name: record} if record else {})


def restarted(
    times: int, *, retry: int, minutes_ago: float | None = 24 * 60, recorded_for: datetime | None = None
) -> Decision:
    """The decision on a run that failed some time ago, after it was restarted so many times."""
    record = RunRecord(Intent.UPGRADE, restarts=times, restarted_failure=recorded_for)
    return decide(own(facts(policy={"retry": str(retry)}), minutes_ago=minutes_ago, record=record))


class TestRetry:
    """A run that failed is restarted as often as the policy says."""

    def test_without_the_policy_it_is_for_a_person(self) -> None:
        decision = decide(own(facts()))

        assert verdict(decision) == (Outcome.BLOCKED, Reason.RUN_FAILED)
        assert decision.restarts == 0

    def test_with_the_policy_it_is_restarted(self) -> None:
        decision = restarted(0, retry=2)

        assert verdict(decision) == (Outcome.RETRY, Reason.RETRY_DUE)
        assert decision.restarts == 1
        assert decision.sentence.endswith("failed; restart 1 of 2 is due.")

    @pytest.mark.parametrize(
        ("times", "pause"),
        [
            (0, timedelta(minutes=15)),
            (1, timedelta(minutes=30)),
            (2, timedelta(hours=1)),
            (6, timedelta(hours=16)),
            (7, timedelta(hours=24)),
            (9, timedelta(hours=24)),
        ],
    )
    def test_the_pause_doubles_and_is_never_longer_than_a_day(self, times: int, pause: timedelta) -> None:
        minutes = pause / timedelta(minutes=1)

        early, due = (restarted(times, retry=10, minutes_ago=ago) for ago in (minutes - 1, minutes))

        assert verdict(early) == (Outcome.WAITING, Reason.RETRY_WAITS)
        assert early.sentence.endswith(f"restart {times + 1} of 10 comes at 2026-08-03 06:01 UTC.")
        assert early.until == datetime(2026, 8, 3, 6, 1, tzinfo=UTC)
        assert early.restarts == 0
        assert verdict(due) == (Outcome.RETRY, Reason.RETRY_DUE)
        assert due.restarts == times + 1
        assert due.failed_at == failed_minutes_ago(minutes)

    def test_it_is_due_at_once_if_fleet_does_not_say_when_it_failed(self) -> None:
        assert restarted(1, retry=2, minutes_ago=None).restarts == 2

    def test_a_restart_that_was_recorded_and_never_came_to_be_counts_on_and_does_not_wait_again(self) -> None:
        """The app wrote it down and died before it restarted the run: the failure is still the same."""
        decision = restarted(1, retry=2, minutes_ago=16, recorded_for=failed_minutes_ago(16))

        assert verdict(decision) == (Outcome.RETRY, Reason.RETRY_DUE)
        assert decision.restarts == 1

    def test_a_failure_without_a_restart_is_the_first_regardless_of_the_record(self) -> None:
        assert restarted(0, retry=2, minutes_ago=16, recorded_for=failed_minutes_ago(16)).restarts == 1

    def test_a_restart_that_failed_again_is_another_failure(self) -> None:
        decision = restarted(1, retry=2, minutes_ago=31, recorded_for=failed_minutes_ago(60))

        assert decision.restarts == 2

    @pytest.mark.parametrize(("retry", "times"), [(1, "once"), (3, "3 times")])
    def test_it_is_said_loudly_when_it_has_failed_for_good(self, retry: int, times: str) -> None:
        decision = restarted(retry, retry=retry, recorded_for=failed_minutes_ago(60))

        assert verdict(decision) == (Outcome.BLOCKED, Reason.RETRIES_EXHAUSTED)
        assert f"was restarted {times}, and failed again" in decision.sentence

    def test_a_run_for_review_that_a_person_started_is_not_restarted(self) -> None:
        given = facts(policy={"retry": "2"})

        assert decide(own(given, record=RunRecord(Intent.REVIEW))).reason is Reason.RUN_FAILED

    def test_a_run_by_a_person_is_not_restarted(self) -> None:
        given = facts(policy={"retry": "2"}, runs=[a_run(state=UpdateState.FAILED)])

        assert decide(given).reason is Reason.RUN_FAILED

    def test_a_native_run_of_the_profile_is_restarted(self) -> None:
        native = a_run(state=UpdateState.FAILED, profile=PROFILE, completed_at=failed_minutes_ago(60))

        decision = decide(facts(PROFILE, runs=[native], policy={"retry": "2"}))

        assert verdict(decision) == (Outcome.RETRY, Reason.RETRY_DUE)
        assert decision.run_id == native.id

    def test_the_restarts_of_a_native_run_are_remembered_under_its_own_name(self) -> None:
        native = a_run("Native", UpdateState.FAILED, profile=PROFILE, completed_at=failed_minutes_ago(60))
        records = {"native": RunRecord(Intent.UPGRADE, restarts=1)}

        decision = decide(facts(PROFILE, runs=[native], records=records, policy={"retry": "2"}))

        assert decision.restarts == 2


class TestStart:
    """A run that was generated is started, unless it is for review."""

    def test_one_that_was_generated_to_be_started_is_started(self) -> None:
        decision = decide(own(facts(), UpdateState.NOT_STARTED))

        assert verdict(decision) == (Outcome.START, Reason.RUN_NOT_STARTED)

    @pytest.mark.parametrize("record", [RunRecord(Intent.REVIEW), None])
    def test_one_for_review_or_of_unknown_intent_is_not(self, record: RunRecord | None) -> None:
        decision = decide(own(facts(), UpdateState.NOT_STARTED, record=record))

        assert verdict(decision) == (Outcome.GENERATED, Reason.RUN_AWAITS_REVIEW)

    def test_with_start_manual_none_is(self) -> None:
        decision = decide(own(facts(policy={"start": "manual"}), UpdateState.NOT_STARTED))

        assert verdict(decision) == (Outcome.GENERATED, Reason.RUN_AWAITS_REVIEW)

    def test_with_start_manual_runs_are_generated_all_the_same(self) -> None:
        assert decide(facts(policy={"start": "manual"})).outcome is Outcome.GENERATE


@pytest.mark.parametrize(
    ("state", "clause"),
    [
        (UpdateState.RUNNING, "is running"),
        (UpdateState.STOPPING, "is stopping"),
        (UpdateState.PENDING, "a maintenance window, or a region"),
        (UpdateState.STOPPED, "start it again, or delete it"),
        (UpdateState.FAILED, "see the members' messages"),
        (UpdateState.NOT_STARTED, "has not been started yet"),
    ],
)
def test_each_state_is_described_with_the_runs_name(state: UpdateState, clause: str) -> None:
    given = own(facts(), state)

    decision = decide(given)

    assert given.fleet.update_runs[0].name in decision.sentence
    assert clause in decision.sentence


class TestOnDemand:
    """A person asks for a run: to look at (`REVIEW`), or to be started as well (`UPGRADE`)."""

    def test_a_request_for_review_starts_no_run_that_exists(self) -> None:
        decision = decide(own(facts(on_demand=Intent.REVIEW), UpdateState.NOT_STARTED))

        assert verdict(decision) == (Outcome.GENERATED, Reason.RUN_NOT_STARTED)

    def test_a_request_for_review_restarts_no_failed_run(self) -> None:
        decision = decide(own(facts(policy={"retry": "2"}, on_demand=Intent.REVIEW)))

        assert verdict(decision) == (Outcome.GENERATED, Reason.RETRY_DUE)
        assert decision.restarts == 0

    def test_a_request_for_review_is_served_in_a_freeze_if_the_run_exists(self) -> None:
        frozen = facts(policy={"freeze": "2026-08-03/2026-08-03"}, on_demand=Intent.REVIEW)

        assert decide(own(frozen, UpdateState.NOT_STARTED)).outcome is Outcome.GENERATED

    @pytest.mark.parametrize("record", [RunRecord(Intent.REVIEW), None])
    @pytest.mark.parametrize("start", ["auto", "manual"])
    def test_a_request_to_start_starts_a_run_that_was_created_for_review(
        self, record: RunRecord | None, start: str
    ) -> None:
        given = own(facts(policy={"start": start}, on_demand=Intent.UPGRADE), UpdateState.NOT_STARTED, record=record)

        decision = decide(given)

        [run] = given.fleet.update_runs
        assert verdict(decision) == (Outcome.START, Reason.RUN_NOT_STARTED)
        assert decision.run_id == run.id
        assert decision.sentence == f"Update run {run.name} was created for review; a person asked to start it."

    def test_a_request_to_start_restarts_a_failed_run_that_is_due(self) -> None:
        decision = decide(own(facts(policy={"retry": "2"}, on_demand=Intent.UPGRADE)))

        assert verdict(decision) == (Outcome.RETRY, Reason.RETRY_DUE)
        assert decision.restarts == 1

    @pytest.mark.parametrize(
        ("policy", "state", "minutes_ago", "reason"),
        [
            ({}, UpdateState.FAILED, 60, Reason.RUN_FAILED),
            ({"retry": "2"}, UpdateState.FAILED, 1, Reason.RETRY_WAITS),
            ({}, UpdateState.STOPPED, 60, Reason.RUN_STOPPED),
            ({}, UpdateState.COMPLETED, 60, Reason.CATCH_UP_DUE),
            ({"freeze": "2026-08-03/2026-08-03"}, UpdateState.NOT_STARTED, 60, Reason.FREEZE),
        ],
    )
    def test_a_request_to_start_does_not_overrule_what_stops_a_run(
        self, policy: dict[str, str], state: UpdateState, minutes_ago: float, reason: Reason
    ) -> None:
        given = own(facts(policy=policy, on_demand=Intent.UPGRADE), state, minutes_ago=minutes_ago)

        decision = decide(given)

        assert decision.reason is reason
        assert decision.refuses_start is (reason is not Reason.CATCH_UP_DUE)

    def test_a_request_to_start_does_not_overrule_the_policy_on_stopped_clusters(self) -> None:
        members = [a_member(), a_member(a_cluster(name="two", stopped=True), name="two")]
        given = facts(members=members, policy={"stopped-clusters": "fail"}, on_demand=Intent.UPGRADE)

        decision = decide(own(given, UpdateState.NOT_STARTED, record=RunRecord(Intent.REVIEW)))

        assert verdict(decision) == (Outcome.BLOCKED, Reason.CLUSTERS_STOPPED)
        assert decision.refuses_start

    def test_a_run_that_is_in_progress_serves_a_request_to_start(self) -> None:
        decision = decide(own(facts(on_demand=Intent.UPGRADE), UpdateState.RUNNING))

        assert verdict(decision) == (Outcome.GENERATED, Reason.RUN_IN_PROGRESS)
        assert not decision.refuses_start

    @pytest.mark.parametrize(
        ("on_demand", "start", "intent"),
        [
            (None, "auto", Intent.UPGRADE),
            (None, "manual", Intent.REVIEW),
            (Intent.REVIEW, "auto", Intent.REVIEW),
            (Intent.UPGRADE, "auto", Intent.UPGRADE),
            (Intent.UPGRADE, "manual", Intent.UPGRADE),
        ],
    )
    def test_a_run_is_generated_for_what_the_person_asked_or_else_as_the_policy_says(
        self, on_demand: Intent | None, start: str, intent: Intent
    ) -> None:
        decision = decide(facts(policy={"start": start}, on_demand=on_demand))

        assert decision.outcome is Outcome.GENERATE
        assert decision.intent is intent


@pytest.mark.parametrize(
    ("retry", "pause"),
    [
        (1, timedelta(minutes=15)),
        (2, timedelta(minutes=30)),
        (3, timedelta(hours=1)),
        (4, timedelta(hours=2)),
        (7, timedelta(hours=16)),
        (8, timedelta(hours=24)),
        (10, timedelta(hours=24)),
    ],
)
def test_the_pause_doubles_up_to_a_day(retry: int, pause: timedelta) -> None:
    assert pause_before(retry) == pause


def test_a_retry_is_due_a_pause_after_the_run_failed() -> None:
    assert retry_due_at(NOW, 2, NOW + timedelta(days=1)) == NOW + timedelta(minutes=30)


def test_a_retry_is_due_at_once_if_it_is_unknown_when_the_run_failed() -> None:
    assert retry_due_at(None, 2, NOW) == NOW
