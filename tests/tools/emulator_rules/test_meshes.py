"""Cluster mesh profiles of the previews: the requests and bodies of the recorded `test_fleet_cluster_mesh`."""

from __future__ import annotations

from typing import cast

import httpx
import pytest

from tests.tools.emulator_fleet.fleet_lab import API, PREVIEW, FleetLab, JsonObject
from tests.tools.emulator_rules.azure import properties
from tests.tools.emulator_rules.refusals import INVALID, assert_refused
from tools.json_value import Json

MESHES = "/clusterMeshProfiles"
MESH = f"{MESHES}/mesh"
OLDER = "api-version=2026-03-02-preview"
ALL: JsonObject = {"memberSelector": {"byLabel": "env=production"}}
NONE: JsonObject = {"memberSelector": {"byLabel": "env=none"}}


@pytest.fixture
def lab() -> FleetLab:
    """Two members with the label that the mesh selects, and one without."""
    made = FleetLab("one", "two", "three")
    for name in ("one", "two"):
        made.send("PATCH", f"/members/{name}", {"properties": {"labels": {"env": "production"}}})
    return made


def put(lab: FleetLab, content: JsonObject = ALL, path: str = MESH) -> httpx.Response:
    return lab.send("PUT", path, {"properties": content}, api=PREVIEW)


def listed(lab: FleetLab, condition: str) -> list[str]:
    """The members that a filter of their list finds."""
    page = lab.send("GET", "/members", api=f"{PREVIEW}&$filter={condition}").json()["value"]
    return [each["name"] for each in page]


def state(lab: FleetLab, path: str = MESH) -> Json:
    return cast("JsonObject", properties(lab.send("GET", path, api=PREVIEW))["status"])["state"]


def apply_and_wait(lab: FleetLab) -> httpx.Response:
    applied = lab.send("POST", f"{MESH}/apply", api=PREVIEW)
    while state(lab) == "Applying":
        pass
    return applied


def test_a_mesh_is_created_shown_and_listed_at_once(lab: FleetLab) -> None:
    created = put(lab)
    assert created.status_code == 201
    assert "azure-asyncoperation" not in created.headers
    status = cast("JsonObject", properties(created)["status"])
    assert {**properties(created), "status": status["state"]} == {
        **ALL,
        "provisioningState": "Succeeded",
        "status": "NotConnected",
    }
    assert list(status) == ["lastOperationId", "state"]
    assert lab.send("GET", MESH, api=OLDER).json() == created.json()
    assert lab.send("GET", MESHES, api=PREVIEW).json()["value"] == [created.json()]


def test_an_applied_mesh_connects_the_selected_members_a_little_later(lab: FleetLab) -> None:
    put(lab)
    by_mesh, by_selector = "clusterMeshProfile eq mesh", "clusterMeshProfile.Selector eq mesh"
    assert (listed(lab, by_mesh), listed(lab, by_selector)) == ([], ["one", "two"])
    applied = lab.send("POST", f"{MESH}/apply", api=PREVIEW)

    status = cast("JsonObject", properties(applied)["status"])
    assert (applied.status_code, status["state"], status["lastAppliedMemberSelector"]) == (
        200,
        "Applying",
        ALL["memberSelector"],
    )
    assert [state(lab) for _ in range(3)] == ["Applying", "Applying", "Connected"]
    assert listed(lab, by_mesh) == ["one", "two"]
    joined = properties(lab.send("GET", "/members/two", api=PREVIEW))["meshProperties"]
    assert joined == {
        "ciliumProperties": {"id": 2, "name": "two2"},
        "clusterMeshProfileResourceId": f"{lab.run_path('').rpartition('/updateRuns')[0]}{MESH}",
        "status": {"lastUpdatedAt": "2026-01-05T10:30:00.000000000Z", "state": "Connected"},
    }
    assert "meshProperties" not in properties(lab.send("GET", "/members/three", api=PREVIEW))
    assert "meshProperties" not in lab.send("GET", "/members/two", api=API).text


def test_it_is_applied_in_simulated_time_too(lab: FleetLab) -> None:
    put(lab)
    lab.send("POST", f"{MESH}/apply", api=PREVIEW)
    lab.pass_minutes(2)
    assert state(lab) == "Connected"


