"""Leaving a failed member out, so that its run can go on without it."""

from __future__ import annotations

from typing import cast

import pytest

from tests.tools.emulator_fleet.fleet_lab import CONTROL_PLANE, POOL, PREVIEW, FleetLab, JsonObject, a_run, a_stage
from tools.json_value import Json

ONE_CLUSTER = CONTROL_PLANE + POOL


def a_failed_run(*names: str) -> FleetLab:
    """A run whose first member has failed; the failure would come once more."""
    lab = FleetLab(*names)
    lab.change(names[0], failUpgrades={"times": 2, "provisioningState": "Succeeded"})
    lab.put("/updateRuns/run", a_run(strategy={"stages": [a_stage("s", *names, maxConcurrency="1")]}))
    lab.start()
    lab.pass_minutes(CONTROL_PLANE)
    assert lab.state() == "Failed"
    return lab


@pytest.mark.parametrize(("kind", "target"), [("Member", "one"), ("Group", "one")])
def test_a_failed_member_is_skipped_and_the_restarted_run_completes_without_it(kind: str, target: str) -> None:
    lab = a_failed_run("one", "two")
    lab.skip(kind, target)

    assert lab.state() == "Failed", "the run waits to be started again"
    assert lab.members()["one"]["message"] == "skipped by request."
    assert {*lab.status("one")} == {"state", "completedTime"}, "neither an error nor a start is shown"
    lab.start()
    lab.pass_minutes(ONE_CLUSTER)
    assert (lab.state(), lab.states()) == ("Completed", {"one": "Skipped", "two": "Completed"})
    assert (lab.version("one"), lab.version("two")) == ("1.30.5", "1.30.7")


def test_skipping_a_failed_runs_stage_skips_what_failed_in_it_and_what_had_not_begun() -> None:
    lab = a_failed_run("one", "two")
    lab.skip("Stage", "s")
    lab.start()

    assert (lab.state(), lab.states()) == ("Skipped", {"one": "Skipped", "two": "Skipped"})


def test_a_stage_does_not_look_at_work_when_its_failed_member_is_skipped() -> None:
    lab = a_failed_run("one", "two")
    lab.skip("Member", "one")

    [stage] = cast("list[JsonObject]", cast("JsonObject", lab.run()["status"])["stages"])
    assert cast("JsonObject", stage["status"])["state"] == "Failed"


def test_a_group_does_not_look_at_work_when_one_of_its_members_is_skipped_before_the_start() -> None:
    groups = dict.fromkeys(("one", "two"), "all")
    lab = FleetLab(*groups, groups=groups)
    lab.put("/updateRuns/run", a_run(strategy={"stages": [a_stage("s", "all")]}))
    lab.skip("Member", "one")

    [stage] = cast("list[JsonObject]", cast("JsonObject", lab.run()["status"])["stages"])
    [group] = cast("list[JsonObject]", stage["groups"])
    assert stage["status"] == group["status"] == {"state": "NotStarted"}


def test_a_failed_member_of_a_stopped_run_is_skipped_as_well() -> None:
    groups = dict.fromkeys(("one", "two", "three"), "all")
    lab = FleetLab(*groups, groups=groups)
    lab.change("one", failUpgrades={"times": 2, "provisioningState": "Succeeded"})
    stages: list[Json] = [a_stage("s", "all", maxAllowedFailures="1")]
    lab.put("/updateRuns/run", a_run(strategy={"stages": stages}), api=PREVIEW)
    lab.start()
    lab.pass_minutes(CONTROL_PLANE)
    lab.send("POST", "/updateRuns/run/stop")
    lab.pass_minutes(ONE_CLUSTER)
    assert (lab.state(), lab.states()["one"]) == ("Stopped", "Failed")

    lab.skip("Member", "one")
    lab.start()
    lab.pass_minutes(ONE_CLUSTER)
    assert lab.states() == {"one": "Skipped", "two": "Completed", "three": "Completed"}


def test_a_failed_member_stays_failed_while_its_run_is_at_work() -> None:
    lab = FleetLab("one", "two")
    lab.change("one", powerState="Stopped")
    lab.put("/updateRuns/run", a_run(strategy={"stages": [a_stage("s", "two", "one")]}))
    lab.start()
    assert lab.state() == "Stopping"
    lab.skip("Member", "one")

    assert lab.states() == {"two": "Running", "one": "Failed"}


def test_without_the_skip_a_restart_takes_the_failed_member_up_again() -> None:
    lab = a_failed_run("one", "two")
    lab.start()

    assert lab.states() == {"one": "Running", "two": "NotStarted"}


def test_a_run_that_was_skipped_whole_can_be_stopped_and_started_again() -> None:
    lab = FleetLab("one")
    lab.put("/updateRuns/run", a_run(strategy={"stages": [a_stage("s", "one")]}))
    lab.skip("Stage", "s")
    lab.start()
    assert lab.state() == "Skipped"

    assert lab.send("POST", "/updateRuns/run/stop").status_code == 200
    assert lab.state() == "Stopped"
    lab.start()
    assert lab.state() == "Skipped"
