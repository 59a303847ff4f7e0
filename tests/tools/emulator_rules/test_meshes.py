"""Cluster mesh profiles of the preview: their life, and what they must not say."""

from __future__ import annotations

import pytest

from tests.tools.emulator_fleet.fleet_lab import PREVIEW, FleetLab, JsonObject
from tests.tools.emulator_rules.azure import at_fleet, end, properties
from tests.tools.emulator_rules.refusals import INVALID, assert_refused

PATH = "retail/clusterMeshProfiles/mesh"
SELECTOR: JsonObject = {"memberSelector": {"byLabel": "env=prod"}}


def test_a_mesh_is_created_shown_listed_and_deleted_and_connects_nothing(lab: FleetLab) -> None:
    created = at_fleet(lab, "PUT", PATH, {"properties": SELECTOR}, api=PREVIEW)
    assert (created.status_code, properties(created)["provisioningState"]) == (201, "Creating")
    end(lab, created)

    shown = properties(at_fleet(lab, "GET", PATH, api=PREVIEW))
    assert {**shown, "status": {}} == {**SELECTOR, "provisioningState": "Succeeded", "status": {}}
    status = shown["status"]
    assert isinstance(status, dict)
    assert status["state"] == "NotConnected"
    listed = at_fleet(lab, "GET", "retail/clusterMeshProfiles", api=PREVIEW).json()["value"]
    assert [each["name"] for each in listed] == ["mesh"]

    again = at_fleet(lab, "PUT", PATH, {"properties": {}}, api=PREVIEW)
    assert (again.status_code, "memberSelector" in properties(again)) == (200, False)
    end(lab, again)
    deleted = at_fleet(lab, "DELETE", PATH, api=PREVIEW)
    assert (deleted.status_code, properties(deleted)["provisioningState"]) == (202, "Deleting")
    end(lab, deleted)
    assert at_fleet(lab, "GET", PATH, api=PREVIEW).status_code == 404
    assert at_fleet(lab, "DELETE", PATH, api=PREVIEW).status_code == 204


def test_it_exists_in_the_preview_alone(lab: FleetLab) -> None:
    assert at_fleet(lab, "PUT", PATH, {"properties": SELECTOR}).json()["error"]["code"] == "InvalidResourceType"


@pytest.mark.parametrize("text", ["=prod", "a" * 513])
def test_a_selector_that_cannot_be_read_is_refused(lab: FleetLab, text: str) -> None:
    body: JsonObject = {"properties": {"memberSelector": {"byLabel": text}}}
    response = at_fleet(lab, "PUT", PATH, body, api=PREVIEW)
    message = f"byLabel '{text}' must be a Kubernetes label selector such as env=prod."
    assert_refused(response, 400, INVALID, message, "properties.memberSelector.byLabel")
