"""Update runs at work: stages, groups, members, waits; stop, restart, skip, failure; and the clusters that change."""

from __future__ import annotations

from typing import cast

from tests.tools.emulator_fleet.fleet_lab import (
    CONTROL_PLANE,
    FLEET,
    POOL,
    FleetLab,
    JsonObject,
    a_run,
    a_stage,
    image,
    patch,
    released,
)
from tools.json_value import Json

ONE_CLUSTER = CONTROL_PLANE + POOL


def test_the_response_to_start_is_stale_and_the_next_get_is_not() -> None:
    lab = FleetLab()
    created = lab.put("/updateRuns/run", a_run())
    response = lab.send("POST", "/updateRuns/run/start").json()

    assert response["properties"]["status"]["status"]["state"] == "NotStarted"
    assert response["eTag"] == created["eTag"]
    after = lab.send("GET", "/updateRuns/run").json()
    assert after["properties"]["status"]["status"]["state"] == "Running"
    assert after["eTag"] != created["eTag"]


def test_without_a_strategy_all_members_go_one_by_one_control_plane_first() -> None:
    lab = FleetLab()
    lab.put("/updateRuns/run", a_run())
    lab.start()

    assert lab.states() == {"one": "Running", "two": "NotStarted", "three": "NotStarted"}
    lab.pass_minutes(CONTROL_PLANE)
    assert (lab.version("one"), lab.version("two")) == ("1.30.7", "1.30.5")
    assert lab.states()["one"] == "Running"
    lab.pass_minutes(POOL)
    assert lab.states() == {"one": "Completed", "two": "Running", "three": "NotStarted"}
    lab.pass_minutes(2 * ONE_CLUSTER)
    assert lab.state() == "Completed"
    assert [lab.version(name) for name in ("one", "two", "three")] == ["1.30.7"] * 3


def test_stages_go_in_turn_with_the_wait_between_them() -> None:
    lab = FleetLab("one", "two")
    stages: list[Json] = [a_stage("first", "one", afterStageWaitInSeconds=3600), a_stage("second", "two")]
    lab.put("/updateRuns/run", a_run(strategy={"stages": stages}))
    lab.start()

    lab.pass_minutes(ONE_CLUSTER + 59)
    assert lab.states() == {"one": "Completed", "two": "NotStarted"}
    lab.pass_minutes(1)
    assert lab.states()["two"] == "Running"


def test_groups_of_a_stage_go_in_parallel() -> None:
    lab = FleetLab("one", "two")
    lab.put("/updateRuns/run", a_run(strategy={"stages": [a_stage("all", "one", "two")]}))
    lab.start()

    assert lab.states() == {"one": "Running", "two": "Running"}


def test_members_of_a_group_go_by_its_concurrency() -> None:
    groups = dict.fromkeys(("a", "b", "c", "d"), "all")
    lab = FleetLab(*groups, groups=groups)
    stage: JsonObject = {"name": "s", "groups": [{"name": "all", "maxConcurrency": "50%"}]}
    lab.put("/updateRuns/run", a_run(strategy={"stages": [stage]}))
    lab.start()

    assert list(lab.states().values()) == ["Running", "Running", "NotStarted", "NotStarted"]
    status = cast("JsonObject", lab.run()["status"])
    shown = cast("list[JsonObject]", status["stages"])[0]
    assert cast("list[JsonObject]", shown["groups"])[0]["maxConcurrency"] == 2, "a text in the strategy, a number here"


def test_a_stages_concurrency_holds_over_its_groups() -> None:
    lab = FleetLab("one", "two", "three")
    lab.put("/updateRuns/run", a_run(strategy={"stages": [a_stage("s", "one", "two", "three", maxConcurrency="2")]}))
    lab.start()

    assert sorted(lab.states().values()) == ["NotStarted", "Running", "Running"]


def test_a_group_without_members_is_skipped_and_has_no_such_key() -> None:
    lab = FleetLab("one")
    lab.put("/updateRuns/run", a_run(strategy={"stages": [a_stage("s", "one", "empty")]}))

    status = cast("JsonObject", lab.run()["status"])
    [_, empty] = cast("list[JsonObject]", cast("list[JsonObject]", status["stages"])[0]["groups"])
    assert empty["status"] == {"state": "Skipped"}
    assert "members" not in empty


