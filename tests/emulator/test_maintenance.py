"""Maintenance configurations on the wire."""

from __future__ import annotations

import pytest

from emulator.json_value import Json
from tests.emulator.builders import SUBSCRIPTION, fleet, member, world
from tests.emulator.lab import AKS, SUBSCRIPTION_PATH, Lab

CLUSTER = "/resourceGroups/platform/providers/Microsoft.ContainerService/managedClusters/shop"
CONFIGURATIONS = f"{CLUSTER}/maintenanceConfigurations"
ID = f"/subscriptions/{SUBSCRIPTION}/resourcegroups/platform/providers/Microsoft.ContainerService/managedClusters/shop"
SUNDAYS: Json = {
    "maintenanceWindow": {
        "schedule": {"weekly": {"intervalWeeks": 1, "dayOfWeek": "Sunday"}},
        "durationHours": 8,
        "utcOffset": "+05:30",
        "startTime": "00:00",
    }
}


@pytest.fixture
def lab() -> Lab:
    configured = member("shop", maintenanceConfigurations={"aksManagedAutoUpgradeSchedule": SUNDAYS})
    return Lab(world(fleet("retail", configured, member("stock"))))


def send(lab: Lab, method: str, name: str, body: Json = None) -> tuple[int, Json]:
    answer = lab.http.request(method, f"{SUBSCRIPTION_PATH}{CONFIGURATIONS}/{name}?{AKS}", json=body)
    return answer.status_code, answer.json() if answer.content else None


def test_those_of_the_world_are_listed_without_type_and_system_data(lab: Lab) -> None:
    shown: Json = {
        "id": f"{ID}/maintenanceConfigurations/aksManagedAutoUpgradeSchedule",
        "name": "aksManagedAutoUpgradeSchedule",
        "properties": SUNDAYS,
    }
    assert lab.get(CONFIGURATIONS) == {"value": [shown]}
    assert lab.get(f"{CONFIGURATIONS}/aksManagedAutoUpgradeSchedule") == shown


def test_a_cluster_without_any_has_an_empty_list(lab: Lab) -> None:
    assert lab.get(CONFIGURATIONS.replace("shop", "stock")) == {"value": []}


def test_a_put_answers_200_even_if_it_creates(lab: Lab) -> None:
    version = lab.estate.version
    status, created = send(lab, "PUT", "default", {"properties": {"timeInWeek": [{"day": "Monday", "hourSlots": [1]}]}})

    assert status == 200
    assert created == lab.get(f"{CONFIGURATIONS}/default")
    assert lab.estate.version > version


def test_a_put_replaces_all_that_was_there(lab: Lab) -> None:
    replaced: Json = {"maintenanceWindow": {"durationHours": 4}}
    _, answer = send(lab, "PUT", "aksManagedAutoUpgradeSchedule", {"properties": replaced})

    assert isinstance(answer, dict)
    assert answer["properties"] == replaced


def test_empty_lists_are_left_out_of_answers(lab: Lab) -> None:
    window: Json = {"durationHours": 4, "notAllowedDates": []}
    _, answer = send(lab, "PUT", "default", {"properties": {"maintenanceWindow": window, "notAllowedTime": []}})

    assert isinstance(answer, dict)
    assert answer["properties"] == {"maintenanceWindow": {"durationHours": 4}}


def test_a_deleted_one_is_gone_and_can_be_deleted_again(lab: Lab) -> None:
    assert send(lab, "DELETE", "aksManagedAutoUpgradeSchedule") == (200, None)
    assert send(lab, "GET", "aksManagedAutoUpgradeSchedule")[0] == 404
    assert send(lab, "DELETE", "aksManagedAutoUpgradeSchedule") == (204, None)


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_a_name_that_aks_does_not_know_is_refused(lab: Lab, method: str) -> None:
    assert send(lab, method, "aksManagedNodeOSAutoUpgradeSchedule", {"properties": {}})[0] == 400


def test_properties_that_are_no_object_are_refused(lab: Lab) -> None:
    assert send(lab, "PUT", "default", {"properties": []})[0] == 400


def test_names_are_found_without_case_and_shown_in_that_of_aks(lab: Lab) -> None:
    _, answer = send(lab, "PUT", "AKSMANAGEDNODEOSUPGRADESCHEDULE", {"properties": SUNDAYS})

    assert isinstance(answer, dict)
    assert answer["name"] == "aksManagedNodeOSUpgradeSchedule"


def test_those_of_a_cluster_that_does_not_exist_are_not_found(lab: Lab) -> None:
    path = f"{SUBSCRIPTION_PATH}{CONFIGURATIONS.replace('shop', 'nobody')}?{AKS}"
    assert lab.http.get(path).status_code == 404