def test_another_selector_takes_effect_when_it_is_applied(lab: FleetLab) -> None:
    put(lab)
    apply_and_wait(lab)
    changed = put(lab, NONE)
    status = cast("JsonObject", properties(changed)["status"])
    assert (changed.status_code, status["state"], status["lastAppliedMemberSelector"]) == (
        200,
        "Connected",
        ALL["memberSelector"],
    )
    lab.send("PATCH", "/members/one", {"properties": {"labels": {"env": "none"}}})
    lab.send("PATCH", "/members/three", {"properties": {"labels": {"env": "none"}}})
    apply_and_wait(lab)
    assert listed(lab, "clusterMeshProfile eq mesh") == ["one", "three"]
    ids = [
        cast("JsonObject", properties(lab.send("GET", f"/members/{name}", api=PREVIEW))["meshProperties"])
        for name in ("one", "three")
    ]
    assert [cast("JsonObject", each["ciliumProperties"])["id"] for each in ids] == [1, 2]


def test_a_mesh_without_members_is_deleted_and_one_with_members_is_not(lab: FleetLab) -> None:
    put(lab)
    apply_and_wait(lab)
    refused = lab.send("DELETE", MESH, api=PREVIEW)
    message = "The cluster mesh profile 'mesh' cannot be deleted while members are in it: one, two."
    assert_refused(refused, 409, "OperationNotAllowed", message)
    put(lab, NONE)
    apply_and_wait(lab)
    assert state(lab) == "NotConnected"
    assert [lab.send("DELETE", MESH, api=PREVIEW).status_code for _ in range(2)] == [204, 204]
    assert lab.send("GET", MESH, api=PREVIEW).status_code == 404
    assert lab.send("GET", MESHES, api=PREVIEW).json() == {"value": []}


def test_a_member_is_in_one_mesh_at_a_time(lab: FleetLab) -> None:
    put(lab)
    apply_and_wait(lab)
    put(lab, path=f"{MESHES}/other")
    refused = lab.send("POST", f"{MESHES}/other/apply", api=PREVIEW)
    assert_refused(refused, 409, "OperationNotAllowed", "The member 'one' is in the cluster mesh profile 'mesh'.")


def test_a_mesh_that_is_being_applied_is_not_written(lab: FleetLab) -> None:
    put(lab)
    lab.send("POST", f"{MESH}/apply", api=PREVIEW)
    again = lab.send("POST", f"{MESH}/apply", api=PREVIEW)
    assert {again.status_code, put(lab).status_code, lab.send("DELETE", MESH, api=PREVIEW).status_code} == {409}


def test_a_member_that_is_written_again_stays_in_its_mesh(lab: FleetLab) -> None:
    put(lab)
    apply_and_wait(lab)
    known = lab.send("GET", "/members/one", api=PREVIEW).json()
    content = {key: known["properties"][key] for key in ("clusterResourceId", "group", "labels")}
    written = lab.send("PUT", "/members/one", {"properties": content}, api=PREVIEW)
    assert properties(written)["meshProperties"] == known["properties"]["meshProperties"]


def test_a_mesh_without_a_selector_selects_none(lab: FleetLab) -> None:
    put(lab, {})
    apply_and_wait(lab)
    assert (state(lab), listed(lab, "clusterMeshProfile eq mesh")) == ("NotConnected", [])


def test_a_filter_for_a_mesh_that_does_not_exist_is_refused(lab: FleetLab) -> None:
    response = lab.send("GET", "/members", api=f"{PREVIEW}&$filter=clusterMeshProfile eq nowhere")
    assert_refused(response, 400, INVALID, "The fleet has no cluster mesh profile 'nowhere'.", "$filter")


def test_meshes_exist_in_two_previews_alone(lab: FleetLab) -> None:
    assert lab.send("PUT", MESH, {"properties": ALL}).json()["error"]["code"] == "InvalidResourceType"


@pytest.mark.parametrize("text", ["", "=prod", "a" * 513])
def test_a_selector_that_cannot_be_read_is_refused(lab: FleetLab, text: str) -> None:
    response = put(lab, {"memberSelector": {"byLabel": text}})
    message = f"byLabel '{text}' must be a Kubernetes label selector such as env=prod."
    assert_refused(response, 400, INVALID, message, "properties.memberSelector.byLabel")
