"""Channel SecurityPatch: Fleet generates the run, regardless of `generator`, and the app checks and starts it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from shared.core.model.ids import ResourceId
from shared.core.model.profile import Channel, Profile
from shared.core.model.update_run import UpdateRun, UpdateState, UpgradeType
from shared.core.reasons import Outcome, Reason
from shared.use_cases.act_on_profile import act_on_profile
from tests.app.builders import a_run
from tests.app.fakes.azure import ProcessStopped
from tests.app.telemetry.emitted import Emitted
from tests.app.use_cases.scene import FLEET, PROFILE, UseCaseScene

RUN: ResourceId = FLEET.child("updateRuns", "auto-rapid-securitypatch-1abcdef")


def native(upgrade_type: UpgradeType = UpgradeType.NODE_IMAGE_ONLY, version: str | None = None) -> UpdateRun:
    run = a_run(RUN.name, UpdateState.NOT_STARTED, version=version, upgrade_type=upgrade_type)
    members = {"one": UpdateState.NOT_STARTED, "two": UpdateState.NOT_STARTED}
    return replace(run, id=RUN, auto_upgrade_profile_id=PROFILE, member_states=members)


@pytest.fixture
def scene() -> UseCaseScene:
    scene = UseCaseScene(profile=Profile(PROFILE, Channel.SECURITY_PATCH))
    scene.azure.fleet = replace(scene.azure.fleet, is_preview=True)
    scene.azure.native_run = native()
    return scene


def test_fleet_generates_the_run_and_the_app_starts_it_once(scene: UseCaseScene) -> None:
    act_on_profile(scene.services, PROFILE)
    act_on_profile(scene.services, PROFILE)

    assert (scene.azure.generated_natively, scene.azure.created, scene.azure.started) == (1, [], [RUN.name])


def test_a_run_that_does_more_than_node_images_is_not_started(scene: UseCaseScene) -> None:
    scene.azure.native_run = native(UpgradeType.FULL, "1.36.0")

    decision = act_on_profile(scene.services, PROFILE).decision
    assert (decision.outcome, decision.reason) == (Outcome.BLOCKED, Reason.NATIVE_RUN_DISAGREES)
    assert scene.azure.started == []


def test_fleet_is_asked_again_in_the_next_week_and_an_older_run_is_neither_reported_nor_started_again(
    scene: UseCaseScene, caplog: pytest.LogCaptureFixture
) -> None:
    emitted = Emitted(caplog)
    act_on_profile(scene.services, PROFILE)
    scene.azure.finish(RUN.name)
    assert act_on_profile(scene.services, PROFILE).decision.outcome is Outcome.UP_TO_DATE
    assert scene.azure.generated_natively == 1

    scene.azure.time += timedelta(days=7)
    act_on_profile(scene.services, PROFILE)
    assert act_on_profile(scene.services, PROFILE).decision.outcome is Outcome.UP_TO_DATE
    assert (scene.azure.generated_natively, scene.azure.started) == (2, [RUN.name])
    assert len(emitted.properties("run_generated")) == 1


@pytest.mark.parametrize("stop", ["stops_before", "stops_after"])
@pytest.mark.parametrize("write", [1, 2])
def test_a_process_that_stops_between_two_steps_leaves_one_run_that_is_started_once(
    scene: UseCaseScene, stop: str, write: int
) -> None:
    setattr(scene.azure, stop, write)
    with pytest.raises(ProcessStopped):
        act_on_profile(scene.services, PROFILE)
    scene.again()
    act_on_profile(scene.services, PROFILE)

    assert scene.azure.started == [RUN.name]
    assert [run.id for run in scene.azure.fleet.update_runs] == [RUN]
