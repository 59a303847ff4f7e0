"""Upgrades that fail: those that were ordered to, those that a stage allows, and what the status says of them."""

from __future__ import annotations

from typing import cast

import pytest

from tests.tools.emulator_fleet.fleet_lab import CONTROL_PLANE, POOL, PREVIEW, FleetLab, JsonObject, a_run, a_stage
from tools.json_value import Json

ONE_CLUSTER = CONTROL_PLANE + POOL
ONCE: Json = {"times": 1}


def run_status(lab: FleetLab) -> JsonObject:
    return cast("JsonObject", cast("JsonObject", lab.run()["status"])["status"])


def stage_states(lab: FleetLab) -> list[Json]:
    stages = cast("list[JsonObject]", cast("JsonObject", lab.run()["status"])["stages"])
    return [cast("JsonObject", stage["status"])["state"] for stage in stages]


def test_an_ordered_failure_comes_when_the_control_planes_time_is_over_and_leaves_the_version() -> None:
    lab = FleetLab("one", "two")
    lab.change("one", failUpgrades=ONCE)
    lab.put("/updateRuns/run", a_run())
    lab.start()
    lab.pass_minutes(CONTROL_PLANE - 1)
    assert lab.states()["one"] == "Running"
    lab.pass_minutes(1)

    assert (lab.state(), lab.states()) == ("Failed", {"one": "Failed", "two": "NotStarted"})
    error = cast("JsonObject", lab.status("one")["error"])
    assert error["code"] == "UpgradeFailed"
    assert "PodDisruptionBudget" in str(error["message"])
    assert lab.members()["one"]["message"] == error["message"]
    assert (lab.version("one"), lab.cluster("one").provisioning_state) == ("1.30.5", "Failed")


def test_an_ordered_failure_of_a_run_of_images_comes_when_the_first_pools_time_is_over() -> None:
    lab = FleetLab("one")
    lab.cluster("one").pools[0].image = "AKSUbuntu-2204gen2containerd-202401.01.0"
    lab.change("one", failUpgrades=ONCE)
    lab.put("/updateRuns/run", a_run(None))
    lab.start()
    lab.pass_minutes(POOL)

    assert lab.states() == {"one": "Failed"}
    assert lab.image("one").endswith("202401.01.0")


def test_an_ordered_failure_leaves_the_cluster_in_the_state_that_was_asked_for() -> None:
    lab = FleetLab("one")
    lab.change("one", failUpgrades={"times": 1, "provisioningState": "Succeeded"})
    lab.put("/updateRuns/run", a_run())
    lab.start()
    lab.pass_minutes(CONTROL_PLANE)

    assert (lab.states(), lab.cluster("one").provisioning_state) == ({"one": "Failed"}, "Succeeded")


def test_upgrades_fail_as_often_as_was_ordered_and_then_succeed() -> None:
    lab = FleetLab("one")
    lab.change("one", failUpgrades={"times": 2, "provisioningState": "Succeeded"})
    lab.put("/updateRuns/run", a_run())
    ends = []
    for _ in range(3):
        lab.start()
        lab.pass_minutes(ONE_CLUSTER)
        ends.append(lab.state())

    assert ends == ["Failed", "Failed", "Completed"]
    assert lab.version("one") == "1.30.7"
    assert cast("JsonObject", lab.change("one")["failUpgrades"])["times"] == 0


def test_a_cluster_left_failed_fails_again_until_its_owner_has_repaired_it() -> None:
    lab = FleetLab("one")
    lab.change("one", failUpgrades=ONCE)
    lab.put("/updateRuns/run", a_run())
    lab.start()
    lab.pass_minutes(CONTROL_PLANE)
    lab.start()
    assert cast("JsonObject", lab.status("one")["error"])["code"] == "ClusterInFailedState"

    lab.change("one", provisioningState="Succeeded")
    lab.start()
    lab.pass_minutes(ONE_CLUSTER)
    assert (lab.state(), lab.states()) == ("Completed", {"one": "Completed"})
    assert "error" not in lab.status("one")


def test_a_stage_goes_on_over_the_failures_it_allows_and_the_run_completes_with_them() -> None:
    groups = dict.fromkeys(("a", "b", "c"), "all")
    lab = FleetLab(*groups, "last", groups=groups)
    lab.change("a", failUpgrades=ONCE)
    stages: list[Json] = [a_stage("first", "all", maxAllowedFailures="1"), a_stage("second", "last")]
    lab.put("/updateRuns/run", a_run(strategy={"stages": stages}), api=PREVIEW)
    lab.start()
    lab.pass_minutes(CONTROL_PLANE)
    assert (lab.state(), lab.states()["a"], lab.states()["b"]) == ("Running", "Failed", "Running")
    lab.pass_minutes(3 * ONE_CLUSTER)

    assert lab.state() == "Completed"
    assert lab.states() == {"a": "Failed", "b": "Completed", "c": "Completed", "last": "Completed"}
    assert stage_states(lab) == ["Completed", "Completed"]


