"""Members that wait: for their maintenance window, or for what their region has not got yet; and who goes first."""

from __future__ import annotations

from typing import cast

import pytest

from tests.tools.emulator_fleet.fleet_lab import (
    CONTROL_PLANE,
    POOL,
    FleetLab,
    JsonObject,
    a_run,
    a_stage,
    image,
    released,
)
from tools.json_value import Json

ONE_CLUSTER = CONTROL_PLANE + POOL
KUBERNETES_SCHEDULE, NODE_IMAGE_SCHEDULE = "aksManagedAutoUpgradeSchedule", "aksManagedNodeOSUpgradeSchedule"


def daily_from(start: str, hours: int = 4, **more: Json) -> Json:
    """The properties of a configuration with a window every day. The lab's time is Monday, 10:30."""
    schedule: Json = {"daily": {"intervalDays": 1}}
    window: JsonObject = {
        "schedule": schedule,
        "durationHours": hours,
        "startTime": start,
        "startDate": "2026-01-01",
        "utcOffset": "+00:00",
        **more,
    }
    return {"maintenanceWindow": window}


def in_one_group(lab: FleetLab) -> JsonObject:
    return a_run(strategy={"stages": [a_stage("s", "all")]})


def a_lab(*names: str) -> FleetLab:
    """A group of all members, one at a time."""
    return FleetLab(*names, groups=dict.fromkeys(names, "all"))


def test_a_member_waits_pending_for_its_window_and_says_when_it_opens() -> None:
    lab = FleetLab("one")
    lab.cluster("one").maintenance_configurations = {KUBERNETES_SCHEDULE: daily_from("22:00")}
    lab.put("/updateRuns/run", a_run())
    lab.start()

    assert (lab.state(), lab.states()) == ("Pending", {"one": "Pending"})
    message = str(lab.members()["one"]["message"])
    assert message.startswith("set member: one to Pending due to failed validation err: ")
    assert message.endswith("it opens at 2026-01-05T22:00:00Z")
    assert cast("JsonObject", lab.status("one")["error"])["code"] == "MaintenanceWindowClosed"
    lab.pass_minutes(11.5 * 60 - 1)
    assert lab.state() == "Pending"
    lab.pass_minutes(32)
    assert (lab.state(), lab.states()) == ("Running", {"one": "Running"}), "found open at the next look, within an hour"
    assert "error" not in lab.status("one")
    lab.pass_minutes(ONE_CLUSTER)
    assert lab.state() == "Completed"


@pytest.mark.parametrize(
    ("schedule", "run", "state"),
    [
        (KUBERNETES_SCHEDULE, a_run(), "Pending"),
        (KUBERNETES_SCHEDULE, a_run(None), "Running"),
        (NODE_IMAGE_SCHEDULE, a_run(None), "Pending"),
        (NODE_IMAGE_SCHEDULE, a_run(), "Running"),
        ("default", a_run(), "Running"),
    ],
)
def test_the_window_that_counts_is_that_of_the_upgrades_type(schedule: str, run: JsonObject, state: str) -> None:
    lab = FleetLab("one")
    lab.offers.publish([image("AKSUbuntu-2204", "202410.20.0")])
    closed: Json = daily_from("22:00")
    if schedule == "default":
        closed = {"timeInWeek": [{"day": "Sunday", "hourSlots": [1]}]}
    lab.cluster("one").maintenance_configurations = {schedule: closed}
    lab.put("/updateRuns/run", run)
    lab.start()

    assert lab.states() == {"one": state}


def test_members_go_by_their_windows_open_then_soon_then_none_then_closed() -> None:
    lab = a_lab("closed", "without", "soon", "open")
    lab.cluster("closed").maintenance_configurations = {KUBERNETES_SCHEDULE: daily_from("22:00")}
    lab.cluster("soon").maintenance_configurations = {KUBERNETES_SCHEDULE: daily_from("12:00", hours=12)}
    lab.cluster("open").maintenance_configurations = {KUBERNETES_SCHEDULE: daily_from("08:00", hours=12)}
    lab.put("/updateRuns/run", in_one_group(lab))
    lab.start()

    assert lab.states() == {"open": "Running", "soon": "NotStarted", "without": "NotStarted", "closed": "NotStarted"}
    lab.pass_minutes(ONE_CLUSTER)
    assert lab.states()["soon"] == "Pending", "checked before the one without a window, which continues"
    assert lab.states()["without"] == "Running"


