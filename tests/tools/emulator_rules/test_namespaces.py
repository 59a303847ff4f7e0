"""Managed namespaces: their life, and what they must not say."""

from __future__ import annotations

import pytest

from tests.tools.emulator_fleet.fleet_lab import FleetLab, JsonObject
from tests.tools.emulator_rules.azure import HUB, at_fleet, end, properties, put_fleet
from tests.tools.emulator_rules.refusals import INVALID, WRONG_TYPE, assert_refused
from tools.json_value import Json

PATH = "new/managedNamespaces/team-a"
PLAIN: JsonObject = {"adoptionPolicy": "Never", "deletePolicy": "Keep"}


def body(**more: Json) -> JsonObject:
    return {"location": "eastus", "properties": {**PLAIN, **more}}


def test_a_managed_namespace_is_created_shown_tagged_and_deleted(lab: FleetLab) -> None:
    put_fleet(lab, properties=HUB)
    content: JsonObject = {
        "labels": {"team": "a"},
        "defaultResourceQuota": {"cpuLimit": "2"},
        "defaultNetworkPolicy": {"ingress": "AllowSameNamespace", "egress": "AllowAll"},
    }
    placement: JsonObject = {"type": "Placement", "placementProfile": {"defaultClusterResourcePlacement": {}}}
    created = at_fleet(lab, "PUT", PATH, body(managedNamespaceProperties=content, propagationPolicy=placement))
    assert (created.status_code, properties(created)["provisioningState"]) == (201, "Creating")
    end(lab, created)

    shown = at_fleet(lab, "GET", PATH).json()
    assert list(shown) == ["eTag", "id", "location", "name", "properties", "systemData", "tags", "type"]
    assert shown["type"] == "Microsoft.ContainerService/fleets/managedNamespaces"
    assert {**shown["properties"], "status": {}} == {
        **PLAIN,
        "managedNamespaceProperties": content,
        "propagationPolicy": placement,
        "provisioningState": "Succeeded",
        "status": {},
    }
    assert at_fleet(lab, "PATCH", PATH, {"tags": {"a": "b"}}).json()["tags"] == {"a": "b"}
    assert [each["name"] for each in at_fleet(lab, "GET", "new/managedNamespaces").json()["value"]] == ["team-a"]

    deleted = at_fleet(lab, "DELETE", PATH)
    assert (deleted.status_code, properties(deleted)["provisioningState"]) == (202, "Deleting")
    end(lab, deleted)
    assert (at_fleet(lab, "GET", PATH).status_code, at_fleet(lab, "DELETE", PATH).status_code) == (404, 204)


@pytest.mark.parametrize(
    ("content", "code", "target", "message"),
    [
        (
            {"properties": {"deletePolicy": "Keep"}},
            INVALID,
            "properties.adoptionPolicy",
            "'adoptionPolicy' is required; it must be one of Never, IfIdentical, Always.",
        ),
        (
            body(deletePolicy="Drop"),
            INVALID,
            "properties.deletePolicy",
            "'Drop' is not a value of 'deletePolicy'; it must be one of Keep, Delete.",
        ),
        (
            body(managedNamespaceProperties={"defaultNetworkPolicy": {"egress": "Some"}}),
            INVALID,
            "properties.managedNamespaceProperties.defaultNetworkPolicy.egress",
            "'Some' is not a value of 'egress'; it must be one of AllowAll, DenyAll, AllowSameNamespace.",
        ),
        (
            body(propagationPolicy={}),
            INVALID,
            "properties.propagationPolicy.type",
            "'type' is required; it must be one of Placement.",
        ),
        (
            body(managedNamespaceProperties={"defaultResourceQuota": {"cpuLimit": 2}}),
            WRONG_TYPE,
            "properties.managedNamespaceProperties.defaultResourceQuota.cpuLimit",
            "'cpuLimit' must be a text.",
        ),
    ],
)
def test_a_managed_namespace_that_breaks_a_rule_is_refused(
    lab: FleetLab, content: JsonObject, code: str, target: str, message: str
) -> None:
    put_fleet(lab, properties=HUB)

    assert_refused(at_fleet(lab, "PUT", PATH, {"location": "eastus", **content}), 400, code, message, target)


def test_a_managed_namespace_needs_a_location_and_a_hub(lab: FleetLab) -> None:
    response = lab.send("PUT", "/managedNamespaces/team-a", body())
    assert_refused(response, 409, "OperationNotAllowed", "The fleet 'retail' has no hub cluster.")

    put_fleet(lab, properties=HUB)
    response = at_fleet(lab, "PUT", PATH, {"properties": PLAIN})
    message = "The location property is required for this definition."
    assert_refused(response, 400, "LocationRequired", message, "location")


def test_a_managed_namespace_stays_as_it_is_while_an_operation_is_in_progress(lab: FleetLab) -> None:
    put_fleet(lab, properties=HUB)
    created = at_fleet(lab, "PUT", PATH, body())

    assert {at_fleet(lab, method, PATH, body()).status_code for method in ("PUT", "PATCH", "DELETE")} == {409}
    end(lab, created)
    assert at_fleet(lab, "PUT", PATH, body()).status_code == 200
