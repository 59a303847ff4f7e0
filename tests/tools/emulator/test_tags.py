"""Tags as an extension of resources, groups and the subscription."""

from __future__ import annotations

import httpx
import pytest

from tests.tools.emulator.lab import SUBSCRIPTION_PATH, Lab
from tests.tools.emulator_fleet.fleet_lab import FLEET, FleetLab
from tools.json_value import Json

VERSION = "api-version=2024-11-01"
TAGS = "/providers/Microsoft.Resources/tags/default"
GROUP = f"{SUBSCRIPTION_PATH}/resourceGroups/platform"
CLUSTER = f"{GROUP}/providers/Microsoft.ContainerService/managedClusters/one"
SCOPES = (SUBSCRIPTION_PATH, GROUP, FLEET, CLUSTER)


@pytest.fixture
def lab() -> FleetLab:
    return FleetLab()


def send(lab: Lab, method: str, scope: str, body: Json = None) -> httpx.Response:
    return lab.http.request(method, f"{scope}{TAGS}?{VERSION}", json=body)


def put(lab: Lab, scope: str, **tags: Json) -> httpx.Response:
    return send(lab, "PUT", scope, {"properties": {"tags": {**tags}}})


def patch(lab: Lab, operation: str, **tags: Json) -> Json:
    """The fleet's tags after an operation."""
    response = send(lab, "PATCH", FLEET, {"operation": operation, "properties": {"tags": {**tags}}})
    assert response.status_code == 200, response.text
    shown: Json = response.json()["properties"]["tags"]
    return shown


@pytest.mark.parametrize("scope", SCOPES)
def test_tags_are_put_shown_and_deleted_at_every_scope(lab: FleetLab, scope: str) -> None:
    shown = {
        "id": f"{scope}{TAGS}",
        "name": "default",
        "type": "Microsoft.Resources/tags",
        "properties": {"tags": {"team": "shop"}},
    }
    response = put(lab, scope, team="shop")
    assert (response.status_code, response.json()) == (200, shown)
    assert send(lab, "GET", scope).json() == shown
    deleted = send(lab, "DELETE", scope)
    assert (deleted.status_code, deleted.content) == (200, b"")
    assert send(lab, "GET", scope).json()["properties"] == {"tags": {}}


@pytest.mark.parametrize(("path", "api"), [(FLEET, "2026-06-01"), (CLUSTER, "2026-08-01"), (GROUP, "2024-11-01")])
def test_the_resource_itself_shows_them_with_another_etag(lab: FleetLab, path: str, api: str) -> None:
    before = lab.http.get(f"{path}?api-version={api}").json()
    put(lab, path, team="shop")
    after = lab.http.get(f"{path}?api-version={api}").json()
    assert after["tags"] == {"team": "shop"}
    assert path == GROUP or after["eTag"] != before["eTag"]


def test_merge_adds_and_updates_without_regard_to_case_and_leaves_the_others(lab: FleetLab) -> None:
    put(lab, FLEET, team="shop", owner="us")
    assert patch(lab, "Merge", TEAM="pay", cost="1") == {"owner": "us", "TEAM": "pay", "cost": "1"}


def test_replace_leaves_only_what_is_given(lab: FleetLab) -> None:
    put(lab, FLEET, team="shop")
    assert patch(lab, "Replace", owner="us") == {"owner": "us"}


@pytest.mark.parametrize(
    ("given", "left"),
    [
        ({"TEAM": ""}, {"owner": "us"}),
        ({"team": "shop"}, {"owner": "us"}),
        ({"team": "SHOP"}, {"owner": "us", "team": "shop"}),
        ({"team": "shop", "owner": "", "none": ""}, {}),
    ],
)
def test_delete_removes_a_tag_by_its_name_or_by_name_and_value(
    lab: FleetLab, given: dict[str, Json], left: dict[str, Json]
) -> None:
    put(lab, FLEET, owner="us", team="shop")
    assert patch(lab, "Delete", **given) == left


