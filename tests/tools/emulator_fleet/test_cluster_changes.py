"""What an update run does to a cluster, as AKS shows it meanwhile and after."""

from __future__ import annotations

from typing import cast

from tests.tools.emulator_fleet.fleet_lab import CONTROL_PLANE, POOL, FleetLab, JsonObject, a_run, a_stage, image
from tools.emulator.state import AgentPool, ManagedCluster

NEW_IMAGE = "AKSUbuntu-2204gen2containerd-202410.20.0"
OLD_IMAGE = "AKSUbuntu-2204gen2containerd-202409.30.0"


def a_lab_with_a_new_image(*names: str) -> FleetLab:
    lab = FleetLab(*names)
    lab.offers.publish([image("AKSUbuntu-2204", "202410.20.0")])
    return lab


def cluster_of(lab: FleetLab, name: str = "one") -> JsonObject:
    path = f"/resourceGroups/platform/providers/Microsoft.ContainerService/managedClusters/{name}"
    return cast("JsonObject", lab.get(path)["properties"])


def pool_states(lab: FleetLab) -> list[str]:
    pools = cast("list[JsonObject]", cluster_of(lab)["agentPoolProfiles"])
    return [str(pool["provisioningState"]) for pool in pools]


def test_the_control_plane_goes_first_then_one_pool_after_the_other() -> None:
    lab = FleetLab("one")
    first = lab.cluster("one").pools[0]
    lab.cluster("one").pools.append(AgentPool("user", first.family, "1.30.5", first.image, mode="User"))
    lab.put("/updateRuns/run", a_run())
    lab.start()

    def versions() -> tuple[str, list[str]]:
        cluster = lab.cluster("one")
        return cluster.kubernetes_version, [pool.kubernetes_version for pool in cluster.pools]

    assert (cluster_of(lab)["provisioningState"], pool_states(lab)) == ("Upgrading", ["Succeeded", "Succeeded"])
    lab.pass_minutes(CONTROL_PLANE)
    assert versions() == ("1.30.7", ["1.30.5", "1.30.5"])
    assert pool_states(lab) == ["Upgrading", "Succeeded"]
    lab.pass_minutes(POOL)
    assert versions() == ("1.30.7", ["1.30.7", "1.30.5"])
    assert pool_states(lab) == ["Succeeded", "Upgrading"]
    lab.pass_minutes(POOL)
    assert versions() == ("1.30.7", ["1.30.7", "1.30.7"])
    assert (cluster_of(lab)["provisioningState"], pool_states(lab)) == ("Succeeded", ["Succeeded", "Succeeded"])


def test_a_pool_that_gets_an_image_alone_says_so() -> None:
    lab = a_lab_with_a_new_image("one")
    lab.put("/updateRuns/run", a_run(None))
    lab.start()

    assert pool_states(lab) == ["UpgradingNodeImageVersion"]


def test_node_pools_tell_event_grid_when_they_roll() -> None:
    lab = FleetLab("one", "two")
    events: list[tuple[str, str, str]] = []

    def listen(what: str, cluster: ManagedCluster, pool: str) -> None:
        events.append((what, cluster.name, pool))

    lab.engine.upgrades.on_pool = listen
    lab.offers.publish([image("AKSUbuntu-2204", "202410.20.0")])
    lab.change("two", failUpgrades={"times": 1})
    lab.put("/updateRuns/run", a_run(None, strategy={"stages": [a_stage("s", "one", "two")]}))
    lab.start()
    lab.pass_minutes(POOL)

    assert sorted(events) == [
        ("RollingFailed", "two", "system"),
        ("RollingStarted", "one", "system"),
        ("RollingStarted", "two", "system"),
        ("RollingSucceeded", "one", "system"),
    ]
    assert [pool.provisioning_state for pool in lab.cluster("two").pools] == ["Failed"]


