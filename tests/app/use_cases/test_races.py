"""Two calls that decide the same or different things at the same moment, and people who act in between."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from shared.core.decision import Decision
from shared.core.model.fleet import Cluster
from shared.core.model.run_record import RunRecord
from shared.core.model.update_run import UpdateRun, UpdateState
from shared.core.reasons import Outcome, Reason
from shared.errors import NotReadyError, TransientError, UserMustFixError
from shared.use_cases.act_on_profile import Action, act_on_profile
from shared.use_cases.generate_update_run import generate_update_run
from tests.app.builders import not_started
from tests.app.use_cases.scene import FLEET, PROFILE, UseCaseScene, a_catalog, a_member
from tests.app.use_cases.test_policies import a_native_run

LATER = timedelta(minutes=5)


def act(scene: UseCaseScene) -> Action:
    return act_on_profile(scene.services, PROFILE)


def restarts(scene: UseCaseScene) -> int:
    [record] = scene.ledger.run_records([PROFILE.parent])[PROFILE.parent].values()
    assert isinstance(record, RunRecord)
    return record.restarts


def due_for_a_restart(retry: str = "5") -> UseCaseScene:
    scene = UseCaseScene()
    scene.set_tags(retry=retry)
    act(scene)
    scene.azure.fail(scene.azure.created[0], "two")
    scene.azure.time += timedelta(hours=1)
    return scene


def with_broken_cluster(scene: UseCaseScene) -> UseCaseScene:
    """The cluster that failed is broken, and is to be skipped in the restart."""
    broken = a_member("two")
    assert isinstance(broken.cluster, Cluster)
    cluster = replace(broken.cluster, provisioning_state="Failed")
    scene.set_members(a_member("one"), replace(broken, cluster=cluster))
    return scene


def set_run(scene: UseCaseScene, state: UpdateState, member: UpdateState, ended: datetime | None = None) -> None:
    """Someone, or Fleet, changes the only run."""
    [run] = scene.azure.fleet.update_runs
    states = {**run.member_states, "two": member}
    changed = replace(run, state=state, member_states=states, completed_at=ended, etag=f"{run.etag}+")
    scene.azure.fleet = replace(scene.azure.fleet, update_runs=(changed,))


def once(monkeypatch: pytest.MonkeyPatch, where: object, method: str, happens: Callable[[], None]) -> None:
    """Something happens right before the first call of the method."""
    call, pending = getattr(where, method), [happens]

    def after_it(*arguments: object) -> object:
        if pending:
            pending.pop()()
        return call(*arguments)

    monkeypatch.setattr(where, method, after_it)


class TestSameRestart:
    """Two deliveries decide the same restart, and one of them is slow."""

    def test_a_later_failure_is_not_restarted_by_the_slow_one(self, monkeypatch: pytest.MonkeyPatch) -> None:
        scene = due_for_a_restart()

        def the_other_one_restarts_it_and_it_fails_again() -> None:
            assert act(scene).started
            scene.azure.time += LATER
            scene.azure.fail(scene.azure.created[0], "two")

        once(monkeypatch, scene.azure, "start_run", the_other_one_restarts_it_and_it_fails_again)
        action = act(scene)

        assert not action.started
        assert len(scene.azure.started) == 2
        assert restarts(scene) == 1
        assert act(scene).decision.reason is Reason.RETRY_WAITS

    def test_what_a_person_stopped_since_is_not_restarted_by_the_slow_one(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        scene = due_for_a_restart()

        def the_other_one_restarts_it_and_a_person_stops_it() -> None:
            assert act(scene).started
            scene.azure.time += LATER
            set_run(scene, UpdateState.STOPPED, UpdateState.NOT_STARTED, scene.azure.time)

        once(monkeypatch, scene.azure, "start_run", the_other_one_restarts_it_and_a_person_stops_it)
        action = act(scene)

        assert not action.started
        assert len(scene.azure.started) == 2
        assert act(scene).decision.reason is Reason.RUN_STOPPED

    def test_a_failure_after_a_person_restarted_it_waits_for_its_pause(self, monkeypatch: pytest.MonkeyPatch) -> None:
        scene = due_for_a_restart()

        def it_fails_again() -> None:
            set_run(scene, UpdateState.FAILED, UpdateState.FAILED, scene.azure.time)

        once(monkeypatch, scene.azure, "find_run", it_fails_again)
        action = act(scene)

        assert not action.started
        assert restarts(scene) == 0
        assert act(scene).decision.reason is Reason.RETRY_WAITS

    def test_where_fleet_does_not_report_when_it_failed_a_lost_race_starts_nothing(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        scene = due_for_a_restart()
        set_run(scene, UpdateState.FAILED, UpdateState.FAILED)
        once(
            monkeypatch,
            scene.azure,
            "start_run",
            lambda: set_run(scene, UpdateState.FAILED, UpdateState.FAILED),
        )

        assert not act(scene).started
        assert act(scene).started


class TestSkippingInARestart:
    """The run changes before its broken member is skipped."""

    def test_the_same_failure_is_restarted_without_the_member(self, monkeypatch: pytest.MonkeyPatch) -> None:
        scene = with_broken_cluster(due_for_a_restart())
        [run] = scene.azure.fleet.update_runs
        once(
            monkeypatch,
            scene.azure,
            "skip_members",
            lambda: set_run(scene, UpdateState.FAILED, UpdateState.FAILED, run.completed_at),
        )

        assert act(scene).started

        [run] = scene.azure.fleet.update_runs
        assert run.member_states == {"one": UpdateState.NOT_STARTED, "two": UpdateState.SKIPPED}
        assert restarts(scene) == 1

    def test_one_that_a_person_restarted_is_not_touched_and_no_restart_is_spent(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        scene = with_broken_cluster(due_for_a_restart())
        once(
            monkeypatch,
            scene.azure,
            "skip_members",
            lambda: set_run(scene, UpdateState.RUNNING, UpdateState.RUNNING),
        )

        assert not act(scene).started

        [run] = scene.azure.fleet.update_runs
        assert (run.state, run.member_states["two"]) == (UpdateState.RUNNING, UpdateState.RUNNING)
        assert restarts(scene) == 0


class TestAroundARelease:
    """Two deliveries decide for different versions, since a release comes in between."""

    @staticmethod
    def run_of_the_other(scene: UseCaseScene) -> Callable[[], None]:
        """Another delivery, which knows no newer version, starts its run, and Fleet finishes its clusters at once."""

        def act_on_the_older_version() -> None:
            newer, scene.azure.catalog = scene.azure.catalog, a_catalog("1.35.5", "1.35.6")
            assert act(scene).started
            scene.azure.catalog = newer
            [run] = scene.azure.fleet.update_runs
            done = replace(run, member_states=dict.fromkeys(run.member_states, UpdateState.COMPLETED))
            scene.azure.fleet = replace(scene.azure.fleet, update_runs=(done,))

        return act_on_the_older_version

    @staticmethod
    def scene() -> UseCaseScene:
        scene = UseCaseScene()
        scene.azure.catalog = a_catalog("1.35.5", "1.35.6", "1.35.7")
        return scene

    def test_the_second_one_generates_nothing_beside_the_first_one_s_run(self, monkeypatch: pytest.MonkeyPatch) -> None:
        scene = self.scene()
        once(monkeypatch, scene.ledger, "record_decisions", self.run_of_the_other(scene))

        action = act(scene)

        assert (action.decision.outcome, action.decision.reason) == (Outcome.WAITING, Reason.ACTIVE_RUN)
        assert action.run is None
        assert scene.ledger.decisions[PROFILE].reason is Reason.ACTIVE_RUN
        assert len(scene.azure.created) == len(scene.azure.started) == 1

    def test_a_run_that_was_generated_before_is_not_started_beside_it(self, monkeypatch: pytest.MonkeyPatch) -> None:
        scene = self.scene()
        newer = generated_and_not_started(scene)
        once(monkeypatch, scene.ledger, "record_decisions", self.run_of_the_other_beside(scene, newer))

        assert act(scene).decision.reason is Reason.ACTIVE_RUN

        assert scene.azure.started == [scene.azure.created[1]]
        assert newer not in scene.azure.started

    def run_of_the_other_beside(self, scene: UseCaseScene, newer: str) -> Callable[[], None]:
        def act_on_the_older_version() -> None:
            kept = [run for run in scene.azure.fleet.update_runs if run.name == newer]
            scene.azure.fleet = replace(scene.azure.fleet, update_runs=())
            self.run_of_the_other(scene)()
            scene.azure.fleet = replace(scene.azure.fleet, update_runs=(*scene.azure.fleet.update_runs, *kept))

        return act_on_the_older_version

    def test_while_one_generates_and_starts_the_other_one_is_to_be_repeated(self) -> None:
        scene = self.scene()

        def the_other_one_comes() -> None:
            scene.azure.before_runs_are_read = lambda: None
            scene.azure.catalog = a_catalog("1.35.5", "1.35.6")
            with pytest.raises(NotReadyError):
                act(scene)

        scene.azure.before_runs_are_read = the_other_one_comes

        assert act(scene).started
        assert len(scene.azure.created) == 1


def test_a_request_that_failed_half_way_makes_someone_else_s_run_no_run_of_this_app(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A person asked to start a run that a person created; members were recorded as skipped, and then it failed."""
    scene = UseCaseScene(a_member("one"), a_member("two", stopped=True))
    theirs = replace(a_native_run(), id=FLEET.child("updateRuns", "by-hand"), auto_upgrade_profile_id=None, etag='"1"')
    scene.azure.fleet = replace(scene.azure.fleet, update_runs=(theirs,))

    def fail(*_: object) -> bool:
        raise TransientError("throttled")

    with monkeypatch.context() as patch:
        patch.setattr(scene.azure, "skip_members", fail)
        with pytest.raises(TransientError):
            generate_update_run(scene.services, PROFILE, start=True)
    scene.azure.time += LATER

    assert act(scene).decision.reason is Reason.RUN_AWAITS_REVIEW
    assert scene.azure.started == []


