"""Retry: a failed run is restarted after a pause, as often as the policy says, each time once, and then given up."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import timedelta

import pytest

from shared.core.model.fleet import Cluster
from shared.core.model.run_record import Intent, RunRecord
from shared.core.model.update_run import UpdateState
from shared.core.reasons import Outcome, Reason
from shared.use_cases.act_on_profile import Action, act_on_profile
from shared.use_cases.generate_update_run import RunRefusedError, generate_update_run
from tests.app.fakes.azure import ProcessStopped
from tests.app.use_cases.scene import PROFILE, UseCaseScene, a_member

WRITES_OF_A_RESTART = 2
"""Skipping a member and starting."""


def act(scene: UseCaseScene) -> Action:
    return act_on_profile(scene.services, PROFILE)


def failed(scene: UseCaseScene, retry: str = "1") -> UseCaseScene:
    """The scene with its run failed at member two."""
    scene.set_tags(retry=retry)
    act(scene)
    scene.azure.fail(scene.azure.created[0], "two")
    return scene


def with_failed_cluster(scene: UseCaseScene) -> UseCaseScene:
    broken = a_member("two")
    assert isinstance(broken.cluster, Cluster)
    cluster = replace(broken.cluster, provisioning_state="Failed")
    scene.set_members(a_member("one"), replace(broken, cluster=cluster))
    return scene


def test_without_the_policy_a_failed_run_is_not_restarted() -> None:
    scene = failed(UseCaseScene(), retry="0")

    assert act(scene).decision.reason is Reason.RUN_FAILED
    assert len(scene.azure.started) == 1


def test_a_restart_comes_after_a_quarter_of_an_hour_and_not_before() -> None:
    scene = failed(UseCaseScene())

    assert act(scene).decision.reason is Reason.RETRY_WAITS
    scene.azure.time += timedelta(minutes=15)
    action = act(scene)

    assert (action.decision.outcome, action.started) == (Outcome.RETRY, True)
    assert scene.azure.started == scene.azure.created * 2


def test_each_pause_is_twice_as_long_and_after_the_last_restart_it_is_given_up_loudly(
    caplog: pytest.LogCaptureFixture,
) -> None:
    scene = failed(UseCaseScene(), retry="3")
    for minutes in (15, 30, 60):
        scene.azure.time += timedelta(minutes=minutes - 1)
        assert act(scene).decision.reason is Reason.RETRY_WAITS
        scene.azure.time += timedelta(minutes=1)
        assert act(scene).decision.reason is Reason.RETRY_DUE
        scene.azure.time += timedelta(minutes=5)
        scene.azure.fail(scene.azure.created[0], "two")

    caplog.clear()
    with caplog.at_level(logging.INFO, "fleet_auto_upgrade"):
        action = act(scene)

    assert action.decision.reason is Reason.RETRIES_EXHAUSTED
    assert [record.levelname for record in caplog.records] == ["ERROR"]
    assert len(scene.azure.started) == 4


def test_a_member_whose_cluster_has_failed_is_skipped_in_the_restart() -> None:
    scene = with_failed_cluster(failed(UseCaseScene()))
    scene.azure.time += timedelta(minutes=15)

    act(scene)

    [run] = scene.azure.fleet.update_runs
    assert run.state is UpdateState.RUNNING
    assert run.member_states == {"one": UpdateState.NOT_STARTED, "two": UpdateState.SKIPPED}


def test_where_fleet_refuses_to_skip_a_failed_member_the_run_is_restarted_with_it() -> None:
    scene = with_failed_cluster(failed(UseCaseScene()))
    scene.azure.time += timedelta(minutes=15)
    scene.azure.skip_is_refused = True

    assert act(scene).started


def test_a_member_skipped_in_a_restart_is_caught_up_once_it_is_repaired() -> None:
    scene = with_failed_cluster(failed(UseCaseScene()))
    scene.azure.time += timedelta(minutes=15)
    act(scene)
    scene.azure.finish(scene.azure.created[0])
    scene.set_members(a_member("one", "1.35.6"), a_member("two"))

    assert act(scene).decision.reason is Reason.CATCH_UP_DUE
    assert len(scene.azure.created) == 2


@pytest.mark.parametrize("when", ["stops_before", "stops_after"])
@pytest.mark.parametrize("write", range(1, WRITES_OF_A_RESTART + 1))
def test_a_stop_around_any_write_of_a_restart_still_gives_one_restart(when: str, write: int) -> None:
    scene = with_failed_cluster(failed(UseCaseScene()))
    scene.azure.time += timedelta(minutes=15)
    done = 2  # creating and starting the run
    setattr(scene.azure, when, done + write)
    with pytest.raises(ProcessStopped):
        act(scene)

    scene.again()
    act(scene)
    act(scene)

    assert len(scene.azure.started) == 2
    [record] = scene.ledger.run_records([PROFILE.parent])[PROFILE.parent].values()
    assert isinstance(record, RunRecord)
    assert record.restarts == 1


def test_a_restart_that_was_recorded_and_never_made_is_made_though_it_was_the_last() -> None:
    scene = failed(UseCaseScene())
    scene.azure.time += timedelta(minutes=15)
    [run] = scene.azure.fleet.update_runs
    scene.ledger.record_restart(run.id, 1, run.completed_at)

    assert act(scene).started


def test_a_run_that_a_person_made_is_theirs_to_restart() -> None:
    scene = UseCaseScene()
    scene.set_tags(retry="3")
    generate_update_run(scene.services, PROFILE, start=False)
    scene.azure.fail(scene.azure.created[0], "two")
    scene.azure.time += timedelta(hours=1)

    assert act(scene).decision.reason is Reason.RUN_FAILED
    assert scene.azure.started == []


def test_on_demand_a_failed_run_is_returned_and_neither_restarted_nor_counted() -> None:
    scene = failed(UseCaseScene())
    scene.azure.time += timedelta(minutes=15)

    run_id = generate_update_run(scene.services, PROFILE, start=False)

    assert run_id.name == scene.azure.created[0]
    assert len(scene.azure.started) == 1


def test_on_demand_a_start_is_refused_while_the_pause_lasts() -> None:
    scene = failed(UseCaseScene())

    with pytest.raises(RunRefusedError, match="restart 1 of 1 comes at"):
        generate_update_run(scene.services, PROFILE, start=True)


def test_a_restart_that_lost_the_race_does_nothing() -> None:
    scene = failed(UseCaseScene(), retry="2")
    scene.azure.time += timedelta(minutes=15)
    [run] = scene.azure.fleet.update_runs
    scene.ledger.record_restart(run.id, 2, scene.azure.time)

    action = act_on_profile(scene.services, PROFILE)

    assert action.decision.reason is Reason.RETRIES_EXHAUSTED
    record = scene.ledger.run_records([PROFILE.parent])[PROFILE.parent][run.name]
    assert isinstance(record, RunRecord)
    assert record.intent is Intent.UPGRADE
    assert len(scene.azure.started) == 1
