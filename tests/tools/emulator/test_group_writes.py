"""Resource groups that are created, changed and deleted."""

from __future__ import annotations

from datetime import timedelta

import httpx
import pytest

from tests.tools.emulator.builders import fleet, member, world
from tests.tools.emulator.lab import SUBSCRIPTION_PATH, Lab
from tests.tools.emulator_fleet.fleet_lab import FLEET, FleetLab, a_run
from tools.json_value import Json

VERSION = "api-version=2024-11-01"
MINE = f"{SUBSCRIPTION_PATH}/resourceGroups/mine"
REGIONS = "List of available regions is 'westus2,eastus,westeurope'."
PLATFORM = f"{SUBSCRIPTION_PATH}/resourceGroups/platform"


@pytest.fixture
def lab() -> Lab:
    return Lab(world(fleet("retail", member("shop", "eastus")), fleet("payments", resourceGroup="Pay")))


def send(lab: Lab, method: str, path: str = MINE, body: Json = None) -> httpx.Response:
    return lab.http.request(method, f"{path}?{VERSION}", json=body)


def assert_refused(response: httpx.Response, status: int, code: str, message: str) -> None:
    assert (response.status_code, response.json()) == (status, {"error": {"code": code, "message": message}})


def deleted(lab: Lab, path: str) -> httpx.Response:
    """The response to the deletion of a group, which is accepted."""
    response = send(lab, "DELETE", path)
    assert (response.status_code, response.content) == (202, b"")
    return response


def test_a_group_is_created_shown_and_listed_and_a_second_put_replaces_its_tags(lab: Lab) -> None:
    created = send(lab, "PUT", body={"location": "West Europe", "tags": {"team": "shop"}})
    shown = {
        "id": MINE,
        "name": "mine",
        "type": "Microsoft.Resources/resourceGroups",
        "location": "westeurope",
        "tags": {"team": "shop"},
        "properties": {"provisioningState": "Succeeded"},
    }
    assert (created.status_code, created.json()) == (201, shown)
    replaced = send(lab, "PUT", body={"location": "westeurope", "tags": {"owner": "us"}, "managedBy": "/x"})
    assert (replaced.status_code, replaced.json()) == (200, {**shown, "tags": {"owner": "us"}, "managedBy": "/x"})
    assert send(lab, "GET").json() == replaced.json()
    listed = send(lab, "GET", f"{SUBSCRIPTION_PATH}/resourceGroups").json()["value"]
    assert [group["name"] for group in listed] == ["platform", "Pay", "mine"]


def test_patch_replaces_tags_and_leaves_them_where_none_are_given(lab: Lab) -> None:
    send(lab, "PUT", body={"location": "eastus", "tags": {"a": "1"}})
    assert send(lab, "PATCH", body={}).json()["tags"] == {"a": "1"}
    assert send(lab, "PATCH", body={"tags": {"b": "2"}}).json()["tags"] == {"b": "2"}


def test_groups_are_listed_by_tag(lab: Lab) -> None:
    send(lab, "PUT", body={"location": "eastus", "tags": {"team": "shop"}})
    query = f"{VERSION}&$filter=tagname eq 'TEAM' and tagvalue eq 'shop'"
    listed = lab.http.get(f"{SUBSCRIPTION_PATH}/resourceGroups?{query}").json()["value"]
    assert [group["name"] for group in listed] == ["mine"]


@pytest.mark.parametrize(
    ("name", "body", "status", "code", "message"),
    [
        (
            "platform",
            {"location": "eastus"},
            409,
            "InvalidResourceGroupLocation",
            "Invalid resource group location 'eastus'. The Resource group already exists in location 'westus2'.",
        ),
        (
            "mine",
            {"location": "Mars"},
            400,
            "LocationNotAvailableForResourceGroup",
            f"The provided location 'Mars' is not available for resource group. {REGIONS}",
        ),
        ("mine", {}, 400, "LocationRequired", "The location property is required for this definition."),
    ],
)
def test_a_group_that_cannot_be_is_refused(
    lab: Lab, name: str, body: dict[str, Json], status: int, code: str, message: str
) -> None:
    assert_refused(send(lab, "PUT", f"{SUBSCRIPTION_PATH}/resourceGroups/{name}", body), status, code, message)


def test_a_group_without_clusters_is_deleted_at_the_second_poll_while_time_stands_still(lab: Lab) -> None:
    response = deleted(lab, f"{SUBSCRIPTION_PATH}/resourceGroups/PAY")
    assert send(lab, "GET", f"{SUBSCRIPTION_PATH}/resourceGroups/pay").json()["properties"] == {
        "provisioningState": "Deleting"
    }
    polls = [lab.http.get(response.headers["location"]) for _ in range(3)]
    assert [poll.status_code for poll in polls] == [202, 200, 200]
    assert send(lab, "HEAD", f"{SUBSCRIPTION_PATH}/resourceGroups/pay").status_code == 404
    assert [one.name for one in lab.estate.fleets.values()] == ["retail"]


def test_a_group_with_clusters_is_deleted_when_time_has_passed(lab: Lab) -> None:
    location = deleted(lab, PLATFORM).headers["location"]
    cluster = next(iter(lab.estate.clusters.values()))
    assert cluster.provisioning_state == "Deleting"
    assert [lab.http.get(location).status_code for _ in range(3)] == [202] * 3

    lab.clock.advance(lab.clock.now() + timedelta(minutes=10))
    assert lab.http.get(location).status_code == 200
    assert (list(lab.estate.clusters), [one.name for one in lab.estate.fleets.values()]) == ([], ["payments"])
    assert_refused(
        send(lab, "GET", PLATFORM),
        404,
        "ResourceGroupNotFound",
        "Resource group 'platform' could not be found.",
    )


def test_another_deletion_gets_the_operation_that_is_in_progress(lab: Lab) -> None:
    first, second = deleted(lab, PLATFORM), deleted(lab, PLATFORM)
    assert first.headers["location"] == second.headers["location"]


@pytest.mark.parametrize("path", [PLATFORM, f"{PLATFORM}/providers/Microsoft.ContainerService/fleets/new"])
def test_nothing_is_written_in_a_group_that_is_being_deleted(path: str) -> None:
    lab = FleetLab()
    deleted(lab, PLATFORM)
    version = "api-version=2026-06-01" if path != PLATFORM else VERSION
    assert_refused(
        lab.http.request("PUT", f"{path}?{version}", json={"location": "westus2"}),
        409,
        "ResourceGroupBeingDeleted",
        "The resource group 'platform' is in deprovisioning state and cannot perform this operation.",
    )


def test_a_run_ends_with_the_group_of_its_fleet(lab: Lab) -> None:
    lab = FleetLab("one")
    lab.put("/updateRuns/run", a_run())
    lab.start()
    deleted(lab, PLATFORM)
    lab.pass_minutes(60)
    assert lab.http.get(f"{FLEET}?api-version=2026-06-01").json()["error"]["code"] == "ResourceGroupNotFound"
    entries = lab.control("GET", "/journal")["entries"]
    assert isinstance(entries, list)
    states = [entry["state"] for entry in entries if isinstance(entry, dict) and entry["kind"] == "runState"]
    assert states == ["Running"]


def test_a_deletion_that_does_not_exist_is_not_found(lab: Lab) -> None:
    response = lab.http.get(f"{SUBSCRIPTION_PATH}/operationresults/none?api-version=2018-05-01")
    assert_refused(response, 404, "OperationNotFound", "The operation 'none' was not found.")
