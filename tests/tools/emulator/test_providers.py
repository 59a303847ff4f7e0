"""Resource providers: clients take their api-versions from what is listed."""

from __future__ import annotations

import pytest

from tests.tools.emulator.lab import SUBSCRIPTION_PATH, Lab
from tests.tools.emulator_fleet.fleet_lab import FleetLab
from tools.emulator.arm import ArmRequest, ArmResponse
from tools.json_value import Json

VERSION = "api-version=2024-11-01"


def types(lab: Lab) -> dict[str, dict[str, Json]]:
    listed = lab.get("/providers/microsoft.containerservice", VERSION)["resourceTypes"]
    assert isinstance(listed, list)
    return {str(each["resourceType"]): each for each in listed if isinstance(each, dict)}


def test_a_provider_is_registered_and_shown_under_its_own_name() -> None:
    shown = Lab().get("/providers/MICROSOFT.CONTAINERSERVICE", VERSION)
    assert {name: value for name, value in shown.items() if name != "resourceTypes"} == {
        "id": f"{SUBSCRIPTION_PATH}/providers/Microsoft.ContainerService",
        "namespace": "Microsoft.ContainerService",
        "registrationState": "Registered",
        "registrationPolicy": "RegistrationRequired",
    }


def test_its_types_are_those_that_are_served_and_actions_are_none() -> None:
    lab = Lab()
    lab.router.add(
        "POST", "/subscriptions/{s}/providers/Microsoft.ContainerService/x/{y}/start", _never, api_versions=["1"]
    )
    assert {"managedClusters", "managedClusters/agentPools", "locations/kubernetesVersions"} <= types(lab).keys()
    assert "x/start" not in types(lab)


def test_a_type_says_where_it_is_and_in_which_versions_the_newest_first() -> None:
    cluster = types(Lab())["managedClusters"]
    versions = cluster["apiVersions"]
    assert cluster["locations"] == ["West US 2", "East US", "West Europe"]
    assert isinstance(versions, list)
    assert versions[0] == "2026-08-01"
    assert versions == sorted(map(str, versions), reverse=True)


def test_every_provider_is_in_the_list() -> None:
    value = Lab().get("/providers", VERSION)["value"]
    assert isinstance(value, list)
    assert {each["namespace"] for each in value if isinstance(each, dict)} == {
        "Microsoft.Authorization",
        "Microsoft.ContainerService",
        "Microsoft.Resources",
    }


def test_a_provider_that_is_not_there_is_refused() -> None:
    response = Lab().http.get(f"{SUBSCRIPTION_PATH}/providers/Microsoft.Nothing?{VERSION}")
    assert response.status_code == 404
    assert response.json() == {
        "error": {
            "code": "InvalidResourceNamespace",
            "message": "The resource namespace 'Microsoft.Nothing' is invalid.",
        }
    }


def _never(_: ArmRequest) -> ArmResponse:
    raise AssertionError


@pytest.mark.parametrize("api_version", ["2026-06-01", "2026-08-01"])
def test_a_provider_lists_what_callers_can_be_allowed_to_do(api_version: str) -> None:
    response = FleetLab().http.get(f"/providers/Microsoft.ContainerService/operations?api-version={api_version}")
    listed = {each["name"]: each for each in response.json()["value"]}
    assert {
        "Microsoft.ContainerService/fleets/updateRuns/start/action",
        "Microsoft.ContainerService/fleets/members/write",
        "Microsoft.ContainerService/managedClusters/delete",
        "Microsoft.ContainerService/managedClusters/agentPools/read",
    } <= set(listed)
    assert listed["Microsoft.ContainerService/managedClusters/delete"]["display"]["resource"] == "managedClusters"
