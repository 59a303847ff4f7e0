"""Members: what they must not say, what of them can change, and which ones a list shows."""

from __future__ import annotations

import pytest

from tests.tools.emulator_fleet.fleet_lab import FLEET, FleetLab, JsonObject
from tests.tools.emulator_rules.azure import a_cluster_id, at_fleet, end, properties
from tests.tools.emulator_rules.refusals import INVALID, WRONG_TYPE, assert_refused
from tools.json_value import Json

CLUSTER = f"{FLEET.rpartition('/fleets')[0]}/managedClusters/nowhere"
_FORM = "must be 1 to 50 characters of lower-case letters, digits and dashes, and begin and end with a letter or digit."
NO_GROUP = f"The name 'Canary' {_FORM}"
EMPTY_GROUP = f"The name '' {_FORM}"


@pytest.mark.parametrize(
    ("content", "target", "message"),
    [
        ({}, "clusterResourceId", "clusterResourceId is required."),
        (
            {"clusterResourceId": "one"},
            "clusterResourceId",
            "clusterResourceId 'one' is not the id of a managed cluster.",
        ),
        (
            {"clusterResourceId": FLEET},
            "clusterResourceId",
            f"clusterResourceId '{FLEET}' is not the id of a managed cluster.",
        ),
        ({"clusterResourceId": CLUSTER}, "clusterResourceId", f"The cluster '{CLUSTER}' does not exist."),
        (
            {"clusterResourceId": CLUSTER, "group": "Canary"},
            "group",
            NO_GROUP,
        ),
    ],
)
def test_a_member_that_breaks_a_rule_is_refused(lab: FleetLab, content: JsonObject, target: str, message: str) -> None:
    response = lab.send("PUT", "/members/odd", {"properties": content})

    assert_refused(response, 400, INVALID, message, f"properties.{target}")


@pytest.mark.parametrize(
    ("content", "target", "message"),
    [
        ({"group": []}, "group", "'group' must be a text."),
        ({"labels": ["a"]}, "labels", "'labels' must be an object."),
        ({"labels": {"team": 1}}, "labels.team", "'team' must be a text."),
    ],
)
@pytest.mark.parametrize(("method", "name"), [("PUT", "odd"), ("PATCH", "one")])
def test_another_json_type_is_refused_with_the_fields_path(
    lab: FleetLab, method: str, name: str, content: JsonObject, target: str, message: str
) -> None:
    response = lab.send(method, f"/members/{name}", {"properties": {"clusterResourceId": a_cluster_id(lab), **content}})

    assert_refused(response, 400, WRONG_TYPE, message, f"properties.{target}")


def test_a_clusters_id_that_is_no_text_is_refused(lab: FleetLab) -> None:
    response = lab.send("PUT", "/members/odd", {"properties": {"clusterResourceId": 1}})

    message = "'clusterResourceId' must be a text."
    assert_refused(response, 400, WRONG_TYPE, message, "properties.clusterResourceId")


def test_a_members_cluster_cannot_be_changed_later(lab: FleetLab) -> None:
    first, second = [cluster.id for cluster in lab.estate.clusters.values()][:2]
    response = lab.send("PUT", "/members/one", {"properties": {"clusterResourceId": second}})

    message = f"'clusterResourceId' is set on creation and cannot be changed: it is '{first}'."
    assert_refused(response, 400, "PropertyChangeNotAllowed", message, "properties.clusterResourceId")


def test_labels_are_refused_before_2025_04_01_preview(lab: FleetLab) -> None:
    body: Json = {"properties": {"labels": {"team": "a"}}}
    response = lab.send("PATCH", "/members/one", body, api="api-version=2025-03-01")

    message = "'labels' does not exist in api-version 2025-03-01; use 2025-04-01-preview."
    assert_refused(response, 400, INVALID, message, "properties.labels")


def test_a_member_joins_with_the_services_labels_and_its_clusters_id_as_it_was_sent(lab: FleetLab) -> None:
    cluster = a_cluster_id(lab)
    sent = cluster.replace("resourcegroups", "resourceGroups")
    labels: Json = {"team": "a", "fleet.azure.com/location": "moon", "fleet.azure.com/mine": "b"}
    response = lab.send(
        "PUT",
        "/members/new",
        {"properties": {"clusterResourceId": sent, "labels": labels, "group": "canary", "provisioningState": "Failed"}},
    )

    assert response.status_code == 201
    assert properties(response) == {
        "clusterResourceId": sent,
        "group": "canary",
        "labels": {
            "team": "a",
            "fleet.azure.com/cluster-name": "one",
            "fleet.azure.com/group": "canary",
            "fleet.azure.com/location": "westus2",
            "fleet.azure.com/member-name": "new",
            "fleet.azure.com/resource-group": "platform",
            "fleet.azure.com/subscription-id": cluster.split("/")[2],
        },
        "provisioningState": "Joining",
        "status": properties(response)["status"],
    }


def test_a_member_read_and_sent_back_with_its_etag_is_updated(lab: FleetLab) -> None:
    """What the CLI's reconcile does."""
    read = lab.send("GET", "/members/one").json()
    response = lab.send("PUT", "/members/one", read, {"If-Match": read["eTag"]})

    assert (response.status_code, properties(response)["provisioningState"]) == (200, "Updating")
    end(lab, response)
    after = lab.send("GET", "/members/one").json()["properties"]
    assert {**after, "status": {}} == read["properties"]


