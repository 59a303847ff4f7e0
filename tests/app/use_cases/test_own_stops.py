"""Runs that the app stops for a newer target: continued when they are wanted again, unless a person stopped them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from shared.core.model.run_record import StopNote
from shared.core.model.update_run import UpdateRun, UpdateState
from shared.core.reasons import Outcome, Reason
from shared.errors import TransientError
from shared.use_cases.act_on_profile import Action, act_on_profile
from tests.app.fakes.azure import ProcessStopped
from tests.app.use_cases.scene import PROFILE, UseCaseScene, a_catalog, a_member

OLDER = a_catalog("1.35.5", "1.35.6")
NEWER = a_catalog("1.35.5", "1.35.6", "1.35.7")
LATER = timedelta(minutes=10)


def act(scene: UseCaseScene) -> Action:
    return act_on_profile(scene.services, PROFILE)


def replacing() -> UseCaseScene:
    """An older run of the profile is in progress, and a newer version is offered."""
    scene = UseCaseScene()
    scene.set_tags(active_run="replace")
    act(scene)
    scene.azure.catalog = NEWER
    return scene


def older(scene: UseCaseScene) -> UpdateRun:
    return next(run for run in scene.azure.fleet.update_runs if run.name == scene.azure.created[0])


def change_older(scene: UseCaseScene, state: UpdateState) -> None:
    """Someone, or Fleet, changes the older run."""
    scene.azure.time += LATER
    run = older(scene)
    ended = None if state is UpdateState.RUNNING else scene.azure.time
    changed = replace(run, state=state, completed_at=ended, etag=f"{run.etag}+")
    others = [each for each in scene.azure.fleet.update_runs if each.id != run.id]
    scene.azure.fleet = replace(scene.azure.fleet, update_runs=(*others, changed))


def note(scene: UseCaseScene) -> StopNote | None:
    return scene.ledger.records[older(scene).id][0].stop


def want_older_again(scene: UseCaseScene) -> None:
    """The newer run, if there is one, is finished, and the older version is the target."""
    for name in scene.azure.created[1:]:
        scene.azure.finish(name)
    scene.azure.catalog = OLDER
    scene.ledger.catalogs.clear()


def is_continued(scene: UseCaseScene) -> bool:
    want_older_again(scene)
    action = act(scene)
    return action.started and action.decision.reason is Reason.RUN_CONTINUED


class TestContinued:
    def test_a_run_that_the_app_stopped_is_started_again_when_it_is_wanted_again(self) -> None:
        scene = replacing()
        act(scene)
        assert note(scene) == StopNote(scene.azure.time, "1.35.7", is_made=True, stopped_at=scene.azure.time)

        assert is_continued(scene)

        assert older(scene).state is UpdateState.RUNNING
        assert len(scene.azure.created) == 2
        assert act(scene).decision.reason is Reason.RUN_IN_PROGRESS

    def test_with_catch_up_stepwise_the_app_does_not_block_itself(self) -> None:
        """Some clusters are two minors behind; the first of them is done with its step when the run is replaced."""
        scene = UseCaseScene(a_member("one", "1.33.5"), a_member("two", "1.33.5"))
        scene.azure.catalog = a_catalog("1.33.5", "1.34.5", "1.35.5")
        scene.set_tags(active_run="replace", catch_up="stepwise")
        act(scene)
        scene.azure.catalog = a_catalog("1.33.5", "1.34.5", "1.34.6", "1.35.5")
        act(scene)
        assert scene.azure.stopped == [scene.azure.created[0]]
        scene.azure.finish(scene.azure.created[1])
        scene.azure.catalog = a_catalog("1.33.5", "1.34.5", "1.35.5")

        action = act(scene)

        assert (action.decision.outcome, action.decision.reason) == (Outcome.START, Reason.RUN_CONTINUED)
        assert action.started

    def test_not_while_the_newer_run_is_unfinished(self) -> None:
        scene = replacing()
        act(scene)
        scene.azure.catalog = OLDER

        assert act(scene).decision.reason is Reason.ACTIVE_RUN
        assert older(scene).state is UpdateState.STOPPED

    def test_a_run_that_stops_slowly_is_noted_once_it_has_stopped(self) -> None:
        scene = replacing()
        scene.azure.state_after_stop = UpdateState.STOPPING
        act(scene)
        assert note(scene) == StopNote(scene.azure.time, "1.35.7", is_made=True)
        change_older(scene, UpdateState.STOPPED)

        scene.evaluate()
        assert scene.azure.due == [PROFILE]
        act(scene)

        ended = note(scene)
        assert ended is not None
        assert ended.stopped_at == scene.azure.time
        assert is_continued(scene)

    def test_members_to_skip_are_skipped_before_it_is_continued(self) -> None:
        scene = replacing()
        act(scene)
        scene.set_members(a_member("one"), a_member("two", stopped=True))

        assert is_continued(scene)

        assert older(scene).member_states["two"] is UpdateState.SKIPPED

    @pytest.mark.parametrize("when", ["stops_before", "stops_after"])
    @pytest.mark.parametrize("write", [1, 2])
    def test_a_stop_of_the_process_around_any_write_leaves_one_run_that_is_continued_once(
        self, when: str, write: int
    ) -> None:
        scene = replacing()
        act(scene)
        scene.set_members(a_member("one"), a_member("two", stopped=True))
        want_older_again(scene)
        setattr(scene.azure, when, 5 + write)  # two runs were created and started, and one stopped
        with pytest.raises(ProcessStopped):
            act(scene)
        scene.again()

        act(scene)

        assert older(scene).state is UpdateState.RUNNING
        assert scene.azure.started.count(older(scene).name) == 2


class TestLostAnswers:
    def test_a_stop_whose_answer_was_lost_is_the_apps(self, monkeypatch: pytest.MonkeyPatch) -> None:
        scene = replacing()
        stop = scene.azure.stop_run

        def lose_the_answer(run: UpdateRun) -> bool:
            stop(run)
            raise TransientError("timed out")

        monkeypatch.setattr(scene.azure, "stop_run", lose_the_answer)
        assert act(scene).decision.reason is Reason.UPGRADE_DUE

        assert is_continued(scene)

    def test_one_that_did_not_arrive_is_made_by_the_next_call(self, monkeypatch: pytest.MonkeyPatch) -> None:
        scene = replacing()

        def time_out(_: UpdateRun) -> bool:
            raise TransientError("timed out")

        with monkeypatch.context() as patch:
            patch.setattr(scene.azure, "stop_run", time_out)
            with pytest.raises(TransientError):
                act(scene)
        scene.azure.time += LATER
        act(scene)

        assert scene.azure.stopped == [older(scene).name]
        assert is_continued(scene)

    @pytest.mark.parametrize("when", ["stops_before", "stops_after"])
    def test_where_the_process_stops_around_it_the_next_call_finds_out(self, when: str) -> None:
        scene = replacing()
        setattr(scene.azure, when, 3)  # creating and starting the older run came before
        with pytest.raises(ProcessStopped):
            act(scene)
        scene.again()
        scene.azure.time += timedelta(minutes=1)
        act(scene)

        assert scene.azure.stopped == [older(scene).name]
        assert is_continued(scene)

    def test_the_next_call_may_find_the_run_stopping(self) -> None:
        scene = replacing()
        scene.azure.state_after_stop = UpdateState.STOPPING
        scene.azure.stops_after = 3
        with pytest.raises(ProcessStopped):
            act(scene)
        scene.again()
        scene.azure.time += timedelta(minutes=1)
        act(scene)
        change_older(scene, UpdateState.STOPPED)
        act(scene)

        assert is_continued(scene)


class TestPeople:
    def test_a_run_that_was_continued_and_that_a_person_stopped_stays_stopped(self) -> None:
        scene = replacing()
        act(scene)
        assert is_continued(scene)
        change_older(scene, UpdateState.STOPPED)

        assert act(scene).decision.reason is Reason.RUN_STOPPED
        assert older(scene).state is UpdateState.STOPPED

    def test_a_run_that_a_person_started_and_stopped_again_stays_stopped(self) -> None:
        scene = replacing()
        act(scene)
        change_older(scene, UpdateState.RUNNING)
        change_older(scene, UpdateState.STOPPED)

        assert not is_continued(scene)

    def test_also_if_they_started_it_before_it_was_seen_as_stopped(self) -> None:
        scene = replacing()
        scene.azure.state_after_stop = UpdateState.STOPPING
        act(scene)
        change_older(scene, UpdateState.RUNNING)
        scene.azure.catalog = OLDER
        act(scene)
        assert note(scene) is None
        change_older(scene, UpdateState.STOPPED)

        assert not is_continued(scene)

    def test_a_stop_that_was_noted_and_never_made_is_not_the_apps(self) -> None:
        scene = replacing()
        scene.azure.stops_before = 3
        with pytest.raises(ProcessStopped):
            act(scene)
        scene.again()
        change_older(scene, UpdateState.STOPPED)
        act(scene)

        assert not is_continued(scene)
        assert older(scene).state is UpdateState.STOPPED

    def test_a_run_that_a_person_stopped_first_is_theirs(self, monkeypatch: pytest.MonkeyPatch) -> None:
        scene = replacing()
        replace_stop = scene.ledger.replace_stop

        def they_are_faster(*arguments: object) -> bool:
            is_noted = replace_stop(*arguments)  # type: ignore[arg-type] # passed on
            if older(scene).state is UpdateState.RUNNING:
                change_older(scene, UpdateState.STOPPED)
            return is_noted

        monkeypatch.setattr(scene.ledger, "replace_stop", they_are_faster)
        act(scene)

        assert note(scene) is None
        assert not is_continued(scene)

    def test_a_person_who_stops_it_right_before_it_is_continued_is_respected(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        scene = replacing()
        act(scene)
        want_older_again(scene)
        start = scene.azure.start_run

        def they_are_faster(run: UpdateRun) -> bool:
            monkeypatch.undo()
            change_older(scene, UpdateState.RUNNING)
            change_older(scene, UpdateState.STOPPED)
            return start(run)

        monkeypatch.setattr(scene.azure, "start_run", they_are_faster)

        assert not act(scene).started
        assert act(scene).decision.reason is Reason.RUN_STOPPED

    def test_where_fleet_does_not_report_when_a_run_stopped_it_is_continued_once(self) -> None:
        scene = replacing()
        act(scene)
        run = older(scene)
        others = [each for each in scene.azure.fleet.update_runs if each.id != run.id]
        unreported = replace(run, completed_at=None)
        scene.azure.fleet = replace(scene.azure.fleet, update_runs=(*others, unreported))
        made = replace(note(scene) or StopNote(scene.azure.time, ""), stopped_at=None)
        scene.ledger.replace_stop(run.id, note(scene), made, scene.ledger.records[run.id][0].intent)

        assert is_continued(scene)
        assert note(scene) is None


def test_two_calls_that_stop_the_same_run_note_it_once(monkeypatch: pytest.MonkeyPatch) -> None:
    scene = replacing()
    replace_stop, pending = scene.ledger.replace_stop, [True]

    def the_other_one_is_faster(*arguments: object) -> bool:
        if pending:
            pending.pop()
            act(scene)
        return replace_stop(*arguments)  # type: ignore[arg-type] # passed on

    monkeypatch.setattr(scene.ledger, "replace_stop", the_other_one_is_faster)
    act(scene)

    assert scene.azure.stopped == [older(scene).name]
    assert is_continued(scene)