def test_a_run_keeps_the_strategy_it_was_made_with() -> None:
    lab = FleetLab("one", "two")
    lab.put("/updateStrategies/staged", {"strategy": {"stages": [a_stage("all", "one")]}})
    lab.put("/updateRuns/run", a_run(updateStrategyId=f"{FLEET}/updateStrategies/staged"))
    lab.put("/updateStrategies/staged", {"strategy": {"stages": [a_stage("all", "two")]}}, status=200)
    lab.send("DELETE", "/updateStrategies/staged")

    assert list(lab.members()) == ["one"]
    assert str(lab.run()["updateStrategyId"]).endswith("/staged")


def test_what_is_skipped_before_the_start_is_left_alone() -> None:
    lab = FleetLab("one", "two")
    lab.put("/updateRuns/run", a_run())
    response = lab.send("POST", "/updateRuns/run/skip", {"targets": [{"type": "Member", "name": "one"}]})
    lab.start()
    lab.pass_minutes(3 * ONE_CLUSTER)

    assert response.status_code == 200
    assert lab.members()["one"]["message"] == "skipped by request."
    assert lab.states() == {"one": "Skipped", "two": "Completed"}
    assert (lab.state(), lab.version("one")) == ("Completed", "1.30.5")


def test_skipping_a_group_skips_its_members_and_an_unknown_target_is_refused() -> None:
    lab = FleetLab("one", "two")
    lab.put("/updateRuns/run", a_run(strategy={"stages": [a_stage("s", "one", "two")]}))

    assert lab.send("POST", "/updateRuns/run/skip", {"targets": [{"type": "Group", "name": "two"}]}).is_success
    assert lab.send("POST", "/updateRuns/run/skip", {"targets": [{"type": "Group", "name": "x"}]}).status_code == 400
    assert (
        lab.send("POST", "/updateRuns/run/skip", {"targets": [{"type": "Cluster", "name": "one"}]}).status_code == 400
    )
    assert lab.states() == {"one": "NotStarted", "two": "Skipped"}


def test_skipping_the_wait_begins_the_next_stage_at_once() -> None:
    lab = FleetLab("one", "two")
    stages: list[Json] = [a_stage("first", "one", afterStageWaitInSeconds=36000), a_stage("second", "two")]
    lab.put("/updateRuns/run", a_run(strategy={"stages": stages}))
    lab.start()
    lab.pass_minutes(ONE_CLUSTER)
    lab.send("POST", "/updateRuns/run/skip", {"targets": [{"type": "AfterStageWait", "name": "first"}]})

    assert lab.states()["two"] == "Running"


def test_a_cluster_with_nothing_to_do_is_skipped() -> None:
    lab = FleetLab("one", "two")
    lab.put("/updateRuns/first", a_run(strategy={"stages": [a_stage("s", "one")]}))
    lab.start("first")
    lab.pass_minutes(ONE_CLUSTER)
    lab.put("/updateRuns/run", a_run())
    lab.start()

    assert lab.states() == {"one": "Skipped", "two": "Running"}
    assert "already at or ahead" in str(lab.members()["one"]["message"])


def test_a_stopped_cluster_fails_the_run_while_those_at_work_finish() -> None:
    lab = FleetLab("one", "two", "three")
    next(cluster for cluster in lab.estate.clusters.values() if cluster.name == "two").power_state = "Stopped"
    lab.put("/updateRuns/run", a_run(strategy={"stages": [a_stage("s", "one", "two", "three")]}))
    lab.start()

    assert lab.state() == "Stopping"
    assert lab.states() == {"one": "Running", "two": "Failed", "three": "NotStarted"}
    error = cast("JsonObject", cast("JsonObject", lab.members()["two"]["status"])["error"])
    assert error["code"] == "ClusterPowerStateNotRunning"
    lab.pass_minutes(ONE_CLUSTER)
    assert lab.state() == "Failed"
    assert lab.version("three") == "1.30.5"


def test_a_failed_run_restarts_from_the_first_member_that_is_not_done() -> None:
    lab = FleetLab("one", "two")
    second = next(cluster for cluster in lab.estate.clusters.values() if cluster.name == "two")
    second.power_state = "Stopped"
    lab.put("/updateRuns/run", a_run())
    lab.start()
    lab.pass_minutes(ONE_CLUSTER)
    assert lab.state() == "Failed"

    second.power_state = "Running"
    lab.start()
    lab.pass_minutes(ONE_CLUSTER)

    assert lab.state() == "Completed"
    assert lab.states() == {"one": "Completed", "two": "Completed"}