def test_latest_leaves_a_snapshot_pools_image_and_reference_alone() -> None:
    lab = a_lab_with_a_new_image("one")
    lab.cluster("one").pools[0].snapshot_id = "/subscriptions/s/snapshots/gold"
    lab.put("/updateRuns/run", a_run())
    lab.start()
    lab.pass_minutes(CONTROL_PLANE + POOL)

    [pool] = lab.cluster("one").pools
    assert lab.state() == "Completed"
    assert (pool.kubernetes_version, pool.image) == ("1.30.7", OLD_IMAGE)
    assert pool.snapshot_id == "/subscriptions/s/snapshots/gold"


def test_consistent_upgrades_a_snapshot_pool_and_removes_its_reference() -> None:
    lab = a_lab_with_a_new_image("one")
    lab.cluster("one").pools[0].snapshot_id = "/subscriptions/s/snapshots/gold"
    lab.put("/updateRuns/run", a_run(None, "Consistent"))
    lab.start()
    lab.pass_minutes(POOL)

    [pool] = lab.cluster("one").pools
    assert (pool.image, pool.snapshot_id) == (NEW_IMAGE, None)
    shown = cast("list[JsonObject]", cluster_of(lab)["agentPoolProfiles"])[0]
    assert "creationData" not in shown


def test_of_a_cluster_with_node_auto_provisioning_only_the_control_plane_is_upgraded() -> None:
    lab = a_lab_with_a_new_image("one")
    lab.cluster("one").node_provisioning = "Auto"
    lab.put("/updateRuns/run", a_run())
    lab.start()
    lab.pass_minutes(CONTROL_PLANE)

    assert (lab.state(), lab.version("one"), lab.image("one")) == ("Completed", "1.30.7", OLD_IMAGE)
    lab.put("/updateRuns/images", a_run(None, "Consistent"))
    lab.start("images")
    assert lab.states("images") == {"one": "Skipped"}


def test_pools_that_are_new_enough_are_named_when_their_cluster_is_done() -> None:
    lab = FleetLab("one")
    lab.put("/updateRuns/run", a_run())
    lab.start()
    lab.pass_minutes(CONTROL_PLANE + POOL)

    message = str(lab.members()["one"]["message"])
    assert message.startswith("Skipped upgrade of following agent pool(s): ")
    assert f'"{OLD_IMAGE}" of agent pool "system" is already at or ahead of target' in message


def test_a_member_at_work_shows_the_id_of_its_operation_and_a_skipped_one_does_not() -> None:
    lab = FleetLab("one", "two")
    lab.put("/updateRuns/run", a_run())
    lab.skip("Member", "two")
    lab.start()

    assert len(str(lab.members()["one"]["operationId"])) == 36
    assert "operationId" not in lab.members()["two"]


def test_a_failed_run_says_which_members_failed_at_every_level() -> None:
    lab = FleetLab("one")
    lab.change("one", failUpgrades={"times": 1})
    lab.put("/updateRuns/run", a_run())
    lab.start()
    lab.pass_minutes(CONTROL_PLANE)

    status = cast("JsonObject", lab.run()["status"])
    [stage] = cast("list[JsonObject]", status["stages"])
    [group] = cast("list[JsonObject]", stage["groups"])
    wanted = {"code": "MemberUpdateFailed", "message": "update failed on 1 member(s): one"}
    assert [cast("JsonObject", part["status"])["error"] for part in (status, stage, group)] == [wanted] * 3


def test_counts_of_failures_are_shown_in_the_preview_that_has_them() -> None:
    lab = FleetLab("one")
    lab.change("one", failUpgrades={"times": 1})
    lab.put("/updateRuns/run", a_run())
    lab.start()
    lab.pass_minutes(CONTROL_PLANE)

    assert "failureCount" not in str(lab.run())
    preview = lab.http.get(
        f"{lab.run_path()}?api-version=2026-06-02-preview",
    ).json()
    status = preview["properties"]["status"]
    assert (status["failureCount"], status["stages"][0]["failureCount"]) == (1, 1)
    assert status["stages"][0]["groups"][0]["failureCount"] == 1
    assert status["stages"][0]["maxAllowedFailures"] == 0
