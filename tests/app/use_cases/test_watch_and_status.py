"""Watching runs, and what is remembered for people to read."""

from __future__ import annotations

import logging
from datetime import timedelta

import pytest

from shared.core.model.update_run import UpdateState
from shared.core.reasons import Reason
from shared.errors import NotFoundError, TransientError
from shared.ports import RecordedDecision, Trigger
from shared.use_cases.act_on_profile import act_on_profile
from shared.use_cases.generate_update_run import generate_update_run
from shared.use_cases.profile_status import read_status
from shared.use_cases.watch_runs import watch_runs
from tests.app.use_cases.scene import FLEET, NOW, PROFILE, UseCaseScene, a_member


def with_run(**policies: str) -> UseCaseScene:
    scene = UseCaseScene()
    scene.set_tags(**policies)
    act_on_profile(scene.services, PROFILE)
    return scene


class TestWatch:
    def test_without_a_run_to_follow_no_catalog_is_read(self) -> None:
        scene = UseCaseScene()

        assert not watch_runs(scene.services).looked
        assert scene.azure.catalog_reads == 0

    def test_while_nothing_moves_one_small_query_is_all(self) -> None:
        scene = with_run()
        scene.azure.finish(scene.azure.created[0])
        scene.azure.time += timedelta(hours=2)
        scene.evaluate()
        before = scene.estate.sweeps

        assert not watch_runs(scene.services).looked
        assert scene.estate.sweeps == before

    @pytest.mark.parametrize("hours", [0, 1, 2, 24, 25, 26])
    @pytest.mark.parametrize("end", [UpdateState.COMPLETED, UpdateState.FAILED, None])
    def test_the_small_query_hides_no_run_that_the_sweep_would_find(
        self, end: UpdateState | None, hours: int, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        scene = with_run()
        scene.evaluate()
        if end is UpdateState.FAILED:
            scene.azure.fail(scene.azure.created[0], "two")
        elif end is not None:
            scene.azure.finish(scene.azure.created[0], end)
        scene.azure.time += timedelta(hours=hours)

        def watched() -> tuple[bool, int]:
            caplog.clear()
            with caplog.at_level(logging.INFO, "fleet_auto_upgrade"):
                followed = watch_runs(scene.services).looked
            return followed, sum(vars(one).get("event_name") == "run_watched" for one in caplog.records)

        with_the_query = watched()
        monkeypatch.setattr(scene.estate, "has_runs_to_watch", lambda **_: True)

        assert watched() == with_the_query

    def test_messages_that_failed_too_often_are_reported_with_each_watch(
        self, caplog: pytest.LogCaptureFixture
    ) -> None:
        scene = UseCaseScene()
        scene.azure.poisoned = {"evaluate-profile": 2, "watch-gates": 0}
        with caplog.at_level(logging.INFO, "fleet_auto_upgrade"):
            watch_runs(scene.services)

        [reported] = [vars(record) for record in caplog.records if vars(record)["event_name"] == "messages_poisoned"]
        assert (reported["queue"], reported["messages"]) == ("evaluate-profile", "2")

    def test_the_state_of_a_run_is_reported(self, caplog: pytest.LogCaptureFixture) -> None:
        scene = with_run()
        with caplog.at_level(logging.INFO, "fleet_auto_upgrade"):
            watch_runs(scene.services)

        [reported] = [vars(record) for record in caplog.records if vars(record)["event_name"] == "run_watched"]
        assert (reported["state"], reported["members"]) == ("Running", '{"NotStarted": 2}')

    def test_a_profile_whose_restart_is_due_is_enqueued(self) -> None:
        scene = with_run(retry="1")
        scene.azure.fail(scene.azure.created[0], "two")
        watch_runs(scene.services)
        assert scene.azure.due == []

        scene.azure.time += timedelta(minutes=15)
        watch_runs(scene.services)

        assert scene.azure.due == [PROFILE]

    @pytest.mark.parametrize("state", [UpdateState.COMPLETED, UpdateState.SKIPPED])
    def test_the_profile_of_a_run_that_just_ended_is_enqueued(self, state: UpdateState) -> None:
        scene = with_run()
        scene.evaluate()
        scene.azure.time += timedelta(minutes=5)
        scene.azure.finish(scene.azure.created[0], state)
        scene.set_members(a_member("one", "1.35.6"), a_member("two", "1.35.6"), a_member("three"))

        watch_runs(scene.services)

        assert scene.azure.due == [PROFILE]

    def test_a_run_that_ended_before_the_last_evaluation_of_everything_is_not_followed(self) -> None:
        scene = with_run()
        scene.azure.finish(scene.azure.created[0])
        scene.azure.time += timedelta(minutes=5)
        scene.evaluate()

        assert not watch_runs(scene.services).looked

    def test_an_old_failure_is_left_to_the_reconciliation(self) -> None:
        scene = with_run()
        scene.azure.fail(scene.azure.created[0], "two")
        scene.azure.time += timedelta(hours=25, seconds=1)

        assert not watch_runs(scene.services).looked

    def test_watching_is_no_complete_evaluation(self) -> None:
        scene = with_run()
        watch_runs(scene.services)

        assert scene.ledger.last_evaluation() is None


class TestStatus:
    def test_before_the_first_trigger_the_status_is_empty(self) -> None:
        status = read_status(UseCaseScene().services, PROFILE)

        assert (status.last_trigger, status.last_decision, status.last_evaluated_at) == (None, None, None)

    def test_it_shows_the_last_trigger_and_the_last_decision(self) -> None:
        scene = with_run()

        status = read_status(scene.services, PROFILE)

        assert status.last_trigger == Trigger(NOW, ("1.35.6",))
        assert isinstance(status.last_decision, RecordedDecision)
        assert status.last_decision.content["reason"] == Reason.UPGRADE_DUE

    def test_a_trigger_that_failed_is_shown_with_its_error(self, monkeypatch: pytest.MonkeyPatch) -> None:
        scene = UseCaseScene()

        def refuse(*_: object) -> bool:
            raise TransientError("Fleet does not respond")

        monkeypatch.setattr(scene.azure, "create_run", refuse)
        with pytest.raises(TransientError):
            act_on_profile(scene.services, PROFILE)

        assert read_status(scene.services, PROFILE).last_trigger == Trigger(
            NOW, ("1.35.6",), "Transient", "Fleet does not respond"
        )

    def test_a_failure_to_remember_does_not_hide_the_failure_itself(self, monkeypatch: pytest.MonkeyPatch) -> None:
        scene = UseCaseScene()

        def refuse(*_: object) -> bool:
            raise TransientError("Fleet does not respond")

        def forget(*_: object) -> None:
            raise TransientError("the ledger does not respond")

        monkeypatch.setattr(scene.azure, "create_run", refuse)
        monkeypatch.setattr(scene.ledger, "record_trigger", forget)
        with pytest.raises(TransientError, match="Fleet does not respond"):
            act_on_profile(scene.services, PROFILE)

    def test_a_bug_is_shown_without_its_message(self, monkeypatch: pytest.MonkeyPatch) -> None:
        scene = UseCaseScene()

        def stumble(*_: object) -> bool:
            raise ZeroDivisionError("secret inside")

        monkeypatch.setattr(scene.azure, "create_run", stumble)
        with pytest.raises(ZeroDivisionError):
            act_on_profile(scene.services, PROFILE)

        trigger = read_status(scene.services, PROFILE).last_trigger
        assert isinstance(trigger, Trigger)
        assert "secret" not in trigger.error_message

    def test_a_request_on_demand_is_no_trigger(self) -> None:
        scene = UseCaseScene()
        generate_update_run(scene.services, PROFILE, start=True)

        assert read_status(scene.services, PROFILE).last_trigger is None

    def test_an_unknown_profile_is_not_found(self) -> None:
        with pytest.raises(NotFoundError):
            read_status(UseCaseScene().services, FLEET.child("autoUpgradeProfiles", "missing"))
