"""The check that every ARM response in the tests goes through names what Azure would not have sent."""

from __future__ import annotations

import json
from collections.abc import Mapping

import httpx
import pytest

from tests.tools.emulator_fleet.fleet_lab import FleetLab
from tests.tools.emulator_wire.bodies import (
    FLEET,
    GROUP,
    SUBSCRIPTION,
    JsonObject,
    fleet_body,
    profile_properties,
    resource,
    run_properties,
    run_status,
)
from tests.tools.emulator_wire.response_check import check_response, response_slips
from tools.json_value import Json

OPERATION = "08707996-30eb-4db3-b2f9-fbdb9c331833"
LOCATIONS = f"https://emulator/subscriptions/{SUBSCRIPTION}/providers/Microsoft.ContainerService/locations/westus2"
SIGNED = "api-version=2016-03-30&t=1&c=2&s=3&h=4"
POLL = f"{LOCATIONS}/operations/{OPERATION}?{SIGNED}"
RESULT = f"{LOCATIONS}/operationresults/{OPERATION}?{SIGNED}"
ALWAYS = {"content-type": "application/json; charset=utf-8", "x-ms-request-id": "1"}
PROFILE = resource("autoUpgradeProfiles", "p", profile_properties())
RUN = resource("updateRuns", "r", run_properties(run_status("/c")))
CLUSTER: JsonObject = {
    "id": f"{GROUP.replace('resourceGroups', 'resourcegroups')}/managedClusters/c",
    "name": "c",
    "type": "Microsoft.ContainerService/ManagedClusters",
    "location": "westus2",
    "eTag": OPERATION,
    "properties": {
        "provisioningState": "Succeeded",
        "powerState": {"code": "Running"},
        "kubernetesVersion": "1.33",
        "currentKubernetesVersion": "1.33.6",
    },
}
NOT_ALLOWED = "Additional properties are not allowed"


def responded(
    method: str,
    path: str,
    body: Json = None,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    api_version: str = "2026-06-01",
) -> httpx.Response:
    """A response; a header of an empty text is omitted."""
    sent = {name: value for name, value in {**ALWAYS, **(headers or {})}.items() if value}
    request = httpx.Request(method, f"https://emulator{path}?api-version={api_version}")
    return httpx.Response(status, headers=sent, content=b"" if body is None else json.dumps(body), request=request)


def creating(headers: Mapping[str, str], state: str = OPERATION) -> httpx.Response:
    return responded("PUT", FLEET, fleet_body("Creating", state), 201, headers)


@pytest.mark.parametrize(
    "response",
    [
        responded("GET", FLEET, fleet_body()),
        responded("GET", FLEET.upper().replace("/SUBSCRIPTIONS", "/subscriptions"), fleet_body()),
        responded("GET", FLEET.rpartition("/")[0], {"value": [fleet_body()], "nextLink": "https://emulator/more"}),
        creating({"azure-asyncoperation": POLL}),
        responded(
            "DELETE", FLEET, fleet_body("Deleting", OPERATION), 202, {"azure-asyncoperation": POLL, "location": RESULT}
        ),
        responded("DELETE", FLEET, status=204),
        responded("GET", f"{FLEET}/autoUpgradeProfiles/p", PROFILE),
        responded("DELETE", f"{FLEET}/autoUpgradeProfiles/p", status=204),
        responded("POST", f"{FLEET}/autoUpgradeProfiles/p/generateUpdateRun", {"id": f"{FLEET}/updateRuns/auto"}),
        responded("POST", f"{FLEET}/updateRuns/r/start", RUN),
        responded("GET", f"{GROUP}/managedClusters/c", CLUSTER, headers={"content-type": "application/json"}),
        responded("GET", f"{FLEET}/gates", {"error": {"code": "NotFound", "message": "No."}}, 404),
        responded("GET", "/emulator/clock", {"now": "anything"}),
        responded("PUT", FLEET, {"anything": 1}, 500, headers={"x-ms-request-id": ""}),
    ],
    ids=lambda response: (
        f"{response.request.method}-{response.status_code}-{response.request.url.path.rpartition('/')[2]}"
    ),
)
def test_a_response_of_azure_passes(response: httpx.Response) -> None:
    check_response(response)


def turned(body: JsonObject) -> JsonObject:
    """With its keys in the other order."""
    return dict(reversed(body.items()))


