"""Resource Graph: what it refuses, and how."""

import pytest
from azure.core.exceptions import HttpResponseError
from azure.mgmt.resourcegraph import ResourceGraphClient
from azure.mgmt.resourcegraph.models import QueryRequest

from tests.tools.emulator_edge.edge import ARM, Edge
from tests.tools.emulator_edge.rows import clusters
from tools.emulator.resource_graph.errors import RefusedError
from tools.emulator.resource_graph.quota import Quota

PATH = "/providers/Microsoft.ResourceGraph/resources"


@pytest.mark.parametrize(
    ("query", "code", "says"),
    [
        ("resources | wherex name == 'a'", "ParserFailure", "|"),
        ("resources | where nope == 'a'", "SemanticError", "nope"),
        ("nosuchtable | take 1", "SemanticError", "nosuchtable"),
        ("resources | search 'a'", "NotSupportedByEmulator", "SearchOperator"),
        (".drop table resources", "ParserFailure", "Control commands"),
        ("// sly\n .show tables", "ParserFailure", "Control commands"),
        ("stored.resources | take 1", "SemanticError", "stored"),
        ("externaldata(a:string)['/etc/passwd']", "NotSupportedByEmulator", "ExternalData"),
        ("declare query_parameters(a:string); resources | where name == a", "SemanticError", "a"),
    ],
)
def test_a_query_that_cannot_run_is_an_invalid_query(edge: Edge, query: str, code: str, says: str) -> None:
    edge.tables = clusters("a")
    response = edge.query(query)
    assert response.status_code == 400
    error = response.json()["error"]
    assert error["code"] == "BadRequest"
    assert [detail["code"] for detail in error["details"]] == ["InvalidQuery", code]
    assert says in error["details"][1]["message"]


def test_a_syntax_error_says_where_it_is(edge: Edge) -> None:
    [_, detail] = edge.query("resources\n| where name ==").json()["error"]["details"]
    assert detail["line"] == 2
    assert isinstance(detail["characterPositionInLine"], int)


def test_a_failed_query_leaves_the_next_one_alone(edge: Edge) -> None:
    edge.tables = clusters("a")
    edge.query("resources | where nope == 1")
    assert edge.query("resources").json()["count"] == 1


def test_the_sdk_reads_the_error(edge: Edge) -> None:
    with (
        ResourceGraphClient(
            edge.credential(), base_url=edge.url, credential_scopes=[f"{ARM}/.default"], connection_verify=edge.ca
        ) as client,
        pytest.raises(HttpResponseError) as raised,
    ):
        client.resources(QueryRequest(query="resources | wherex"))
    assert raised.value.error is not None
    assert raised.value.error.code == "BadRequest"


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"{", "not JSON"),
        (b"[" * 100_000, "not JSON"),
        (b"[]", "object"),
        (b"{}", "query"),
        (b'{"query":" "}', "query"),
        (b'{"query":"resources","options":[1]}', "options"),
        (b'{"query":"resources","options":{"$top":0}}', "$top"),
        (b'{"query":"resources","options":{"$top":1001}}', "$top"),
        (b'{"query":"resources","options":{"$top":"5"}}', "$top"),
        (b'{"query":"resources","options":{"$skip":-1}}', "$skip"),
        (b'{"query":"resources","options":{"resultFormat":"xml"}}', "resultFormat"),
        (b'{"query":"resources","subscriptions":"x"}', "subscriptions"),
        (b'{"query":"resources","subscriptions":[1]}', "subscriptions"),
        (b'{"query":"resources","subscriptions":["x"],"managementGroups":["y"]}', "not both"),
        (b'{"query":"resources","facets":[{}]}', "facets"),
    ],
)
def test_a_wrong_request_is_refused_naming_the_field(edge: Edge, body: bytes, says: str) -> None:
    response = edge.http.post(f"{PATH}?api-version=2021-03-01", content=body, headers=edge.bearer(ARM))
    assert response.status_code == 400
    assert says in response.json()["error"]["message"]


@pytest.mark.parametrize(
    ("query_string", "code"),
    [("", "MissingApiVersionParameter"), ("?api-version=2001-01-01", "InvalidResourceType")],
)
def test_an_api_version_must_be_given_and_known(edge: Edge, query_string: str, code: str) -> None:
    response = edge.http.post(PATH + query_string, json={"query": "resources"}, headers=edge.bearer(ARM))
    assert (response.status_code, response.json()["error"]["code"]) == (400, code)


@pytest.mark.parametrize("audience", [None, "https://storage.azure.com"])
def test_only_a_token_for_arm_may_query(edge: Edge, audience: str | None) -> None:
    headers = {} if audience is None else edge.bearer(audience)
    response = edge.http.post(f"{PATH}?api-version=2021-03-01", json={"query": "resources"}, headers=headers)
    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"].startswith("Bearer")
    assert set(response.json()["error"]) == {"code", "message"}


def test_every_response_says_what_is_left_of_the_quota(edge: Edge) -> None:
    first, second = edge.query("resources"), edge.query("resources")
    assert [response.headers["x-ms-user-quota-remaining"] for response in (first, second)] == ["14", "13"]
    assert first.headers["x-ms-user-quota-resets-after"] == "00:00:05"


def left_after_one_more(quota: Quota) -> int:
    return int(quota.take()["x-ms-user-quota-remaining"])


def test_past_15_queries_in_5_seconds_an_enforced_quota_refuses_until_it_is_reset() -> None:
    now = [0.0]
    quota = Quota(enforced=True, monotonic=lambda: now[0])
    assert [left_after_one_more(quota) for _ in range(15)] == list(range(14, -1, -1))
    now[0] = 4.9
    with pytest.raises(RefusedError) as raised:
        quota.take()
    assert (raised.value.status, raised.value.code) == (429, "RateLimiting")
    assert raised.value.headers == {"x-ms-user-quota-remaining": "0", "x-ms-user-quota-resets-after": "00:00:01"}
    now[0] = 5.0
    assert left_after_one_more(quota) == 14


def test_a_quota_that_is_not_enforced_refuses_nothing() -> None:
    quota = Quota(enforced=False, monotonic=lambda: 0.0)
    assert [left_after_one_more(quota) for _ in range(20)][-1] == 0
