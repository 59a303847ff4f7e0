"""What a person does to clusters and pools through AKS, and what AKS refuses while something is in progress."""

from __future__ import annotations

from datetime import timedelta

import httpx
import pytest

from tests.tools.emulator.builders import UBUNTU, fleet, member, pool, world
from tests.tools.emulator.lab import AKS, SUBSCRIPTION_PATH, Lab
from tests.tools.releases.builders import image, timeline
from tools.emulator.state import ManagedCluster
from tools.json_value import Json

CLUSTER = "/resourceGroups/platform/providers/Microsoft.ContainerService/managedClusters/shop"
UPGRADE = f"{CLUSTER}/agentPools/system/upgradeNodeImageVersion"
BUSY = (
    "Operation is not allowed: Another {} is in progress, please wait for it to finish before starting a new "
    "operation. See https://aka.ms/aks-pending-operation for more details"
)


@pytest.fixture
def lab() -> Lab:
    pools: list[Json] = [pool(), pool("machines", mode="Machines"), pool("managed", mode="ManagedSystem")]
    return Lab(
        world(fleet("retail", {**member("shop"), "pools": pools})), timeline(image("AKSUbuntu-2204", "202601.01.0"))
    )


def post(lab: Lab, path: str) -> httpx.Response:
    return lab.http.request("POST", f"{SUBSCRIPTION_PATH}{path}?{AKS}")


def the_cluster(lab: Lab) -> ManagedCluster:
    return next(iter(lab.estate.clusters.values()))


def pass_minutes(lab: Lab, minutes: float) -> None:
    lab.clock.advance(lab.clock.now() + timedelta(minutes=minutes))


def assert_refused(response: httpx.Response, operation: str) -> None:
    assert (response.status_code, response.json()) == (
        409,
        {"code": "OperationNotAllowed", "details": None, "message": BUSY.format(operation), "subcode": ""},
    )


@pytest.mark.parametrize(
    ("action", "state", "power"), [("stop", "Stopping", "Stopped"), ("start", "Starting", "Running")]
)
def test_a_cluster_is_stopped_and_started_by_an_operation(lab: Lab, action: str, state: str, power: str) -> None:
    the_cluster(lab).power_state = "Running" if action == "stop" else "Stopped"
    response = post(lab, f"{CLUSTER}/{action}")
    poll, result = response.headers["azure-asyncoperation"], response.headers["location"]

    assert (response.status_code, response.content) == (202, b"")
    assert the_cluster(lab).provisioning_state == state
    assert (lab.http.get(poll).json()["status"], lab.http.get(result).status_code) == ("InProgress", 202)
    pass_minutes(lab, 20)
    assert (the_cluster(lab).provisioning_state, the_cluster(lab).power_state) == ("Succeeded", power)
    assert lab.http.get(poll).json()["status"] == "Succeeded"
    assert lab.http.get(result).status_code == 204


def test_a_pool_gets_its_newest_image_by_an_operation(lab: Lab) -> None:
    the_cluster(lab).pools[0].image = f"{UBUNTU}-202501.01.0"
    response = post(lab, UPGRADE)

    assert response.status_code == 202
    assert response.json()["properties"]["provisioningState"] == "UpgradingNodeImageVersion"
    pass_minutes(lab, 10)
    assert the_cluster(lab).pools[0].image == f"{UBUNTU}-202601.01.0"
    assert the_cluster(lab).pools[0].provisioning_state == "Succeeded"


@pytest.mark.parametrize("path", [f"{CLUSTER}/start", f"{CLUSTER}/stop", UPGRADE])
def test_every_write_is_refused_while_the_cluster_is_busy_in_the_flat_form_of_aks(lab: Lab, path: str) -> None:
    assert post(lab, f"{CLUSTER}/stop").status_code == 202
    assert_refused(post(lab, path), "operation (Stopping)")
    pass_minutes(lab, 20)
    assert post(lab, path).status_code == 202


def test_a_write_is_refused_while_a_pool_is_busy(lab: Lab) -> None:
    assert post(lab, UPGRADE).status_code == 202
    assert_refused(post(lab, f"{CLUSTER}/stop"), "agentpool operation (system - UpgradingNodeImageVersion)")


def test_a_maintenance_configuration_is_written_while_the_cluster_is_busy(lab: Lab) -> None:
    post(lab, f"{CLUSTER}/stop")
    path = f"{SUBSCRIPTION_PATH}{CLUSTER}/maintenanceConfigurations/default?{AKS}"
    body: Json = {"properties": {"timeInWeek": [{"day": "Monday", "hourSlots": [1]}]}}
    assert lab.http.request("PUT", path, json=body).status_code == 200


def test_a_pool_of_mode_machines_refuses_the_upgrade_of_its_image(lab: Lab) -> None:
    response = post(lab, UPGRADE.replace("system", "machines"))
    assert (response.status_code, response.json()["code"]) == (409, "OperationNotAllowed")
    assert response.json()["message"] == (
        "Upgrading node image version on machines agent pool is not allowed, please use machine API to handle machine "
        "life cycle"
    )


def test_pools_that_runs_cannot_move_are_listed_beside_the_others_in_every_api_version(lab: Lab) -> None:
    for version in ("2024-01-01", "2026-08-01", "2026-06-02-preview"):
        properties = lab.get(CLUSTER, f"api-version={version}")["properties"]
        assert isinstance(properties, dict)
        profiles = properties["agentPoolProfiles"]
        assert isinstance(profiles, list)
        assert [one["mode"] for one in profiles if isinstance(one, dict)] == ["System", "Machines", "ManagedSystem"]


def test_an_operation_that_something_else_ends_was_canceled(lab: Lab) -> None:
    poll = post(lab, f"{CLUSTER}/stop").headers["azure-asyncoperation"]
    lab.control("PATCH", "/clusters", {"id": the_cluster(lab).id, "provisioningState": "Canceled"})

    assert lab.http.get(poll).json()["status"] == "Canceled"
    pass_minutes(lab, 20)
    assert (the_cluster(lab).provisioning_state, the_cluster(lab).power_state) == ("Canceled", "Running")
    assert lab.http.get(poll).json()["status"] == "Canceled"


def test_an_operation_that_does_not_exist_is_not_found(lab: Lab) -> None:
    path = f"{SUBSCRIPTION_PATH}/providers/Microsoft.ContainerService/locations/westus2/operations/none"
    response = lab.http.get(f"{path}?api-version=2025-03-01")
    assert (response.status_code, response.json()["error"]["code"]) == (404, "OperationNotFound")