@pytest.mark.parametrize(
    ("response", "slip"),
    [
        (responded("GET", FLEET, fleet_body(), 202), "the status should be one of [200]"),
        (
            responded("DELETE", f"{FLEET}/autoUpgradeProfiles/p", status=200),
            "the status should be one of [204]",
        ),
        (
            responded("GET", FLEET, fleet_body(), headers={"content-type": "application/json"}),
            "content-type should be 'application/json; charset=utf-8'",
        ),
        (responded("GET", FLEET, fleet_body(), headers={"etag": '"1"'}), "Azure sends no ETag here"),
        (
            creating({"azure-asyncoperation": POLL, "retry-after": "1"}),
            "Azure sends no Retry-After here",
        ),
        (creating({}), "Azure-AsyncOperation should be there"),
        (
            responded("GET", FLEET, fleet_body(), headers={"azure-asyncoperation": POLL}),
            "Azure-AsyncOperation should be absent",
        ),
        (
            creating({"azure-asyncoperation": POLL, "location": RESULT}),
            "Location should be there if a deletion is in progress, and only then",
        ),
        (
            creating({"azure-asyncoperation": POLL.replace("2016-03-30", "2026-06-01")}),
            f"{POLL.replace('2016-03-30', '2026-06-01')} is no URL of operations",
        ),
        (
            creating({"azure-asyncoperation": POLL.partition("&")[0]}),
            f"{POLL.partition('&')[0]} is no URL of operations",
        ),
        (creating({"azure-asyncoperation": RESULT}), f"{RESULT} is no URL of operations"),
        (
            creating({"azure-asyncoperation": POLL}, state="another"),
            f"lastOperationId should be {OPERATION}",
        ),
        (responded("DELETE", FLEET, {"x": 1}, 204), "there should be no body"),
        (responded("PATCH", FLEET), "the body is missing"),
        (responded("GET", f"{FLEET}/autoUpgradeProfiles/q", PROFILE), "id: should be the path of the request"),
        (responded("GET", FLEET, {**fleet_body(), "name": "z"}), "id: does not end with the name 'z'"),
        (
            responded("GET", FLEET, {**fleet_body(), "type": "Microsoft.ContainerService/Fleets"}),
            "type: should be Microsoft.ContainerService/fleets by the id, is Microsoft.ContainerService/Fleets",
        ),
        (responded("GET", FLEET, {**fleet_body(), "eTag": OPERATION}), "eTag: "),
        (responded("GET", f"{GROUP}/managedClusters/c", {**CLUSTER, "eTag": f'"{OPERATION}"'}), "eTag: "),
        (responded("GET", FLEET, turned(fleet_body())), "the body: the keys "),
        (
            responded("GET", FLEET, {**fleet_body(), "properties": {"status": {}, "provisioningState": "Succeeded"}}),
            "properties: the keys ['status', 'provisioningState'] are not in alphabetical order",
        ),
        (responded("GET", FLEET.rpartition("/")[0], [fleet_body()]), "a page should be an object with a list 'value'"),
        (
            responded("GET", FLEET.rpartition("/")[0], {"value": [], "nextLink": None}),
            "a page should have 'value', and 'nextLink' as text if there is more, but has ['nextLink', 'value']",
        ),
        (
            responded("GET", f"{FLEET}/autoUpgradeProfiles", {"value": [{**PROFILE, "properties": {"channel": "x"}}]}),
            "value[0].properties.disabled: is missing",
        ),
        (
            responded("POST", f"{FLEET}/autoUpgradeProfiles/p/generateUpdateRun", RUN),
            "eTag: GenerateResponse has no such key",
        ),
        (
            responded("GET", f"{FLEET}/gates", {"code": "NotFound", "message": "No."}, 404),
            "code: ErrorResponse has no ",
        ),
        (responded("GET", f"{FLEET}/gates", {"error": {"code": "NotFound"}}, 404), "error.message: is missing"),
        (responded("GET", f"{FLEET}/novelties", {"value": []}), "no model is known for GET "),
    ],
)
def test_a_slip_in_a_response_is_named(response: httpx.Response, slip: str) -> None:
    assert [found for found in response_slips(response) if found.startswith(slip)]
    with pytest.raises(AssertionError):
        check_response(response)


def test_a_key_of_a_preview_is_a_slip_in_another_api_version() -> None:
    status = run_status("/c")
    body = resource("updateRuns", "r", run_properties({**status, "failureCount": 0}))
    path = f"{FLEET}/updateRuns/r"

    assert response_slips(responded("GET", path, body, api_version="2026-06-02-preview")) == []
    assert response_slips(responded("GET", path, body)) == [
        "properties.status.failureCount: UpdateRunStatus has no such key",
        f"the specification: fleets/updateRuns $.properties.status: {NOT_ALLOWED} ('failureCount' was unexpected)",
    ]


def test_a_slip_fails_every_test_that_meets_it() -> None:
    lab = FleetLab("one")
    next(iter(lab.estate.fleets.values())).members["one"].properties["group"] = 1

    with pytest.raises(AssertionError, match=r"properties\.group: should be text, is 1"):
        lab.send("GET", "/members/one")
