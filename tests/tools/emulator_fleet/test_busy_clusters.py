"""A cluster carries out one operation at a time: what another run meets there, and what AKS shows meanwhile."""

from __future__ import annotations

from typing import cast

import pytest

from tests.tools.emulator_fleet.fleet_lab import CONTROL_PLANE, POOL, PREVIEW, FleetLab, JsonObject, a_run, a_stage
from tests.tools.releases.builders import image
from tools.json_value import Json

BUSY = (
    "Operation is not allowed: Another operation ({}) is in progress, please wait for it to finish before starting a "
    "new operation. See https://aka.ms/aks-pending-operation for more details"
)
ONE_CLUSTER = CONTROL_PLANE + POOL


def a_lab(*names: str) -> FleetLab:
    lab = FleetLab(*(names or ("one", "two")))
    lab.offers.publish([image("AKSUbuntu-2204", "202410.20.0")])
    return lab


def error_of(lab: FleetLab, member: str, run: str) -> JsonObject:
    return cast("JsonObject", lab.status(member, run)["error"])


def cluster_states(lab: FleetLab, name: str = "one") -> tuple[str, list[str]]:
    cluster = lab.cluster(name)
    return cluster.provisioning_state, [pool.provisioning_state for pool in cluster.pools]


def test_a_member_at_work_in_one_run_fails_in_another_with_the_error_of_aks_and_that_run_goes_no_further() -> None:
    lab = a_lab()
    lab.put("/updateRuns/kubernetes", a_run())
    lab.put("/updateRuns/images", a_run(None))
    lab.start("kubernetes")
    lab.start("images")

    assert (lab.state("images"), lab.states("images")) == ("Failed", {"one": "Failed", "two": "NotStarted"})
    wanted = {"code": "OperationNotAllowed", "message": BUSY.format("Upgrading")}
    assert error_of(lab, "one", "images") == wanted
    assert lab.members("images")["one"]["message"] == wanted["message"]
    lab.pass_minutes(2 * ONE_CLUSTER)
    assert lab.state("kubernetes") == "Completed"


def test_a_failed_member_succeeds_when_its_run_is_started_again_and_the_cluster_is_free() -> None:
    lab = a_lab("one")
    lab.change("one", provisioningState="Updating", busyUntil="2026-01-05T11:00:00Z")
    lab.put("/updateRuns/run", a_run())
    lab.start()
    assert lab.state() == "Failed"

    lab.pass_minutes(30)
    lab.start()
    lab.pass_minutes(ONE_CLUSTER)
    assert (lab.state(), lab.version("one")) == ("Completed", "1.30.7")


@pytest.mark.parametrize(
    ("change", "operation"),
    [
        ({"provisioningState": "RotatingClusterCertificates"}, "operation (RotatingClusterCertificates)"),
        ({"provisioningState": "ReconcilingClusterETCDCertificates"}, "operation (ReconcilingClusterETCDCertificates)"),
        ({"provisioningState": "Unheard"}, "operation (Unheard)"),
        ({"pools": {"system": {"provisioningState": "Scaling"}}}, "agentpool operation (system - Scaling)"),
    ],
)
def test_anything_in_progress_on_a_cluster_or_a_pool_fails_the_member_and_is_named(
    change: dict[str, Json], operation: str
) -> None:
    lab = a_lab("one")
    lab.change("one", **change)
    lab.put("/updateRuns/run", a_run())
    lab.start()

    assert f"Another {operation} is in progress" in str(error_of(lab, "one", "run")["message"])


@pytest.mark.parametrize("state", ["Succeeded", "Canceled"])
def test_a_cluster_at_rest_is_upgraded(state: str) -> None:
    lab = a_lab("one")
    lab.change("one", provisioningState=state)
    lab.put("/updateRuns/run", a_run())
    lab.start()
    lab.pass_minutes(ONE_CLUSTER)

    assert lab.state() == "Completed"


def test_a_stage_goes_on_over_a_busy_cluster_that_its_limit_allows() -> None:
    lab = a_lab()
    lab.change("one", provisioningState="Migrating")
    stages: list[Json] = [a_stage("first", "one", maxAllowedFailures="1"), a_stage("second", "two")]
    lab.put("/updateRuns/run", a_run(strategy={"stages": stages}), api=PREVIEW)
    lab.start()
    lab.pass_minutes(ONE_CLUSTER)

    assert (lab.state(), lab.states()) == ("Completed", {"one": "Failed", "two": "Completed"})


def test_a_busy_cluster_that_has_the_target_is_skipped() -> None:
    lab = FleetLab("one")
    lab.change("one", provisioningState="Updating")
    lab.put("/updateRuns/run", a_run(None))
    lab.start()

    assert lab.states() == {"one": "Skipped"}


def test_a_busy_cluster_outside_its_maintenance_window_waits_for_the_window() -> None:
    lab = a_lab("one")
    schedule: Json = {"daily": {"intervalDays": 1}}
    lab.cluster("one").maintenance_configurations = {
        "aksManagedAutoUpgradeSchedule": {
            "maintenanceWindow": {
                "schedule": schedule,
                "durationHours": 4,
                "startTime": "22:00",
                "startDate": "2026-01-01",
                "utcOffset": "+00:00",
            }
        }
    }
    lab.change("one", provisioningState="Updating", busyUntil="2026-01-05T12:00:00Z")
    lab.put("/updateRuns/run", a_run())
    lab.start()
    assert lab.states() == {"one": "Pending"}
    lab.pass_minutes(12 * 60 + ONE_CLUSTER)

    assert lab.state() == "Completed"


def test_a_run_of_images_shows_its_cluster_and_pool_upgrading_the_image_and_succeeded_after() -> None:
    lab = a_lab("one")
    lab.put("/updateRuns/run", a_run(None))
    lab.start()
    assert cluster_states(lab) == ("UpgradingNodeImageVersion", ["UpgradingNodeImageVersion"])
    lab.pass_minutes(POOL)

    assert cluster_states(lab) == ("Succeeded", ["Succeeded"])


def test_a_full_run_shows_its_cluster_upgrading_and_succeeded_after() -> None:
    lab = a_lab("one")
    lab.put("/updateRuns/run", a_run())
    lab.start()
    assert cluster_states(lab) == ("Upgrading", ["Succeeded"])
    lab.pass_minutes(CONTROL_PLANE)
    assert cluster_states(lab) == ("Upgrading", ["Upgrading"])
    lab.pass_minutes(POOL)

    assert cluster_states(lab) == ("Succeeded", ["Succeeded"])


def test_a_deleted_run_leaves_its_cluster_free_for_the_next_when_the_step_is_over() -> None:
    lab = a_lab("one")
    lab.put("/updateRuns/first", a_run())
    lab.start("first")
    assert lab.send("DELETE", "/updateRuns/first").status_code == 200
    lab.pass_minutes(CONTROL_PLANE)
    lab.put("/updateRuns/second", a_run())
    lab.start("second")
    lab.pass_minutes(POOL)

    assert (lab.state("second"), cluster_states(lab)) == ("Completed", ("Succeeded", ["Succeeded"]))