def test_a_stage_with_more_failures_than_it_allows_fails_the_run() -> None:
    groups = dict.fromkeys(("a", "b", "c"), "all")
    lab = FleetLab(*groups, groups=groups)
    lab.change("a", failUpgrades=ONCE)
    lab.change("b", failUpgrades=ONCE)
    lab.put("/updateRuns/run", a_run(strategy={"stages": [a_stage("s", "all", maxAllowedFailures="1")]}), api=PREVIEW)
    lab.start()
    lab.pass_minutes(3 * ONE_CLUSTER)

    assert lab.state() == "Failed"
    assert lab.states() == {"a": "Failed", "b": "Failed", "c": "NotStarted"}
    assert stage_states(lab) == ["Failed"]


def test_failures_are_counted_for_each_stage_alone() -> None:
    lab = FleetLab("one", "two")
    lab.change("one", failUpgrades=ONCE)
    lab.change("two", failUpgrades=ONCE)
    stages: list[Json] = [a_stage("first", "one", maxAllowedFailures="1"), a_stage("second", "two")]
    lab.put("/updateRuns/run", a_run(strategy={"stages": stages}), api=PREVIEW)
    lab.start()
    lab.pass_minutes(2 * ONE_CLUSTER)

    assert (lab.state(), stage_states(lab)) == ("Failed", ["Completed", "Failed"])


@pytest.mark.parametrize(
    ("allowed", "end"), [("26%", "Completed"), ("25%", "Failed"), ("2", "Completed"), ("0%", "Failed"), ("0", "Failed")]
)
def test_a_percentage_of_allowed_failures_is_rounded_up(allowed: str, end: str) -> None:
    groups = dict.fromkeys(("a", "b", "c", "d"), "all")
    lab = FleetLab(*groups, groups=groups)
    for name in ("a", "b"):
        lab.change(name, powerState="Stopped")
    lab.put(
        "/updateRuns/run", a_run(strategy={"stages": [a_stage("s", "all", maxAllowedFailures=allowed)]}), api=PREVIEW
    )
    lab.start()
    lab.pass_minutes(4 * ONE_CLUSTER)

    assert lab.state() == end


def test_a_group_tolerates_as_many_failures_as_its_own_limit_allows() -> None:
    groups = {"a": "first", "b": "first", "c": "second"}
    for allowed, end in (("2", "Completed"), ("1", "Failed")):
        lab = FleetLab(*groups, groups=groups)
        for name in ("a", "b"):
            lab.change(name, powerState="Stopped")
        in_stage: list[Json] = [{"name": "first", "maxAllowedFailures": allowed}, {"name": "second"}]
        lab.put("/updateRuns/run", a_run(strategy={"stages": [{"name": "s", "groups": in_stage}]}), api=PREVIEW)
        lab.start()
        lab.pass_minutes(4 * ONE_CLUSTER)

        assert lab.state() == end
        stage = lab.http.get(f"{lab.run_path()}?{PREVIEW}").json()["properties"]["status"]["stages"][0]
        shown = [(group["maxAllowedFailures"], group["failureCount"]) for group in stage["groups"]]
        assert shown == [(int(allowed), 2), (0, 0)]


def test_without_a_strategy_no_failure_is_allowed() -> None:
    lab = FleetLab("one", "two")
    lab.change("one", powerState="Stopped")
    lab.put("/updateRuns/run", a_run())
    lab.start()

    assert lab.state() == "Failed"


def test_a_completed_run_and_its_members_say_when() -> None:
    lab = FleetLab("one")
    lab.put("/updateRuns/run", a_run())
    lab.start()
    assert "completedTime" not in run_status(lab)
    lab.pass_minutes(ONE_CLUSTER)

    assert lab.status("one")["completedTime"] == run_status(lab)["completedTime"] == "2026-01-05T11:00:00.000000000Z"


def test_a_run_that_fails_again_says_when_it_did_so_last() -> None:
    lab = FleetLab("one")
    lab.change("one", failUpgrades={"times": 2, "provisioningState": "Succeeded"})
    lab.put("/updateRuns/run", a_run())
    lab.start()
    lab.pass_minutes(CONTROL_PLANE)
    first = "2026-01-05T10:50:00.000000000Z"
    assert lab.status("one")["completedTime"] == run_status(lab)["completedTime"] == first

    lab.pass_minutes(60)
    lab.start()
    assert "completedTime" not in lab.status("one")
    assert "completedTime" not in run_status(lab)
    lab.pass_minutes(CONTROL_PLANE)
    second = "2026-01-05T12:10:00.000000000Z"
    assert lab.status("one")["completedTime"] == run_status(lab)["completedTime"] == second
