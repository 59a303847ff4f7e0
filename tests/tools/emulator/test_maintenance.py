"""Maintenance configurations on the wire."""

from __future__ import annotations

import pytest

from tests.tools.emulator.builders import SUBSCRIPTION, fleet, member, world
from tests.tools.emulator.lab import AKS, SUBSCRIPTION_PATH, Lab
from tools.json_value import Json

CLUSTER = "/resourceGroups/platform/providers/Microsoft.ContainerService/managedClusters/shop"
CONFIGURATIONS = f"{CLUSTER}/maintenanceConfigurations"
ID = f"/subscriptions/{SUBSCRIPTION}/resourcegroups/platform/providers/Microsoft.ContainerService/managedClusters/shop"
WINDOW: dict[str, Json] = {
    "schedule": {"weekly": {"intervalWeeks": 1, "dayOfWeek": "Sunday"}},
    "durationHours": 8,
    "utcOffset": "+05:30",
    "startDate": "2026-01-04",
    "startTime": "00:00",
}
SUNDAYS: Json = {"maintenanceWindow": WINDOW}


def window(**changes: Json) -> Json:
    """`properties` with Sunday's window, changed."""
    return {"maintenanceWindow": {**WINDOW, **changes}}


@pytest.fixture
def lab() -> Lab:
    configured = member("shop", maintenanceConfigurations={"aksManagedAutoUpgradeSchedule": SUNDAYS})
    return Lab(world(fleet("retail", configured, member("stock"))))


def send(lab: Lab, method: str, name: str, body: Json = None) -> tuple[int, Json]:
    response = lab.http.request(method, f"{SUBSCRIPTION_PATH}{CONFIGURATIONS}/{name}?{AKS}", json=body)
    return response.status_code, response.json() if response.content else None


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


def test_a_put_returns_200_even_if_it_creates(lab: Lab) -> None:
    version = lab.estate.version
    status, created = send(lab, "PUT", "default", {"properties": {"timeInWeek": [{"day": "Monday", "hourSlots": [1]}]}})

    assert status == 200
    assert created == lab.get(f"{CONFIGURATIONS}/default")
    assert lab.estate.version > version


def test_a_put_replaces_all_that_was_there(lab: Lab) -> None:
    replaced = window(durationHours=4)
    _, response = send(lab, "PUT", "aksManagedAutoUpgradeSchedule", {"properties": replaced})

    assert isinstance(response, dict)
    assert response["properties"] == replaced


def test_nulls_and_empty_lists_are_omitted_from_responses(lab: Lab) -> None:
    schedule: Json = {"weekly": {"intervalWeeks": 1, "dayOfWeek": "Sunday"}, "daily": None}
    sent = window(schedule=schedule, notAllowedDates=[])
    assert isinstance(sent, dict)
    _, response = send(lab, "PUT", "default", {"properties": {**sent, "notAllowedTime": [], "timeInWeek": None}})

    assert isinstance(response, dict)
    assert response["properties"] == SUNDAYS


def test_a_window_without_offset_and_start_date_is_in_utc_and_begins_today(lab: Lab) -> None:
    _, response = send(lab, "PUT", "default", {"properties": window(utcOffset=None, startDate=None)})

    assert isinstance(response, dict)
    assert response["properties"] == window(utcOffset="+00:00", startDate="2026-01-05")


def test_today_is_a_day_in_the_offset_of_the_window(lab: Lab) -> None:
    """It is half past ten on Monday in UTC, and Tuesday already fourteen hours east of it."""
    _, response = send(lab, "PUT", "default", {"properties": window(utcOffset="+14:00", startDate=None)})

    assert isinstance(response, dict)
    assert response["properties"] == window(utcOffset="+14:00", startDate="2026-01-06")


def test_a_window_that_is_not_right_is_refused_with_its_field_and_what_would_be_right(lab: Lab) -> None:
    version = lab.estate.version
    response = send(lab, "PUT", "aksManagedAutoUpgradeSchedule", {"properties": window(durationHours=3)})

    field = "properties.maintenanceWindow.durationHours"
    message = f"{field}: 3 is less than the minimum of 4."
    assert response == (400, {"error": {"code": "InvalidParameter", "message": message, "target": field}})
    assert lab.get(f"{CONFIGURATIONS}/aksManagedAutoUpgradeSchedule")["properties"] == SUNDAYS
    assert lab.estate.version == version


def test_properties_that_are_missing_are_refused(lab: Lab) -> None:
    status, response = send(lab, "PUT", "default", {})

    assert status == 400
    assert response == {
        "error": {
            "code": "InvalidParameter",
            "message": "properties: None is not of type 'object'.",
            "target": "properties",
        }
    }


def test_a_deleted_one_is_not_found_and_can_be_deleted_again(lab: Lab) -> None:
    assert send(lab, "DELETE", "aksManagedAutoUpgradeSchedule") == (200, None)
    assert send(lab, "GET", "aksManagedAutoUpgradeSchedule")[0] == 404
    assert send(lab, "DELETE", "aksManagedAutoUpgradeSchedule") == (204, None)


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_a_name_that_aks_does_not_know_is_refused(lab: Lab, method: str) -> None:
    assert send(lab, method, "aksManagedNodeOSAutoUpgradeSchedule", {"properties": {}})[0] == 400


def test_properties_that_are_no_object_are_refused(lab: Lab) -> None:
    assert send(lab, "PUT", "default", {"properties": []})[0] == 400


def test_names_are_found_without_case_and_shown_in_that_of_aks(lab: Lab) -> None:
    _, response = send(lab, "PUT", "AKSMANAGEDNODEOSUPGRADESCHEDULE", {"properties": SUNDAYS})

    assert isinstance(response, dict)
    assert response["name"] == "aksManagedNodeOSUpgradeSchedule"


def test_those_of_a_cluster_that_does_not_exist_are_not_found(lab: Lab) -> None:
    path = f"{SUBSCRIPTION_PATH}{CONFIGURATIONS.replace('shop', 'unknown')}?{AKS}"
    assert lab.http.get(path).status_code == 404
