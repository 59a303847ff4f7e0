"""Resource Graph: pages."""

import json

import pytest
from azure.mgmt.resourcegraph import ResourceGraphClient
from azure.mgmt.resourcegraph.models import QueryRequest, QueryRequestOptions

from tests.tools.emulator_edge.edge import ARM, Edge
from tests.tools.emulator_edge.rows import OTHER_SUBSCRIPTION, SUBSCRIPTION, clusters
from tools.json_value import Json

NAMES = [f"c{number:04}" for number in range(2300)]
QUERY = "resources | project id, name | order by id asc"


def test_the_sdk_reads_all_rows_page_by_page_each_once(edge: Edge) -> None:
    edge.tables = clusters(*NAMES)
    found: list[Json] = []
    sizes: list[int] = []
    token: str | None = None
    with ResourceGraphClient(
        edge.credential(), base_url=edge.url, credential_scopes=[f"{ARM}/.default"], connection_verify=edge.ca
    ) as client:
        while token or not sizes:
            options = QueryRequestOptions(top=1000, skip_token=token, result_format="objectArray")
            page = client.resources(QueryRequest(query=QUERY, subscriptions=[SUBSCRIPTION], options=options))
            assert page.total_records == 2300
            assert page.result_truncated == "false"
            rows: list[dict[str, Json]] = json.loads(json.dumps(page.data))
            found += [row["name"] for row in rows]
            sizes.append(page.count)
            token = page.skip_token
    assert sizes == [1000, 1000, 300]
    assert found == NAMES


def test_a_page_has_100_rows_where_nothing_is_said(edge: Edge) -> None:
    edge.tables = clusters(*NAMES)
    assert edge.query(QUERY).json()["count"] == 100


def test_the_last_page_has_no_token_also_when_it_is_full(edge: Edge) -> None:
    edge.tables = clusters("a", "b")
    assert "$skipToken" not in edge.query(QUERY, top=2).json()


def test_without_id_more_rows_are_truncated_and_there_is_no_token(edge: Edge) -> None:
    edge.tables = clusters("a", "b", "c")
    response = edge.query("resources | project name | order by name asc", top=2).json()
    assert response["resultTruncated"] == "true"
    assert "$skipToken" not in response
    assert (response["count"], response["totalRecords"]) == (2, 3)


def test_skip_leaves_rows_out(edge: Edge) -> None:
    edge.tables = clusters("a", "b", "c")
    response = edge.query(QUERY, skip=1, top=1).json()
    assert [row["name"] for row in response["data"]] == ["b"]
    assert response["totalRecords"] == 3


@pytest.mark.parametrize(
    ("query", "scope"),
    [("resources | project id", {"subscriptions": [SUBSCRIPTION]}), (QUERY, {"subscriptions": [OTHER_SUBSCRIPTION]})],
)
def test_a_token_is_good_for_its_own_query_and_scope_only(edge: Edge, query: str, scope: dict[str, Json]) -> None:
    edge.tables = clusters("a", "b")
    token = edge.query(QUERY, {"subscriptions": [SUBSCRIPTION]}, top=1).json()["$skipToken"]
    response = edge.query(query, scope, skipToken=token)
    assert response.status_code == 400
    assert response.json()["error"]["details"][0]["code"] == "InvalidSkipToken"


@pytest.mark.parametrize("token", ["nonsense", "e30=", "WzFd", "é"])
def test_what_is_no_token_is_refused(edge: Edge, token: str) -> None:
    assert edge.query(QUERY, skipToken=token).status_code == 400