def test_a_pending_member_takes_up_no_concurrency() -> None:
    lab = a_lab("one", "two")
    lab.cluster("one").maintenance_configurations = {KUBERNETES_SCHEDULE: daily_from("12:00", hours=12)}
    lab.put("/updateRuns/run", in_one_group(lab))
    lab.start()

    assert (lab.state(), lab.states()) == ("Running", {"one": "Pending", "two": "Running"})
    lab.pass_minutes(180)
    assert (lab.state(), lab.states()) == ("Completed", {"one": "Completed", "two": "Completed"})


def test_a_window_that_opens_while_another_member_is_at_work_waits_for_room() -> None:
    lab = a_lab("one", "two")
    lab.estate.timing.control_plane_minutes = 300
    lab.cluster("one").maintenance_configurations = {KUBERNETES_SCHEDULE: daily_from("11:00", hours=20)}
    lab.put("/updateRuns/run", in_one_group(lab))
    lab.start()
    lab.pass_minutes(120)

    assert lab.states() == {"one": "Pending", "two": "Running"}, "one member of the group at a time"
    lab.pass_minutes(300)
    assert lab.states()["one"] == "Running"


def test_stopping_a_run_lets_go_of_those_that_wait() -> None:
    lab = FleetLab("one")
    lab.cluster("one").maintenance_configurations = {KUBERNETES_SCHEDULE: daily_from("22:00")}
    lab.put("/updateRuns/run", a_run())
    lab.start()
    lab.send("POST", "/updateRuns/run/stop")

    assert (lab.state(), lab.states()) == ("Stopped", {"one": "NotStarted"})
    lab.pass_minutes(24 * 60)
    assert lab.version("one") == "1.30.5"


def test_a_version_the_region_does_not_offer_is_reported_with_region_and_tracker() -> None:
    lab = FleetLab("one", releases=released())
    lab.put("/updateRuns/run", a_run("1.30.8"))
    lab.start()

    assert cast("JsonObject", lab.status("one")["error"]) == {
        "code": "K8sVersionNotSupported",
        "message": 'target Kubernetes version "1.30.8" is not available in region "westus2", '
        "see https://releases.aks.azure.com",
    }


def test_an_image_the_region_does_not_offer_is_reported_with_image_pool_and_region() -> None:
    lab = FleetLab("one", "two")
    lab.offers.publish([image("AKSUbuntu-2204", "202410.20.0")], ["westus2"])
    wanted = "AKSUbuntu-2204gen2containerd-202410.20.0"
    run = a_run(None)
    update = cast("JsonObject", run["managedClusterUpdate"])
    update["nodeImageSelection"] = {"type": "Custom", "customNodeImageVersions": [{"version": wanted}]}
    lab.put("/updateRuns/run", run)
    lab.start()
    lab.pass_minutes(POOL)

    assert (lab.state(), lab.states()) == ("Pending", {"one": "Completed", "two": "Pending"})
    assert cast("JsonObject", lab.status("two")["error"])["code"] == "NodeImageVersionNotAvailable"
    message = str(lab.members()["two"]["message"])
    assert f'"{wanted}" for agent pool system is not available in region "eastus"' in message
    lab.offers.publish([image("AKSUbuntu-2204", "202410.20.0")], ["eastus"])
    lab.pass_minutes(60 + POOL)
    assert (lab.state(), lab.image("two")) == ("Completed", wanted)


def test_consistent_skips_a_cluster_with_a_pool_for_which_no_image_was_picked() -> None:
    lab = FleetLab("one", "two")
    lab.offers.publish([image("AKSUbuntu-2204", "202410.20.0")])
    lab.put("/updateRuns/run", a_run(None, "Consistent"))
    lab.start()
    lab.cluster("two").pools[0].family = "AKSAzureLinux-V3gen2"  # a pool of another family, after the start
    lab.pass_minutes(2 * POOL)

    assert (lab.state(), lab.states()) == ("Completed", {"one": "Completed", "two": "Skipped"})
    assert lab.members()["two"]["message"] == "two: no target node image version was found for agent pool(s) system."


def test_a_family_that_one_region_lacks_has_no_consistent_image() -> None:
    lab = FleetLab("one", "two")
    lab.offers.publish([image("AKSAzureLinux-V3", "202510.20.0")], ["westus2"])
    for name in ("one", "two"):
        lab.cluster(name).pools[0].family = "AKSAzureLinux-V3gen2"
        lab.cluster(name).pools[0].image = "AKSAzureLinux-V3gen2-202501.01.0"
    lab.put("/updateRuns/run", a_run(None, "Consistent"))
    lab.start()

    assert (lab.state(), lab.states()) == ("Skipped", {"one": "Skipped", "two": "Skipped"})
