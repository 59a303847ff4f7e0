"""Resource Graph: what queries response."""

import json

import pytest
from azure.mgmt.resourcegraph import ResourceGraphClient
from azure.mgmt.resourcegraph.models import QueryRequest, QueryRequestOptions

from tests.tools.emulator_edge.edge import ARM, Edge
from tests.tools.emulator_edge.rows import (
    CLUSTERS,
    OTHER_SUBSCRIPTION,
    SUBSCRIPTION,
    cluster,
    clusters,
    member,
)
from tools.emulator.resource_graph import Tables
from tools.json_value import Json


def data(edge: Edge, query: str, scope: dict[str, Json] | None = None) -> list[dict[str, Json]]:
    response = edge.query(query, scope)
    assert response.status_code == 200, response.text
    found: list[dict[str, Json]] = response.json()["data"]
    return found


def test_the_sdk_gets_rows_with_properties_as_objects_in_their_own_case(edge: Edge) -> None:
    edge.tables = clusters("b", "a")
    query = f"resources | where type =~ '{CLUSTERS}' | project id, name, type, tags, properties | order by id asc"
    with ResourceGraphClient(
        edge.credential(), base_url=edge.url, credential_scopes=[f"{ARM}/.default"], connection_verify=edge.ca
    ) as client:
        response = client.resources(
            QueryRequest(
                query=query,
                subscriptions=[SUBSCRIPTION],
                options=QueryRequestOptions(top=1000, result_format="objectArray"),
            )
        )
    expected = [{key: row[key] for key in ("id", "name", "type", "tags", "properties")} for row in map(cluster, "ab")]
    assert json.loads(json.dumps(response.data)) == expected
    assert (response.total_records, response.count, response.result_truncated) == (2, 2, "false")
    assert response.skip_token is None


def test_the_body_has_the_documented_members(edge: Edge) -> None:
    edge.tables = clusters("a")
    assert edge.query("resources | project name").json() == {
        "totalRecords": 1,
        "count": 1,
        "data": [{"name": "a"}],
        "facets": [],
        "resultTruncated": "false",
    }


def test_a_query_without_a_projection_returns_every_column(edge: Edge) -> None:
    edge.tables = clusters("a")
    assert data(edge, "resources") == [cluster("a")]


@pytest.mark.parametrize("name", ["resources", "Resources", "RESOURCES"])
def test_names_of_tables_have_no_case(edge: Edge, name: str) -> None:
    edge.tables = clusters("a")
    assert data(edge, f"{name} | project name") == [{"name": "a"}]


def test_fleet_children_are_in_aksresources_and_nowhere_else(edge: Edge) -> None:
    one = cluster("a")
    edge.tables = Tables(2, resources=[one], aksresources=[member("m", one)])
    assert data(edge, "AksResources | project name") == [{"name": "m"}]
    assert data(edge, "resources | project name") == [{"name": "a"}]


def test_strings_that_are_missing_are_empty_and_dynamics_null(edge: Edge) -> None:
    edge.tables = Tables(2, aksresources=[member("m", cluster("a"))])
    assert data(edge, "aksresources | project location, kind, tags, sku") == [
        {"location": "", "kind": "", "tags": None, "sku": None}
    ]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("where name =~ 'A'", ["a"]),
        ("where name in~ ('A', 'C')", ["a", "c"]),
        ("where name !in~ ('A')", ["b", "c"]),
        ("where kind == 'Automatic'", ["c"]),
        ("where kind =~ 'automatic'", ["c"]),
        ("where tolower(tostring(properties.powerState.code)) == 'running' and name != 'a'", ["b", "c"]),
        ("where properties['currentKubernetesVersion'] startswith '1.31'", ["b"]),
        ("where id contains '/managedClusters/b'", ["b"]),
        ("where isnotempty(tags.Env) | limit 1", ["a"]),
        ("order by id desc", ["c", "b", "a"]),
        ("extend version = tostring(properties.currentKubernetesVersion) | where version == '1.31.1'", ["b"]),
        ("where 'a.count' == \"a.count\" // kind of comment\n | where kind != 'a kind'", ["a", "b", "c"]),
        ("where toint(properties.maxAgentPools) > 99 // all", ["a", "b", "c"]),
    ],
)
def test_kql_is_run_for_real(edge: Edge, query: str, expected: list[str]) -> None:
    rows = [cluster("a"), cluster("b", version="1.31.1"), cluster("c", kind="Automatic")]
    edge.tables = Tables(2, resources=rows)
    assert [row["name"] for row in data(edge, f"resources | {query} | project id, name")] == expected