def test_a_managed_namespace_has_tags_too(lab: FleetLab) -> None:
    version = "api-version=2026-06-01"
    fleet, namespace = FLEET.replace("retail", "hubs"), FLEET.replace("retail", "hubs/managedNamespaces/team")
    hub: Json = {"location": "eastus", "properties": {"hubProfile": {}}}
    poll = lab.http.request("PUT", f"{fleet}?{version}", json=hub).headers["azure-asyncoperation"]
    assert [lab.http.get(poll).status_code for _ in range(2)] == [200, 200]
    body: Json = {"location": "eastus", "properties": {"adoptionPolicy": "Always", "deletePolicy": "Keep"}}
    created = lab.http.request("PUT", f"{namespace}?{version}", json=body)
    assert created.status_code == 201, created.text
    put(lab, namespace, team="shop")
    assert lab.http.get(f"{namespace}?{version}").json()["tags"] == {"team": "shop"}
    assert send(lab, "GET", f"{namespace}s").json()["error"]["code"] == "ResourceNotFound"


@pytest.mark.parametrize(
    ("scope", "status", "code"),
    [
        (f"{GROUP}s", 404, "ResourceGroupNotFound"),
        (f"{FLEET}s", 404, "ResourceNotFound"),
        (CLUSTER.replace("platform", "nowhere"), 404, "ResourceGroupNotFound"),
        (f"{FLEET}/members/one", 400, "TagsNotSupported"),
    ],
)
def test_a_scope_that_does_not_exist_or_has_no_tags_is_refused(
    lab: FleetLab, scope: str, status: int, code: str
) -> None:
    response = send(lab, "GET", scope)
    assert (response.status_code, response.json()["error"]["code"]) == (status, code)


def test_an_operation_that_does_not_exist_is_refused_and_the_others_are_named(lab: FleetLab) -> None:
    response = send(lab, "PATCH", FLEET, {"operation": "Add", "properties": {"tags": {"a": "b"}}})
    assert (response.status_code, response.json()["error"]) == (
        400,
        {
            "code": "InvalidParameter",
            "message": "'Add' is not a value of 'operation'; it must be one of Merge, Replace, Delete.",
            "target": "operation",
        },
    )


def test_more_tags_than_a_resource_can_have_are_refused_also_when_they_add_up(lab: FleetLab) -> None:
    put(lab, FLEET, **{f"tag{number}": "" for number in range(50)})
    response = send(lab, "PATCH", FLEET, {"operation": "Merge", "properties": {"tags": {"one": "more"}}})
    assert (response.status_code, response.json()["error"]["message"]) == (400, "A resource can have 50 tags, not 51.")


def test_resource_graph_sees_the_tags_of_a_cluster_that_was_tagged(lab: FleetLab) -> None:
    version = lab.estate.version
    put(lab, CLUSTER, team="shop")
    assert lab.estate.version > version
    assert lab.cluster("one").version == lab.estate.version


def test_the_subscription_lists_the_names_of_all_tags_with_their_values_and_how_often(lab: FleetLab) -> None:
    put(lab, GROUP, team="shop")
    put(lab, CLUSTER, TEAM="pay", cost="1")
    put(lab, FLEET, team="shop")
    path = f"{SUBSCRIPTION_PATH}/tagNames"

    def total(number: int) -> Json:
        return {"type": "Total", "value": number}

    def name(name: str, number: int, **values: int) -> Json:
        shown: list[Json] = [
            {"id": f"{path}/{name}/tagValues/{value}", "tagValue": value, "count": total(count)}
            for value, count in values.items()
        ]
        return {"id": f"{path}/{name}", "tagName": name, "count": total(number), "values": shown}

    response = lab.http.get(f"{path}?{VERSION}")
    assert response.json()["value"] == [name("cost", 1, **{"1": 1}), name("team", 3, pay=1, shop=2)]


def test_a_name_cannot_be_added_without_a_resource(lab: FleetLab) -> None:
    refused = lab.http.request("PUT", f"{SUBSCRIPTION_PATH}/tagNames/new?{VERSION}")
    assert (refused.status_code, refused.json()["error"]["code"]) == (404, "InvalidResourceType")
