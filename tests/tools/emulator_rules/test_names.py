"""Names: their form, and the length that each kind of resource allows."""

from __future__ import annotations

import pytest

from tests.tools.emulator.lab import SUBSCRIPTION_PATH
from tests.tools.emulator_fleet.fleet_lab import FleetLab, a_run, a_stage
from tests.tools.emulator_rules.azure import HUB, a_cluster_id, at_fleet, put_fleet
from tests.tools.emulator_rules.refusals import INVALID, assert_refused
from tools.json_value import Json


def rule(name: str, longest: int) -> str:
    return (
        f"The name '{name}' must be 1 to {longest} characters of lower-case letters, digits and dashes, "
        "and begin and end with a letter or digit."
    )


def a_body(lab: FleetLab, kind: str) -> Json:
    strategy: Json = {"stages": [a_stage("a", "one")]}
    bodies: dict[str, Json] = {
        "members": {"clusterResourceId": a_cluster_id(lab)},
        "updateStrategies": {"strategy": strategy},
        "updateRuns": a_run(),
        "autoUpgradeProfiles": {"channel": "Rapid"},
    }
    return {"properties": bodies[kind]}


KINDS = ("members", "updateStrategies", "updateRuns", "autoUpgradeProfiles")


@pytest.mark.parametrize("name", ["Upper", "-dash", "dash-", "under_score", "dot.ted", "ä", "a" * 51])
@pytest.mark.parametrize("kind", KINDS)
def test_a_childs_name_of_another_form_or_length_is_refused(lab: FleetLab, kind: str, name: str) -> None:
    response = lab.send("PUT", f"/{kind}/{name}", a_body(lab, kind))

    assert_refused(response, 400, INVALID, rule(name, 50), "name")


@pytest.mark.parametrize("name", ["a", "a" * 50, "0-0"])
@pytest.mark.parametrize("kind", KINDS)
def test_the_shortest_and_longest_names_are_taken(lab: FleetLab, kind: str, name: str) -> None:
    assert lab.send("PUT", f"/{kind}/{name}", a_body(lab, kind)).status_code == 201


@pytest.mark.parametrize("name", ["Retail", "a" * 64, "a-"])
def test_a_fleets_name_of_another_form_or_length_is_refused(lab: FleetLab, name: str) -> None:
    assert_refused(at_fleet(lab, "PUT", name, {"location": "eastus"}), 400, INVALID, rule(name, 63), "name")


def test_a_fleets_name_may_have_63_characters(lab: FleetLab) -> None:
    assert at_fleet(lab, "PUT", "a" * 63, {"location": "eastus"}).status_code == 201


def test_a_managed_namespaces_name_may_have_63_characters(lab: FleetLab) -> None:
    put_fleet(lab, properties=HUB)
    body: Json = {"location": "eastus", "properties": {"adoptionPolicy": "Never", "deletePolicy": "Keep"}}

    assert at_fleet(lab, "PUT", f"new/managedNamespaces/{'a' * 63}", body).status_code == 201
    response = at_fleet(lab, "PUT", f"new/managedNamespaces/{'a' * 64}", body)
    assert_refused(response, 400, INVALID, rule("a" * 64, 63), "name")


@pytest.mark.parametrize("group", ["g" * 91, "dot.", "st*r"])
def test_a_resource_group_that_arm_would_not_take_is_refused(lab: FleetLab, group: str) -> None:
    response = at_fleet(lab, "PUT", "new", {"location": "eastus"}, group=group)

    message = (
        f"The resource group name '{group}' must be 1 to 90 characters of letters, digits, '-', '.', '(', ')' and '_', "
        "and must not end with '.'."
    )
    assert_refused(response, 400, "InvalidResourceGroup", message, "resourceGroupName")


@pytest.mark.parametrize("group", ["g" * 90, "My.Group_(1)-x"])
def test_a_resource_group_that_arm_takes_is_taken(lab: FleetLab, group: str) -> None:
    path = f"{SUBSCRIPTION_PATH}/resourceGroups/{group}?api-version=2024-11-01"
    assert lab.http.request("PUT", path, json={"location": "eastus"}).status_code == 201
    assert at_fleet(lab, "PUT", "new", {"location": "eastus"}, group=group).status_code == 201


def test_names_are_found_without_case(lab: FleetLab) -> None:
    assert lab.send("GET", "/UPDATESTRATEGIES/STAGED").json()["name"] == "staged"
    assert at_fleet(lab, "GET", "RETAIL", group="PLATFORM").json()["name"] == "retail"


def test_a_group_that_was_not_created_does_not_exist(lab: FleetLab) -> None:
    for method, name in (("GET", ""), ("GET", "retail"), ("GET", "retail/members/one"), ("PUT", "new")):
        response = at_fleet(lab, method, name, {"location": "eastus"}, group="nowhere")
        message = "Resource group 'nowhere' could not be found."
        assert_refused(response, 404, "ResourceGroupNotFound", message)


def test_a_child_of_a_missing_fleet_names_the_fleet(lab: FleetLab) -> None:
    response = at_fleet(lab, "PUT", "nowhere/updateRuns/r", {"properties": a_run()})

    message = (
        "The Resource 'Microsoft.ContainerService/fleets/nowhere' under resource group 'platform' was not found. "
        "For more details please go to https://aka.ms/ARMResourceNotFoundFix"
    )
    assert_refused(response, 404, "ResourceNotFound", message)
