"""Node pools that are created, upgraded, scaled and deleted."""

from __future__ import annotations

import pytest

from tests.tools.emulator.cluster_requests import BUSY, UBUNTU, ClusterLab, refusal
from tools.json_value import Json

SYSTEM = "There has to be at least one system agent pool."


@pytest.fixture
def lab() -> ClusterLab:
    return ClusterLab()


def names(lab: ClusterLab) -> list[str]:
    return [pool.name for pool in lab.cluster().pools]


def test_a_pool_is_created_by_an_operation_with_the_version_of_its_control_plane(lab: ClusterLab) -> None:
    response = lab.put("shop/agentPools/jobs", count=2)
    assert (response.status_code, response.json()["properties"]["provisioningState"]) == (201, "Creating")
    assert lab.status(response) == "InProgress"
    lab.pass_minutes(4)
    made = lab.pool("jobs")
    assert lab.status(response) == "Succeeded"
    assert (made.provisioning_state, made.count, made.mode) == ("Succeeded", 2, "User")
    assert (made.kubernetes_version, made.image) == ("1.33.2", f"{UBUNTU}-202601.01.0")


def test_a_pool_is_upgraded_to_the_version_of_its_control_plane_with_the_newest_image(lab: ClusterLab) -> None:
    lab.cluster().kubernetes_version = "1.34.1"
    response = lab.put("shop/agentPools/web", orchestratorVersion="1.34.1")
    assert response.status_code == 200
    assert response.json()["properties"]["provisioningState"] == "Upgrading"
    lab.pass_minutes(9)
    assert lab.pool().kubernetes_version == "1.33.2"
    lab.pass_minutes(1)
    assert (lab.pool().kubernetes_version, lab.pool().image) == ("1.34.1", f"{UBUNTU}-202601.01.0")
    assert (lab.pool().provisioning_state, lab.pool("system").kubernetes_version) == ("Succeeded", "1.33.2")


@pytest.mark.parametrize(
    ("properties", "state", "minutes"),
    [({"count": 7}, "Scaling", 4), ({"count": 3, "mode": "System"}, "Updating", 2), ({}, "Updating", 2)],
)
def test_a_pool_is_scaled_or_updated(lab: ClusterLab, properties: dict[str, Json], state: str, minutes: int) -> None:
    lab.put("shop/agentPools/web", **properties)
    assert lab.pool().provisioning_state == state
    lab.pass_minutes(minutes)
    assert lab.pool().provisioning_state == "Succeeded"
    assert (lab.pool().count, lab.pool().mode) == (properties.get("count", 3), properties.get("mode", "User"))


def test_a_pool_is_deleted_by_an_operation(lab: ClusterLab) -> None:
    response = lab.send("DELETE", "shop/agentPools/WEB")
    assert (response.status_code, lab.pool().provisioning_state) == (202, "Deleting")
    lab.pass_minutes(4)
    assert (lab.status(response), names(lab)) == ("Succeeded", ["system"])
    assert lab.send("DELETE", "shop/agentPools/web").status_code == 204


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_the_last_system_pool_stays(lab: ClusterLab, method: str) -> None:
    body: Json = {"properties": {"mode": "User"}}
    assert refusal(lab.send(method, "shop/agentPools/system", body))[0] == 400
    assert refusal(lab.send(method, "shop/agentPools/system", body))[2] == SYSTEM
    assert lab.pool("system").mode == "System"


@pytest.mark.parametrize(
    ("properties", "code"),
    [
        ({"orchestratorVersion": "1.34.1"}, "NodePoolMcVersionIncompatible"),
        ({"orchestratorVersion": "1.99.0"}, "K8sVersionNotSupported"),
        ({"orchestratorVersion": "1.32.4"}, "OperationNotAllowed"),
        ({"mode": "Machines"}, "InvalidParameter"),
        ({"count": 1001}, "InvalidParameter"),
        ({"count": -1}, "InvalidParameter"),
    ],
)
def test_a_change_that_aks_does_not_make_is_refused(lab: ClusterLab, properties: dict[str, Json], code: str) -> None:
    assert lab.refused("shop/agentPools/web", **properties)[:2] == (400, code)
    assert lab.pool().provisioning_state == "Succeeded"


def test_a_new_pool_can_be_below_its_control_plane(lab: ClusterLab) -> None:
    lab.put("shop/agentPools/old", orchestratorVersion="1.32")
    assert lab.pool("old").kubernetes_version == "1.32.4"


@pytest.mark.parametrize("path", ["shop/agentPools/web", "shop/agentPools/new"])
def test_one_operation_on_the_cluster_at_a_time_is_taken(lab: ClusterLab, path: str) -> None:
    lab.put(supportPlan="KubernetesOfficial")
    assert lab.refused(path) == (409, "OperationNotAllowed", BUSY.format("Updating"))
    assert refusal(lab.send("DELETE", "shop/agentPools/web"))[0] == 409


def test_pools_of_a_stopped_cluster_are_not_written(lab: ClusterLab) -> None:
    lab.cluster().power_state = "Stopped"
    assert lab.refused("shop/agentPools/new")[:2] == (400, "OperationNotAllowed")
    assert refusal(lab.send("DELETE", "shop/agentPools/web"))[:2] == (400, "OperationNotAllowed")
