"""Which record is about which run: where Fleet names the run, and where one was deleted and generated anew."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from shared.core.decision import Decision
from shared.core.model.run_record import Intent, NativeCall, RunRecord
from shared.core.model.update_run import UpdateRun, UpdateState
from shared.core.planner import decide
from shared.core.reasons import Outcome, Reason
from shared.core.runs.records import beside_both, key_of, may_answer, of_these_runs
from tests.app.builders import NOW, a_profile, a_run, facts, run_of, with_runs
from tests.app.core.reading import first_specification, verdict

PROFILE, OTHER = a_profile(), a_profile(name="other")
HOUR = timedelta(hours=1)
NATIVE = replace(a_run("auto-Profile-rapid-1-35-6-1cnmmzn", UpdateState.NOT_STARTED, profile=PROFILE), created_at=NOW)
NAME = NATIVE.name.lower()
CALL = NativeCall(PROFILE.id, NOW, frozenset())
UNANSWERED = RunRecord(Intent.UPGRADE, call=CALL)
FOR_ANOTHER_VERSION = "auto-profile-rapid-1-35-5-abcdefgh"
"""The name under which the call stands: this app asked for a version, and Fleet chose another one."""


def decided(records: Mapping[str, RunRecord], run: UpdateRun = NATIVE) -> Decision:
    return decide(with_runs(facts(PROFILE), run, records=records))


class TestFleetsOwnGeneration:
    """A run that Fleet generated has a name of Fleet's; the call for it stands under one of this app's."""

    def test_the_answer_was_recorded(self) -> None:
        assert decided({NAME: RunRecord(Intent.UPGRADE)}).outcome is Outcome.START

    def test_the_process_stopped_before_it_recorded_the_answer(self) -> None:
        assert decided({FOR_ANOTHER_VERSION: UNANSWERED}).outcome is Outcome.START

    @pytest.mark.parametrize(
        "call",
        [
            RunRecord(Intent.UPGRADE),
            RunRecord(Intent.REVIEW, call=CALL),
            replace(UNANSWERED, generated="another"),
            replace(UNANSWERED, call=replace(CALL, profile_id=OTHER.id)),
            replace(UNANSWERED, call=replace(CALL, beside=frozenset({key_of(NATIVE)}))),
            replace(UNANSWERED, call=replace(CALL, until=NOW - timedelta(seconds=1))),
        ],
    )
    def test_it_is_someone_elses_or_for_review(self, call: RunRecord) -> None:
        """This app created it, a person asked, another run was the answer, or it was there before or came later."""
        assert verdict(decided({FOR_ANOTHER_VERSION: call})) == (Outcome.GENERATED, Reason.RUN_AWAITS_REVIEW)

    def test_where_both_intents_were_asked_for_it_is_for_review(self) -> None:
        review = RunRecord(Intent.REVIEW, call=CALL)

        assert decided({"one": UNANSWERED, "two": review}).reason is Reason.RUN_AWAITS_REVIEW

    def test_its_own_record_goes_first(self) -> None:
        records = {NAME: RunRecord(Intent.REVIEW), FOR_ANOTHER_VERSION: UNANSWERED}

        assert decided(records).reason is Reason.RUN_AWAITS_REVIEW

    def test_a_run_that_fleet_did_not_generate_from_the_profile_is_no_answer(self) -> None:
        foreign = replace(NATIVE, auto_upgrade_profile_id=None)

        assert decided({FOR_ANOTHER_VERSION: UNANSWERED}, foreign).reason is Reason.RUN_AWAITS_REVIEW

    def test_a_run_of_which_resource_graph_does_not_show_the_creation_may_be_the_answer(self) -> None:
        assert decided({FOR_ANOTHER_VERSION: UNANSWERED}, replace(NATIVE, created_at=None)).outcome is Outcome.START


class TestTwoCalls:
    """What was there before a call that is made again, since the first one may not have been answered."""

    def beside(self, *keys: str, generated: str = "") -> set[str]:
        before = NativeCall(PROFILE.id, NOW, frozenset({"theirs 2026-08-01T00:00:00+00:00"}))
        earlier = RunRecord(Intent.UPGRADE, generated=generated, call=before)
        return set(beside_both(earlier, replace(CALL, beside=frozenset(keys))))

    def test_what_was_there_before_both_is_not_the_answer(self) -> None:
        assert self.beside("theirs 2026-08-01T00:00:00+00:00") == {"theirs 2026-08-01T00:00:00+00:00"}

    def test_what_came_with_the_first_one_may_be_the_answer(self) -> None:
        assert self.beside(f"new {NOW.isoformat()}") == set()

    def test_what_came_after_the_first_one_is_someone_elses(self) -> None:
        assert self.beside(f"new {(NOW + HOUR).isoformat()}") == {f"new {(NOW + HOUR).isoformat()}"}

    def test_a_call_that_was_answered_says_nothing_about_the_next_one(self) -> None:
        assert self.beside(f"new {NOW.isoformat()}", generated="another") == {f"new {NOW.isoformat()}"}

    def test_nor_does_a_claim_without_a_call(self) -> None:
        assert beside_both(RunRecord(Intent.UPGRADE), replace(CALL, beside=frozenset({"a"}))) == {"a"}


def test_a_run_that_is_generated_anew_has_another_key() -> None:
    assert key_of(NATIVE) == f"{NAME} {NOW.isoformat()}"
    assert key_of(replace(NATIVE, created_at=None)) == f"{NAME} "
    assert may_answer(
        replace(NATIVE, created_at=None), replace(UNANSWERED, call=replace(CALL, beside=frozenset({NAME})))
    )


class TestGeneratedAnew:
    """A run was deleted, and one of the same name exists now."""

    def failed(self, recorded: datetime | None, created_at: datetime | None) -> Decision:
        given = facts(policy={"retry": "1"})
        run = run_of(first_specification(given), UpdateState.FAILED, completed_at=NOW - HOUR)
        run = replace(run, created_at=created_at, auto_upgrade_profile_id=given.profile.id)
        record = RunRecord(Intent.UPGRADE, restarts=1, restarted_failure=NOW - 3 * HOUR, created_at=recorded)
        return decide(with_runs(given, run, records={run.name: record}))

    def test_it_does_not_inherit_the_restarts(self) -> None:
        decision = self.failed(NOW - 5 * HOUR, NOW - 2 * HOUR)

        assert verdict(decision) == (Outcome.RETRY, Reason.RETRY_DUE)
        assert decision.restarts == 1

    @pytest.mark.parametrize(
        ("recorded", "created_at"), [(NOW - HOUR, NOW - HOUR), (NOW - HOUR, None), (None, NOW - HOUR), (None, None)]
    )
    def test_the_same_run_does_and_one_of_unknown_creation(
        self, recorded: datetime | None, created_at: datetime | None
    ) -> None:
        assert self.failed(recorded, created_at).reason is Reason.RETRIES_EXHAUSTED

    def test_only_the_record_of_the_deleted_run_is_forgotten(self) -> None:
        records = {
            NAME: RunRecord(Intent.UPGRADE, created_at=NOW - HOUR),
            "another": RunRecord(Intent.UPGRADE, created_at=NOW - HOUR),
        }

        assert of_these_runs(records, [NATIVE, a_run("without-record")]) == {"another": records["another"]}
