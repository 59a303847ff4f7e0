"""Long-running operations: what is shown while one is in progress, how it ends, and what has to wait for it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.tools.emulator_fleet.fleet_lab import FLEET, FleetLab, a_run
from tests.tools.emulator_rules.azure import a_cluster_id, at_fleet, end, properties, put_fleet
from tests.tools.emulator_rules.refusals import assert_refused
from tools.json_value import Json


def join(lab: FleetLab) -> str:
    """A member that is joining; where to poll."""
    response = lab.send("PUT", "/members/new", {"properties": {"clusterResourceId": a_cluster_id(lab)}})
    assert (response.status_code, properties(response)["provisioningState"]) == (201, "Joining")
    return str(response.headers["azure-asyncoperation"])


def names(lab: FleetLab) -> list[str]:
    return [member["name"] for member in lab.send("GET", "/members").json()["value"]]


def test_an_operation_is_in_progress_at_the_first_poll_and_done_at_the_second(lab: FleetLab) -> None:
    url = join(lab)
    guid = url.partition("/operations/")[2].partition("?")[0]

    assert lab.http.get(url).json() == {
        "name": guid,
        "status": "InProgress",
        "startTime": "2026-01-05T10:30:00.0000000Z",
    }
    done = {
        "name": guid,
        "status": "Succeeded",
        "startTime": "2026-01-05T10:30:00.0000000Z",
        "endTime": "2026-01-05T10:30:00.0000000Z",
    }
    assert [lab.http.get(url).json() for _ in range(2)] == [done, done]
    member = properties(lab.send("GET", "/members/new"))
    assert (member["provisioningState"], member["status"]) == ("Succeeded", {"lastOperationId": guid})


def test_the_urls_of_an_operation_carry_its_own_api_version_and_a_signature(lab: FleetLab) -> None:
    response = lab.send("DELETE", "/members/one")

    for name, kind in (("azure-asyncoperation", "operations"), ("location", "operationresults")):
        path, _, query = response.headers[name].partition("?")
        assert f"/providers/Microsoft.ContainerService/locations/westus2/{kind}/" in path
        assert [part.partition("=")[0] for part in query.split("&")] == ["api-version", "t", "c", "s", "h"]
        assert query.startswith("api-version=2016-03-30&")
    assert "retry-after" not in response.headers


def test_only_a_deletion_has_a_location(lab: FleetLab) -> None:
    response = lab.send("PUT", "/members/new", {"properties": {"clusterResourceId": a_cluster_id(lab)}})

    assert "location" not in response.headers


@pytest.mark.parametrize("path", ["/members/new", "/members"])
def test_a_client_that_reads_instead_of_polling_sees_the_end_at_the_second_read(lab: FleetLab, path: str) -> None:
    join(lab)

    def state() -> Json:
        content = lab.send("GET", path).json()
        found = content["value"][-1] if "value" in content else content
        state: Json = found["properties"]["provisioningState"]
        return state

    assert [state(), state()] == ["Joining", "Succeeded"]


def test_an_operation_ends_in_simulated_time_without_a_poll(lab: FleetLab) -> None:
    join(lab)
    lab.clock.advance(lab.clock.now() + timedelta(minutes=1))

    assert properties(lab.send("GET", "/members/new"))["provisioningState"] == "Succeeded"


def test_the_end_of_an_operation_changes_the_etag(lab: FleetLab) -> None:
    response = lab.send("PUT", "/members/new", {"properties": {"clusterResourceId": a_cluster_id(lab)}})
    end(lab, response)

    assert lab.send("GET", "/members/new").json()["eTag"] != response.json()["eTag"]


def test_a_member_that_leaves_stays_until_the_operation_is_done(lab: FleetLab) -> None:
    response = lab.send("DELETE", "/members/one")
    assert (response.status_code, properties(response)["provisioningState"]) == (202, "Leaving")
    assert names(lab) == ["one", "two", "three"]

    assert lab.http.get(response.headers["azure-asyncoperation"]).json()["status"] == "Succeeded"
    assert names(lab) == ["two", "three"]
    result = lab.http.get(response.headers["location"])
    assert (result.status_code, result.content) == (204, b"")
    assert lab.send("GET", "/members/one").status_code == 404


def test_the_location_of_a_deletion_returns_202_until_204(lab: FleetLab) -> None:
    response = lab.send("DELETE", "/members/one")
    first, second = (lab.http.get(response.headers["location"]) for _ in range(2))

    assert (first.status_code, first.json()["status"]) == (202, "InProgress")
    assert first.headers["location"] == response.headers["location"]
    assert second.status_code == 204


def test_deleting_again_meanwhile_returns_the_same_operation(lab: FleetLab) -> None:
    first, second = (lab.send("DELETE", "/members/one") for _ in range(2))

    assert second.status_code == 202
    assert second.headers["azure-asyncoperation"] == first.headers["azure-asyncoperation"]


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
def test_a_write_to_a_member_with_an_operation_in_progress_is_refused(lab: FleetLab, method: str) -> None:
    join(lab)
    response = lab.send(method, "/members/new", {"properties": {"clusterResourceId": a_cluster_id(lab)}})

    message = f"Another operation on '{FLEET}/members/new' is in progress. Please wait until it is done, and try again."
    assert_refused(response, 409, "AnotherOperationInProgress", message)


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
def test_a_write_to_a_fleet_that_is_being_created_is_refused(lab: FleetLab, method: str) -> None:
    at_fleet(lab, "PUT", "new", {"location": "eastus"})
    response = at_fleet(lab, method, "new", {"location": "eastus"})

    fleet = FLEET.replace("retail", "new")
    message = f"Another operation on '{fleet}' is in progress. Please wait until it is done, and try again."
    assert_refused(response, 409, "AnotherOperationInProgress", message)


def test_a_fleet_is_not_deleted_while_members_are_leaving(lab: FleetLab) -> None:
    leaving = lab.send("DELETE", "/members/two")
    response = lab.send("DELETE", "")

    message = "The fleet 'retail' cannot be deleted while members are leaving it: two."
    assert_refused(response, 409, "OperationNotAllowed", message)
    end(lab, leaving)
    assert lab.send("DELETE", "").status_code == 202


def test_a_fleet_is_deleted_with_all_that_is_in_it_by_an_operation(lab: FleetLab) -> None:
    response = lab.send("DELETE", "")

    assert properties(response)["provisioningState"] == "Deleting"
    body: Json = {"properties": {"channel": "Rapid"}}
    refused = lab.send("PUT", "/autoUpgradeProfiles/p", body)
    assert_refused(refused, 409, "OperationNotAllowed", "The fleet 'retail' is being deleted.")
    end(lab, response)
    assert lab.http.get(response.headers["location"]).status_code == 204
    assert (lab.send("GET", "/members/one").status_code, lab.send("DELETE", "").status_code) == (404, 204)


def test_a_run_ends_with_its_fleet(lab: FleetLab) -> None:
    lab.put("/updateRuns/run", a_run())
    lab.start()
    end(lab, lab.send("DELETE", ""))
    lab.pass_minutes(60)

    assert [pool.kubernetes_version for pool in lab.cluster("one").pools] == ["1.30.5"]


def test_a_fleet_is_creating_then_there(lab: FleetLab) -> None:
    response = at_fleet(lab, "PUT", "new", {"location": "East US", "tags": {"a": "b"}})
    assert (response.status_code, properties(response)["provisioningState"]) == (201, "Creating")
    assert "location" not in response.headers
    end(lab, response)

    shown = at_fleet(lab, "GET", "new").json()
    operation = response.headers["azure-asyncoperation"].partition("/operations/")[2].partition("?")[0]
    assert shown["properties"] == {"provisioningState": "Succeeded", "status": {"lastOperationId": operation}}
    assert (shown["location"], shown["tags"]) == ("eastus", {"a": "b"})


def test_a_fleet_read_and_sent_back_with_its_etag_is_updated(lab: FleetLab) -> None:
    """What the CLI's reconcile does."""
    put_fleet(lab)
    read = at_fleet(lab, "GET", "new").json()
    response = at_fleet(lab, "PUT", "new", read, {"If-Match": read["eTag"]})

    assert (response.status_code, properties(response)["provisioningState"]) == (200, "Updating")
    end(lab, response)
    assert properties(at_fleet(lab, "GET", "new"))["provisioningState"] == "Succeeded"


def test_an_unknown_operation_is_refused(lab: FleetLab) -> None:
    url = f"{FLEET.partition('/resourceGroups')[0]}/providers/Microsoft.ContainerService/locations/westus2/operations/x"
    response = lab.http.get(f"{url}?api-version=2016-03-30")

    assert_refused(response, 404, "OperationNotFound", "The operation 'x' was not found.")