def test_a_patch_of_the_group_is_done_at_once_and_keeps_the_labels(lab: FleetLab) -> None:
    before = lab.send("GET", "/members/one").json()["properties"]
    lab.pass_minutes(5)
    response = lab.send("PATCH", "/members/one", {"properties": {"group": "other"}})

    assert (response.status_code, "azure-asyncoperation" in response.headers) == (200, False)
    labels = {**before["labels"], "fleet.azure.com/group": "other"}
    assert properties(response) == {**before, "group": "other", "labels": labels}
    dates = response.json()["systemData"]
    assert dates["createdAt"] == dates["lastModifiedAt"] == "2026-01-05T10:35:00.0000000Z", "as recorded"


def test_a_patch_with_a_group_of_null_takes_the_member_out_of_its_group_and_its_label(lab: FleetLab) -> None:
    left = properties(lab.send("PATCH", "/members/one", {"properties": {"group": None}}))
    assert "group" not in left
    assert "fleet.azure.com/group" not in str(left["labels"])


def test_the_groups_label_is_set_since_the_recordings_of_2026_03_02_preview(lab: FleetLab) -> None:
    moved = lab.send("PATCH", "/members/one", {"properties": {"group": "b"}}, api="api-version=2026-02-01-preview")
    assert "fleet.azure.com/group" not in moved.text


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
def test_an_empty_group_is_refused(lab: FleetLab, method: str) -> None:
    body: Json = {"properties": {"clusterResourceId": a_cluster_id(lab), "group": ""}}
    assert_refused(lab.send(method, "/members/one", body), 400, INVALID, EMPTY_GROUP, "properties.group")


def test_a_patch_of_labels_replaces_the_callers_and_keeps_the_services(lab: FleetLab) -> None:
    service = lab.send("GET", "/members/one").json()["properties"]["labels"]
    lab.send("PATCH", "/members/one", {"properties": {"labels": {"team": "a", "ring": "0"}}})
    response = lab.send("PATCH", "/members/one", {"properties": {"labels": {"team": "b"}}})

    assert properties(response)["labels"] == {"team": "b", **service}
    assert properties(response)["group"] == "one"


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("group eq 'canary'", ["one"]),
        ("group eq canary", ["one"]),
        ("properties/group EQ 'canary' and provisioningState eq Succeeded", ["one"]),
        ("group eq 'canary' and provisioningState eq 'Failed'", []),
        ("", ["one", "two", "three"]),
    ],
)
def test_a_filter_on_members_shows_those_it_asks_for(lab: FleetLab, text: str, names: list[str]) -> None:
    lab.send("PATCH", "/members/one", {"properties": {"group": "canary"}})
    response = lab.http.get(f"{FLEET}/members", params={"api-version": "2026-06-01", "$filter": text})

    assert [member["name"] for member in response.json()["value"]] == names


@pytest.mark.parametrize("text", ["group ne 'canary'", "name eq 'one'", "group eq 'a' or group eq 'b'", "group"])
def test_a_filter_that_is_not_supported_is_refused(lab: FleetLab, text: str) -> None:
    response = lab.http.get(f"{FLEET}/members", params={"api-version": "2026-06-01", "$filter": text})

    message = f"The filter '{text}' is not supported: use '<property> eq <value>' with one of group, provisioningState."
    assert_refused(response, 400, INVALID, message, "$filter")


def test_a_list_goes_in_pages_that_keep_the_filter(lab: FleetLab) -> None:
    query = {"api-version": "2026-06-01", "$top": "1", "$filter": "provisioningState eq Succeeded"}
    names, response = [], lab.http.get(f"{FLEET}/members", params=query).json()
    while True:
        names += [member["name"] for member in response["value"]]
        if "nextLink" not in response:
            break
        response = lab.http.get(response["nextLink"]).json()

    assert names == ["one", "two", "three"]


@pytest.mark.parametrize(("name", "value"), [("$top", "0"), ("$top", "many"), ("$skipToken", "x")])
def test_a_page_that_cannot_be_is_refused(lab: FleetLab, name: str, value: str) -> None:
    response = lab.http.get(f"{FLEET}/members", params={"api-version": "2026-06-01", name: value})

    assert (response.status_code, response.json()["error"]["code"]) == (400, "InvalidQueryParameterValue")
    assert response.json()["error"]["message"].startswith(name)


def test_a_stale_etag_is_refused(lab: FleetLab) -> None:
    stale = lab.send("GET", "/members/one").json()["eTag"]
    lab.send("PATCH", "/members/one", {"properties": {"group": "b"}})
    body: Json = {"properties": {"clusterResourceId": a_cluster_id(lab)}}
    for method in ("PUT", "PATCH", "DELETE"):
        response = at_fleet(lab, method, "retail/members/one", body, {"If-Match": stale})
        assert (response.status_code, response.json()["error"]["code"]) == (412, "PreconditionFailed"), method
    assert properties(lab.send("GET", "/members/one"))["provisioningState"] == "Succeeded"
