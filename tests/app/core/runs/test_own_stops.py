"""Whose stop it was: this app's for a newer target, or a person's."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from shared.core.decision import Decision
from shared.core.model.run_record import Intent, RunRecord, StopNote
from shared.core.model.unknown import Unparsed
from shared.core.model.update_run import UpdateRun, UpdateState
from shared.core.planner import decide
from shared.core.reasons import Outcome, Reason
from shared.core.runs.own_stops import is_own_stop, seen
from tests.app.builders import NOW, a_profile, a_run, facts, run_of, with_runs
from tests.app.core.reading import first_specification, verdict

STATES = UpdateState
SECOND, HOUR = timedelta(seconds=1), timedelta(hours=1)
WITHIN = timedelta(minutes=2)
NOTED = StopNote(NOW - HOUR, "1.36.0")
RECENT = replace(NOTED, noted_at=NOW - WITHIN)
MADE = replace(NOTED, is_made=True)
ENDED = replace(MADE, stopped_at=NOW)


def run(state: UpdateState | Unparsed, ended: datetime | None = None) -> UpdateRun:
    return a_run(state=state, completed_at=ended)


class TestSeen:
    @pytest.mark.parametrize(
        ("note", "ended", "expected"),
        [
            (MADE, NOW, ENDED),
            (MADE, None, MADE),
            (NOTED, NOTED.noted_at + WITHIN, replace(MADE, stopped_at=NOTED.noted_at + WITHIN)),
            (NOTED, NOTED.noted_at + WITHIN + SECOND, None),
            (NOTED, NOTED.noted_at - SECOND, replace(MADE, stopped_at=NOTED.noted_at - SECOND)),
            (NOTED, None, None),
            (RECENT, None, replace(RECENT, is_made=True)),
            (ENDED, NOW + HOUR, ENDED),
        ],
    )
    def test_a_stopped_run_was_stopped_by_the_app_if_it_made_the_stop_or_the_run_ended_right_then(
        self, note: StopNote, ended: datetime | None, expected: StopNote | None
    ) -> None:
        assert seen(note, run(STATES.STOPPED, ended), NOW) == expected

    @pytest.mark.parametrize(
        ("note", "expected"),
        [
            (MADE, MADE),
            (RECENT, replace(RECENT, is_made=True)),
            (replace(RECENT, noted_at=NOW - WITHIN - SECOND), None),
        ],
    )
    def test_so_is_one_that_is_stopping(self, note: StopNote, expected: StopNote | None) -> None:
        assert seen(note, run(STATES.STOPPING), NOW) == expected

    @pytest.mark.parametrize("state", [STATES.RUNNING, STATES.PENDING])
    def test_a_run_in_progress_is_yet_to_be_stopped_or_was_started_again(self, state: UpdateState) -> None:
        assert seen(RECENT, run(state), NOW) == RECENT
        assert seen(NOTED, run(state), NOW) is None
        assert seen(MADE, run(state), NOW) is None

    @pytest.mark.parametrize("state", [STATES.FAILED, STATES.COMPLETED, STATES.SKIPPED, STATES.NOT_STARTED])
    def test_one_that_came_to_another_end_was_not_stopped(self, state: UpdateState) -> None:
        assert seen(replace(RECENT, is_made=True), run(state), NOW) is None

    def test_a_state_that_the_app_does_not_know_says_nothing(self) -> None:
        assert seen(NOTED, run(Unparsed("Dreaming")), NOW) == NOTED


class TestWhose:
    @pytest.mark.parametrize("note", [MADE, ENDED, replace(MADE, stopped_at=None)])
    def test_the_apps(self, note: StopNote) -> None:
        assert is_own_stop(run(STATES.STOPPED, NOW), note, NOW)

    def test_a_persons_who_stopped_it_after_it_was_started_again(self) -> None:
        assert not is_own_stop(run(STATES.STOPPED, NOW + HOUR), ENDED, NOW + HOUR)

    def test_a_persons_where_the_app_only_noted_one(self) -> None:
        assert not is_own_stop(run(STATES.STOPPED, NOW), NOTED, NOW)

    def test_a_persons_where_nothing_was_noted(self) -> None:
        assert not is_own_stop(run(STATES.STOPPED, NOW), None, NOW)

    def test_no_ones_while_the_run_is_stopping(self) -> None:
        assert not is_own_stop(run(STATES.STOPPING), MADE, NOW)


PROFILE = a_profile()


def decided(
    record: RunRecord,
    state: UpdateState = STATES.STOPPED,
    on_demand: Intent | None = None,
    completed_at: datetime | None = NOW,
    **policy: str,
) -> Decision:
    """The decision on the wanted run."""
    given = facts(PROFILE, policy=policy, on_demand=on_demand)
    wanted = run_of(first_specification(given), state, completed_at=completed_at)
    return decide(with_runs(given, wanted, records={wanted.name: record}))


class TestContinued:
    """The target of the stopped run is wanted again."""

    def test_it_is_started_again(self) -> None:
        decision = decided(RunRecord(Intent.UPGRADE, stop=ENDED))

        assert verdict(decision) == (Outcome.START, Reason.RUN_CONTINUED)
        assert "was stopped for 1.36.0 by policy, and its target is wanted again; it is started again." in (
            decision.sentence
        )
        assert decision.stops_to_settle == ()

    def test_so_it_is_where_fleet_does_not_say_when_it_stopped(self) -> None:
        decision = decided(RunRecord(Intent.UPGRADE, stop=RECENT), completed_at=None)

        assert verdict(decision) == (Outcome.START, Reason.RUN_CONTINUED)

    def test_what_a_person_stopped_is_not(self) -> None:
        stopped_before = replace(ENDED, stopped_at=NOW - HOUR)

        decision = decided(RunRecord(Intent.UPGRADE, stop=stopped_before))

        assert verdict(decision) == (Outcome.BLOCKED, Reason.RUN_STOPPED)
        assert decision.sentence.endswith("was stopped; start it again, or delete it.")

    def test_nor_is_a_run_for_review_that_a_person_started(self) -> None:
        decision = decided(RunRecord(Intent.REVIEW, stop=ENDED))

        assert verdict(decision) == (Outcome.BLOCKED, Reason.RUN_STOPPED)
        assert decision.sentence.endswith("was stopped for 1.36.0 by policy; start it again, or delete it.")

    def test_nor_any_where_people_start_runs(self) -> None:
        assert decided(RunRecord(Intent.UPGRADE, stop=ENDED), start="manual").reason is Reason.RUN_STOPPED

    @pytest.mark.parametrize("intent", list(Intent))
    def test_a_person_who_asks_gets_it_started(self, intent: Intent) -> None:
        decision = decided(RunRecord(intent, stop=ENDED), on_demand=Intent.UPGRADE)

        assert verdict(decision) == (Outcome.START, Reason.RUN_CONTINUED)

    def test_a_request_for_review_starts_nothing(self) -> None:
        decision = decided(RunRecord(Intent.UPGRADE, stop=ENDED), on_demand=Intent.REVIEW)

        assert decision.outcome is Outcome.GENERATED

    def test_not_in_a_freeze(self) -> None:
        frozen = decided(RunRecord(Intent.UPGRADE, stop=ENDED), freeze="2026-08-03/2026-08-03")

        assert frozen.reason is Reason.FREEZE


class TestSettled:
    """Of which runs more is known than the ledger says."""

    def test_a_run_that_has_stopped_since(self) -> None:
        decision = decided(RunRecord(Intent.UPGRADE, stop=MADE))

        assert [run_id.name for run_id in decision.stops_to_settle] == [decision.run_id and decision.run_id.name]
        assert decision.is_due

    def test_one_that_runs_again(self) -> None:
        decision = decided(RunRecord(Intent.UPGRADE, stop=MADE), STATES.RUNNING)

        assert decision.reason is Reason.RUN_IN_PROGRESS
        assert decision.stops_to_settle
        assert decision.is_due

    def test_not_one_of_which_all_is_known_or_nothing_was_noted(self) -> None:
        for stop in (ENDED, None):
            decision = decided(RunRecord(Intent.UPGRADE, stop=stop), STATES.RUNNING)
            assert decision.stops_to_settle == ()
            assert not decision.is_due

    def test_not_one_of_another_profile(self) -> None:
        other = replace(a_run("other", STATES.STOPPED, profile=a_profile(name="other")), completed_at=NOW)
        given = with_runs(facts(PROFILE), other, records={"other": RunRecord(Intent.UPGRADE, stop=MADE)})

        assert decide(given).stops_to_settle == ()