def test_a_stopped_run_lets_members_at_work_finish_and_can_be_started_again() -> None:
    lab = FleetLab("one", "two")
    lab.put("/updateRuns/run", a_run())
    lab.start()
    assert lab.send("POST", "/updateRuns/run/stop").status_code == 200
    assert lab.state() == "Stopping"

    lab.pass_minutes(ONE_CLUSTER)
    assert lab.state() == "Stopped"
    assert lab.states() == {"one": "Completed", "two": "NotStarted"}

    lab.start()
    lab.pass_minutes(ONE_CLUSTER)
    assert lab.state() == "Completed"


def test_a_member_waits_pending_until_its_region_has_the_version() -> None:
    lab = FleetLab("one", "two", releases=released())
    lab.offers.publish([patch("1.30.8")], ["westus2"])
    lab.put("/updateRuns/run", a_run("1.30.8"))
    lab.start()
    lab.pass_minutes(ONE_CLUSTER)

    assert (lab.state(), lab.states()["two"]) == ("Pending", "Pending")
    assert "set member: two to Pending" in str(lab.members()["two"]["message"])
    lab.offers.publish([patch("1.30.8")], ["eastus"])
    lab.pass_minutes(60 + ONE_CLUSTER)
    assert lab.state() == "Completed"


def test_a_step_of_two_minors_and_a_step_back_fail_the_member() -> None:
    lab = FleetLab("one", releases=released("1.30.7", "1.31.2", "1.32.1"))
    lab.estate.clusters[next(iter(lab.estate.clusters))].kubernetes_version = "1.31.2"
    lab.put("/updateRuns/back", a_run("1.30.7"))
    lab.start("back")
    lab.estate.clusters[next(iter(lab.estate.clusters))].kubernetes_version = "1.30.5"
    lab.put("/updateRuns/far", a_run("1.32.1"))
    lab.start("far")

    assert lab.states("back") == lab.states("far") == {"one": "Failed"}
    assert "above 1.30.7" in str(lab.members("back")["one"]["message"])
    assert "more than one minor" in str(lab.members("far")["one"]["message"])


def test_consistent_images_are_the_lowest_of_the_newest_and_shown_in_the_run() -> None:
    lab = FleetLab("one", "two")
    lab.offers.publish([image("AKSUbuntu-2204", "202410.20.0")], ["westus2"])
    lab.offers.publish([image("AKSUbuntu-2204", "202410.13.0")], ["eastus"])
    lab.put("/updateRuns/run", a_run(None, "Consistent"))
    assert cast("JsonObject", lab.run()["status"])["nodeImageSelection"] == {}
    lab.start()
    lab.pass_minutes(2 * POOL)

    picked = cast("JsonObject", cast("JsonObject", lab.run()["status"])["nodeImageSelection"])
    assert picked == {"selectedNodeImageVersions": [{"version": "AKSUbuntu-2204gen2containerd-202410.13.0"}]}
    assert lab.image("one") == lab.image("two") == "AKSUbuntu-2204gen2containerd-202410.13.0"
    assert lab.version("one") == "1.30.5", "images only"


def test_latest_images_are_each_regions_newest() -> None:
    lab = FleetLab("one", "two")
    lab.offers.publish([image("AKSUbuntu-2204", "202410.20.0")], ["westus2"])
    lab.put("/updateRuns/run", a_run())
    lab.start()
    lab.pass_minutes(2 * ONE_CLUSTER)

    assert lab.image("one").endswith("202410.20.0")
    assert lab.image("two").endswith("202409.30.0")


def test_deleting_a_run_at_work_lets_aks_end_the_step_its_clusters_are_in_and_no_other() -> None:
    lab = FleetLab("one")
    lab.put("/updateRuns/run", a_run())
    lab.start()
    assert lab.send("DELETE", "/updateRuns/run").status_code == 200
    lab.pass_minutes(ONE_CLUSTER)

    [pool] = lab.cluster("one").pools
    assert (lab.version("one"), pool.kubernetes_version) == ("1.30.7", "1.30.5")
    assert lab.cluster("one").provisioning_state == "Succeeded"
