"""Every ARM request passes the gateway."""

from __future__ import annotations

import pytest

from tests.tools.emulator.builders import SUBSCRIPTION, fleet, member, world
from tests.tools.emulator.lab import AKS, SUBSCRIPTION_PATH, Lab
from tools.emulator.arm import ArmError, ArmRequest, ArmResponse
from tools.json_value import Json

CLUSTERS = f"{SUBSCRIPTION_PATH}/providers/Microsoft.ContainerService/managedClusters"
THING = "/subscriptions/{subscription}/resourceGroups/{group}/providers/My.Own/things/{thing}"


@pytest.fixture
def lab() -> Lab:
    return Lab(world(fleet("retail", member("shop"))))


def error_of(body: Json) -> tuple[Json, Json]:
    assert isinstance(body, dict)
    error = body["error"]
    assert isinstance(error, dict)
    assert set(error) == {"code", "message"}
    return error["code"], error["message"]


def test_a_request_without_token_is_refused_with_a_challenge(lab: Lab) -> None:
    response = lab.anonymous.get(f"{CLUSTERS}?{AKS}")
    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"].startswith("Bearer ")
    assert error_of(response.json())[0] == "AuthenticationFailed"


def test_a_token_for_another_audience_is_refused(lab: Lab) -> None:
    token = lab.token("https://storage.azure.com")
    response = lab.anonymous.get(f"{CLUSTERS}?{AKS}", headers={"Authorization": f"Bearer {token}"})
    assert (response.status_code, error_of(response.json())[0]) == (401, "InvalidAuthenticationToken")


def test_a_slash_at_the_end_of_the_audience_is_tolerated(lab: Lab) -> None:
    token = lab.token("https://management.azure.com/")
    response = lab.anonymous.get(f"{CLUSTERS}?{AKS}", headers={"Authorization": f"Bearer {token}"})
    assert response.status_code == 200


def test_a_token_for_arms_older_audience_is_as_good(lab: Lab) -> None:
    token = lab.token("https://management.core.windows.net/")
    response = lab.anonymous.get(f"{CLUSTERS}?{AKS}", headers={"Authorization": f"Bearer {token}"})
    assert response.status_code == 200


def test_the_api_version_is_required(lab: Lab) -> None:
    response = lab.http.get(CLUSTERS)
    assert (response.status_code, error_of(response.json())[0]) == (400, "MissingApiVersionParameter")


def test_an_unknown_api_version_is_refused_and_the_known_ones_are_named(lab: Lab) -> None:
    response = lab.http.get(f"{CLUSTERS}?api-version=1999-01-01")
    code, message = error_of(response.json())
    assert (response.status_code, code) == (400, "InvalidResourceType")
    assert "2026-08-01" in str(message)


@pytest.mark.parametrize("path", [CLUSTERS.lower(), CLUSTERS.upper().replace("/SUBSCRIPTIONS", "/Subscriptions")])
def test_paths_match_without_case(lab: Lab, path: str) -> None:
    assert lab.http.get(f"{path}?{AKS}").status_code == 200


def test_slashes_in_a_row_are_one(lab: Lab) -> None:
    assert lab.http.get(f"{SUBSCRIPTION_PATH}//resourceGroups///platform?api-version=2024-11-01").status_code == 200


def test_a_slash_at_the_end_changes_nothing(lab: Lab) -> None:
    assert lab.http.get(f"{CLUSTERS}/?{AKS}").status_code == 200


def test_another_subscription_does_not_exist(lab: Lab) -> None:
    response = lab.http.get(f"{CLUSTERS.replace(SUBSCRIPTION, SUBSCRIPTION.replace('1', '2'))}?{AKS}")
    assert (response.status_code, error_of(response.json())[0]) == (404, "SubscriptionNotFound")


def test_an_unregistered_path_is_not_found(lab: Lab) -> None:
    response = lab.http.get(f"{SUBSCRIPTION_PATH}/providers/Microsoft.Nothing/things?{AKS}")
    assert (response.status_code, error_of(response.json())[0]) == (404, "InvalidResourceType")