def test_columns_that_are_words_of_the_language_are_taken_bare(edge: Edge) -> None:
    edge.tables = clusters("a")
    assert data(edge, "resources | project kind, type, tags, sku, sku.name, properties.kind, properties.order.by") == [
        {
            "kind": "Base",
            "type": CLUSTERS,
            "tags": {"Env": "Prod"},
            "sku": {"name": "Base", "tier": "Standard"},
            "sku_name": "Base",
            "properties_kind": None,
            "properties_order_by": None,
        }
    ]


def test_arrays_expand_to_rows(edge: Edge) -> None:
    edge.tables = clusters("a")
    query = "resources | mv-expand pool = properties.agentPoolProfiles | project pool = tostring(pool.name), pool.count"
    assert data(edge, query) == [{"pool": "pool0", "pool_count": 0}, {"pool": "pool1", "pool_count": 1}]


def test_tables_join_in_any_spelling(edge: Edge) -> None:
    one = cluster("a")
    edge.tables = Tables(2, resources=[one, cluster("b")], aksresources=[member("m", one)])
    query = """
        Resources
        | project id = tolower(id), name
        | join kind=leftouter (
            AksResources | project id = tolower(tostring(properties.clusterResourceId)), member = name
          ) on id
        | project name, member
        | order by name asc
    """
    assert data(edge, query) == [{"name": "a", "member": "m"}, {"name": "b", "member": ""}]


def test_aggregates_are_numbers(edge: Edge) -> None:
    edge.tables = clusters("a", "b")
    assert data(
        edge, "resources | summarize clusters = count(), pools = sum(array_length(properties.agentPoolProfiles))"
    ) == [{"clusters": 2, "pools": 4}]


def test_a_scope_of_subscriptions_hides_the_rows_of_others(edge: Edge) -> None:
    edge.tables = Tables(2, resources=[cluster("a"), cluster("b", subscription=OTHER_SUBSCRIPTION)])
    query = "resources | project name | order by name asc"
    assert data(edge, query, {"subscriptions": [OTHER_SUBSCRIPTION]}) == [{"name": "b"}]
    assert data(edge, query, {"subscriptions": [SUBSCRIPTION, OTHER_SUBSCRIPTION.lower()]}) == [
        {"name": "a"},
        {"name": "b"},
    ]


@pytest.mark.parametrize("scope", [{}, {"managementGroups": ["platform"]}])
def test_a_management_group_or_no_scope_is_the_whole_tenant(edge: Edge, scope: dict[str, Json]) -> None:
    edge.tables = Tables(2, resources=[cluster("a"), cluster("b", subscription=OTHER_SUBSCRIPTION)])
    assert len(data(edge, "resources | project name", scope)) == 2


def test_a_changed_row_is_seen_by_the_next_query(edge: Edge) -> None:
    query = "resources | project tostring(properties.currentKubernetesVersion)"
    edge.tables = Tables(2, resources=[cluster("a", version="1.30.5")])
    before = data(edge, query)
    edge.tables = Tables(3, resources=[cluster("a", version="1.31.1")])
    assert [list(row.values()) for row in before + data(edge, query)] == [["1.30.5"], ["1.31.1"]]


def test_rows_are_read_again_only_when_their_version_changed(edge: Edge) -> None:
    edge.tables = clusters("a")
    data(edge, "resources")
    edge.tables.resources.append(cluster("b"))
    assert len(data(edge, "resources")) == 1


def test_the_table_format_has_columns_with_types_and_rows(edge: Edge) -> None:
    edge.tables = clusters("a")
    query = "resources | project name, n = array_length(properties.agentPoolProfiles), tags, half = 0.5, yes = true"
    assert edge.query(query, resultFormat="table").json()["data"] == {
        "columns": [
            {"name": "name", "type": "string"},
            {"name": "n", "type": "integer"},
            {"name": "tags", "type": "object"},
            {"name": "half", "type": "number"},
            {"name": "yes", "type": "boolean"},
        ],
        "rows": [["a", 2, {"Env": "Prod"}, 0.5, True]],
    }


def test_points_in_time_are_iso_8601_in_utc(edge: Edge) -> None:
    edge.tables = clusters("a")
    assert data(edge, "resources | project at = datetime(2026-03-01T12:30:00)") == [
        {"at": "2026-03-01T12:30:00.0000000Z"}
    ]


def test_the_path_has_no_case(edge: Edge) -> None:
    response = edge.http.post(
        "/Providers/microsoft.resourcegraph/RESOURCES?api-version=2022-10-01",
        json={"query": "resources"},
        headers=edge.bearer(ARM),
    )
    assert response.status_code == 200