def generated_and_not_started(scene: UseCaseScene) -> str:
    """A process generated the run and stopped before it started it; its lease has run out."""

    def refuse(_: UpdateRun) -> bool:
        raise NotReadyError("stopped here")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(scene.azure, "start_run", refuse)
        with pytest.raises(NotReadyError):
            act(scene)
    return scene.azure.created[0]


def test_while_a_run_is_generated_no_other_run_of_the_profile_can_be(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where they have no member in common."""
    scene = UseCaseScene()
    leased: list[Sequence[str]] = []
    lease = scene.ledger.lease_start

    def noted(run_id: object, members: Sequence[str], now: datetime, was_started: object) -> object:
        leased.append(members)
        return lease(run_id, members, now, was_started)  # type: ignore[arg-type] # passed on

    monkeypatch.setattr(scene.ledger, "lease_start", noted)
    decision: Decision = act(scene).decision

    assert leased == [(*decision.members_in_run, PROFILE.key)]


@pytest.mark.parametrize(("error", "is_kept"), [(TransientError("timed out"), True), (NotReadyError("later"), False)])
def test_the_lease_is_kept_where_a_call_that_shares_it_may_still_start_the_run(
    error: Exception, *, is_kept: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene = UseCaseScene()

    def fail(*_: object) -> bool:
        raise error

    monkeypatch.setattr(scene.azure, "create_run", fail)
    with pytest.raises(type(error)):
        act(scene)

    assert bool(scene.ledger.leases) is is_kept


def test_a_refused_call_does_not_give_back_the_lease_under_which_another_call_starts_the_run(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Without it a run on the same clusters could be started before the other call's start arrives."""
    scene = UseCaseScene()
    generated_and_not_started(scene)
    another, seen = FLEET.child("updateRuns", "another"), list[bool]()

    def refuse(_: UpdateRun) -> bool:
        raise UserMustFixError("Fleet refuses")

    def a_call_for_the_same_run_is_refused() -> None:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(scene.azure, "start_run", refuse)
            with pytest.raises(UserMustFixError):
                act(scene)
        with pytest.raises(NotReadyError, match="is being started on clusters of"):
            scene.ledger.lease_start(another, ["two"], scene.azure.time, not_started)
        seen.append(True)

    once(monkeypatch, scene.azure, "start_run", a_call_for_the_same_run_is_refused)

    assert act(scene).started
    assert seen == [True]
    assert [run.name for run in scene.ledger.leases] == scene.azure.created