def test_an_unregistered_method_is_not_allowed(lab: Lab) -> None:
    response = lab.http.request("PUT", f"{CLUSTERS}?{AKS}", json={})
    assert (response.status_code, response.headers["Allow"]) == (405, "GET")


def test_a_malformed_body_is_refused(lab: Lab) -> None:
    lab.router.add("PUT", THING, lambda _: ArmResponse(), api_versions=["1"])
    response = lab.http.request(
        "PUT", f"{SUBSCRIPTION_PATH}/resourceGroups/g/providers/My.Own/things/t?api-version=1", content="{"
    )
    assert (response.status_code, error_of(response.json())[0]) == (400, "InvalidRequestContent")


def test_handlers_get_what_is_in_the_path_in_the_callers_case_and_the_parsed_body(lab: Lab) -> None:
    seen: list[ArmRequest] = []

    async def handler(request: ArmRequest) -> ArmResponse:
        seen.append(request)
        return ArmResponse(201, {"b": 1}, {"azure-asyncoperation": "there"})

    lab.router.add("PUT", THING, handler, api_versions=["1"])
    path = f"{SUBSCRIPTION_PATH}/RESOURCEGROUPS/Group/providers/my.own/things/MyThing"
    response = lab.http.request("PUT", f"{path}?api-version=1&$top=2", json={"a": [1]}, headers={"If-Match": '"x"'})
    assert (response.status_code, response.json()) == (201, {"b": 1})
    assert response.headers["azure-asyncoperation"] == "there"
    request = seen[0]
    assert request.params == {"subscription": SUBSCRIPTION, "group": "Group", "thing": "MyThing"}
    assert (request.object_body(), request.query["$top"], request.headers["if-match"]) == ({"a": [1]}, "2", '"x"')


def test_what_a_handler_refuses_is_written_as_arm_does(lab: Lab) -> None:
    def handler(_: ArmRequest) -> ArmResponse:
        raise ArmError(409, "OperationNotAllowed", "Not now.", {"Retry-After": "1"})

    lab.router.add("POST", THING, handler, api_versions=["1"])
    response = lab.http.request("POST", f"{SUBSCRIPTION_PATH}/resourceGroups/g/providers/My.Own/things/t?api-version=1")
    assert (response.status_code, response.headers["Retry-After"]) == (409, "1")
    assert response.json() == {"error": {"code": "OperationNotAllowed", "message": "Not now."}}


def test_an_empty_response_has_a_content_type_and_no_body(lab: Lab) -> None:
    lab.router.add("DELETE", THING, lambda _: ArmResponse(204), api_versions=["1"])
    response = lab.http.request(
        "DELETE", f"{SUBSCRIPTION_PATH}/resourceGroups/g/providers/My.Own/things/t?api-version=1"
    )
    assert (response.status_code, response.content) == (204, b"")
    assert "content-type" in response.headers


def test_responses_are_never_cached_and_carry_a_request_id(lab: Lab) -> None:
    headers = lab.http.get(f"{CLUSTERS}?{AKS}").headers
    assert headers["cache-control"] == "no-cache"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-ms-request-id"]


def test_a_list_comes_in_pages_where_the_caller_wants_so() -> None:
    lab = Lab(world(fleet("retail", member("a"), member("b"), member("c"))))
    names, url = [], f"{CLUSTERS}?{AKS}&$top=2"
    while url:
        page = lab.http.get(url).json()
        assert len(page["value"]) <= 2
        names += [cluster["name"] for cluster in page["value"]]
        url = page.get("nextLink")
    assert names == ["a", "b", "c"]


@pytest.mark.parametrize("query", ["$top=0", "$top=x", "$skipToken=x"])
def test_a_page_that_makes_no_sense_is_refused(lab: Lab, query: str) -> None:
    assert lab.http.get(f"{CLUSTERS}?{AKS}&{query}").status_code == 400
