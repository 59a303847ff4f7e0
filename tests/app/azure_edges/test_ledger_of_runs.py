"""The ledger's rows about runs that Fleet generates, and about runs that are deleted and generated anew."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from shared.core.model.ids import ResourceId
from shared.core.model.run_record import Intent, NativeCall, RunRecord, StopNote
from shared.core.model.update_run import UpdateRun, UpdateState
from shared.core.runs.records import key_of
from shared.ports import Ledger
from tests.app.builders import a_run

NOW = datetime(2026, 8, 3, 6, 0, tzinfo=UTC)
LATER = NOW + timedelta(minutes=11)
FLEET = ResourceId.parse("/subscriptions/s/resourceGroups/g/providers/Microsoft.ContainerService/fleets/retail")
PROFILE = FLEET.child("autoUpgradeProfiles", "rapid")
RUN = FLEET.child("updateRuns", "auto-rapid-rapid-1-35-6-abcdefgh")
NATIVE = replace(a_run("Auto-Native", UpdateState.NOT_STARTED), created_at=NOW)
UPGRADE = RunRecord(Intent.UPGRADE)


def never() -> bool:
    raise AssertionError("called though there was nothing to take over")


def record(ledger: Ledger, name: str = RUN.name) -> RunRecord:
    found = ledger.run_records([FLEET])[FLEET][name.lower()]
    assert isinstance(found, RunRecord)
    return found


def call(ledger: Ledger, *beside: UpdateRun, intent: Intent = Intent.UPGRADE, at: datetime = NOW) -> None:
    """Claim a run that Fleet is asked to generate."""
    asked = RunRecord(intent, call=NativeCall(PROFILE, at, frozenset(map(key_of, beside))))
    ledger.claim_run(RUN, PROFILE, asked, at, lambda: True)


class TestGeneratedAnew:
    def test_members_skipped_in_the_deleted_run_are_forgotten(self, ledger: Ledger) -> None:
        ledger.record_skipped(RUN, Intent.UPGRADE, frozenset({"one"}), NOW)
        ledger.record_skipped(RUN, Intent.UPGRADE, frozenset({"two"}), LATER)

        assert record(ledger) == RunRecord(Intent.UPGRADE, frozenset({"two"}), created_at=LATER)

    def test_restarts_of_the_deleted_run_are_forgotten(self, ledger: Ledger) -> None:
        assert ledger.record_restart(RUN, 2, NOW, NOW)
        assert ledger.record_restart(RUN, 1, LATER, LATER)

        expected = RunRecord(Intent.UPGRADE, restarts=1, restarted_failure=LATER, created_at=LATER)
        assert record(ledger) == expected

    def test_an_unknown_creation_forgets_nothing(self, ledger: Ledger) -> None:
        ledger.record_restart(RUN, 1, NOW, NOW)
        ledger.record_skipped(RUN, Intent.UPGRADE, frozenset({"one"}))

        assert record(ledger) == RunRecord(Intent.UPGRADE, frozenset({"one"}), 1, NOW, created_at=NOW)

    @pytest.mark.parametrize("is_deleted", [True, False])
    def test_a_claim_forgets_what_was_recorded_of_a_run_that_is_deleted(
        self, ledger: Ledger, *, is_deleted: bool
    ) -> None:
        ledger.claim_run(RUN, PROFILE, UPGRADE, NOW, never)
        ledger.record_skipped(RUN, Intent.UPGRADE, frozenset({"one"}), NOW)
        ledger.record_restart(RUN, 1, NOW, NOW)

        ledger.claim_run(RUN, PROFILE, UPGRADE, LATER, lambda: is_deleted)

        kept = RunRecord(Intent.UPGRADE, frozenset({"one"}), 1, NOW, created_at=NOW)
        assert record(ledger) == (UPGRADE if is_deleted else kept)

    def test_of_two_claims_at_once_none_forgets_what_the_other_one_recorded_since(self, ledger: Ledger) -> None:
        ledger.record_skipped(RUN, Intent.UPGRADE, frozenset({"deleted"}), NOW)

        def the_other_one_was_faster() -> bool:
            ledger.claim_run(RUN, PROFILE, UPGRADE, LATER, lambda: True)
            ledger.record_skipped(RUN, Intent.UPGRADE, frozenset({"two"}), LATER)
            answers.append(False)  # the run exists by the time it is asked for again
            return True

        answers: list[bool] = []
        ledger.claim_run(RUN, PROFILE, UPGRADE, LATER, lambda: answers.pop() if answers else the_other_one_was_faster())

        assert record(ledger).skipped == {"two"}


class TestStop:
    noted = StopNote(NOW, "1.35.7")
    ended = StopNote(NOW, "1.35.7", is_made=True, stopped_at=LATER)

    def test_it_is_noted_beside_what_else_is_recorded_of_the_run(self, ledger: Ledger) -> None:
        ledger.record_restart(RUN, 1, NOW, NOW)

        assert ledger.replace_stop(RUN, None, self.noted, Intent.REVIEW, NOW)
        assert ledger.replace_stop(RUN, self.noted, self.ended, Intent.REVIEW, NOW)

        expected = RunRecord(Intent.UPGRADE, restarts=1, restarted_failure=NOW, created_at=NOW, stop=self.ended)
        assert record(ledger) == expected

    @pytest.mark.parametrize("intent", list(Intent))
    def test_it_is_noted_of_a_run_of_which_nothing_was_recorded(self, ledger: Ledger, intent: Intent) -> None:
        assert ledger.replace_stop(RUN, None, self.noted, intent, NOW)

        assert record(ledger) == RunRecord(intent, created_at=NOW, stop=self.noted)

    def test_a_note_that_has_changed_is_not_replaced(self, ledger: Ledger) -> None:
        assert ledger.replace_stop(RUN, None, self.noted, Intent.UPGRADE)
        assert not ledger.replace_stop(RUN, None, self.ended, Intent.UPGRADE)
        assert not ledger.replace_stop(RUN, self.ended, None, Intent.UPGRADE)

        assert record(ledger).stop == self.noted

    def test_repeating_it_changes_nothing(self, ledger: Ledger) -> None:
        assert ledger.replace_stop(RUN, None, self.noted, Intent.UPGRADE)
        assert ledger.replace_stop(RUN, None, self.noted, Intent.UPGRADE)
        assert ledger.replace_stop(RUN, self.noted, self.noted, Intent.UPGRADE)

    def test_it_can_be_forgotten(self, ledger: Ledger) -> None:
        ledger.replace_stop(RUN, None, self.noted, Intent.UPGRADE)

        assert ledger.replace_stop(RUN, self.noted, None, Intent.UPGRADE)
        assert record(ledger) == UPGRADE

    def test_of_calls_at_once_one_notes_it(self, ledger: Ledger) -> None:
        def note(second: int) -> bool:
            mine = replace(self.noted, noted_at=NOW + timedelta(seconds=second))
            return ledger.replace_stop(RUN, None, mine, Intent.UPGRADE)

        with ThreadPoolExecutor(4) as pool:
            assert sum(pool.map(note, range(4))) == 1


class TestGeneratedByFleet:
    def test_it_is_recorded_under_its_own_name_what_the_run_is_for(self, ledger: Ledger) -> None:
        call(ledger)

        assert ledger.record_generated(RUN, NATIVE) is Intent.UPGRADE
        assert record(ledger, NATIVE.name) == RunRecord(Intent.UPGRADE, created_at=NOW)
        assert record(ledger).generated == "auto-native"

    def test_a_run_that_was_there_before_is_for_review(self, ledger: Ledger) -> None:
        call(ledger, NATIVE)

        assert ledger.record_generated(RUN, NATIVE) is Intent.REVIEW
        assert record(ledger, NATIVE.name).intent is Intent.REVIEW

    @pytest.mark.parametrize("recorded", list(Intent))
    def test_what_was_recorded_of_it_before_stays(self, ledger: Ledger, recorded: Intent) -> None:
        ledger.record_skipped(NATIVE.id, recorded, frozenset({"one"}), NOW)
        call(ledger)

        assert ledger.record_generated(RUN, NATIVE) is recorded
        assert record(ledger, NATIVE.name).skipped == {"one"}

    def test_unless_that_was_a_run_that_is_deleted(self, ledger: Ledger) -> None:
        ledger.record_restart(NATIVE.id, 1, NOW, NOW - timedelta(days=1))
        call(ledger, intent=Intent.REVIEW)

        assert ledger.record_generated(RUN, NATIVE) is Intent.REVIEW
        assert record(ledger, NATIVE.name) == RunRecord(Intent.REVIEW, created_at=NOW)

    def test_of_a_run_that_was_started_before_nothing_is_recorded(self, ledger: Ledger) -> None:
        call(ledger)

        assert ledger.record_generated(RUN, replace(NATIVE, state=UpdateState.RUNNING)) is Intent.UPGRADE
        assert list(ledger.run_records([FLEET])[FLEET]) == [RUN.name]

    def test_what_was_there_before_an_unanswered_call_is_remembered_at_the_next_one(self, ledger: Ledger) -> None:
        theirs = replace(NATIVE, id=FLEET.child("updateRuns", "theirs"), created_at=NOW - timedelta(days=1))
        call(ledger, theirs)
        call(ledger, theirs, NATIVE, at=NOW + timedelta(minutes=1))

        assert record(ledger).call == NativeCall(PROFILE, LATER, frozenset({key_of(theirs)}))
        assert ledger.record_generated(RUN, NATIVE) is Intent.UPGRADE

    def test_a_call_after_one_that_was_answered_begins_anew(self, ledger: Ledger) -> None:
        call(ledger)
        ledger.record_generated(RUN, NATIVE)
        call(ledger, NATIVE)

        assert record(ledger).call == NativeCall(PROFILE, NOW + timedelta(minutes=10), frozenset({key_of(NATIVE)}))
        assert record(ledger).generated == ""

    def test_answers_at_once_agree(self, ledger: Ledger) -> None:
        call(ledger)
        with ThreadPoolExecutor(8) as pool:
            intents = set(pool.map(lambda _: ledger.record_generated(RUN, NATIVE), range(8)))

        assert intents == {Intent.UPGRADE}
