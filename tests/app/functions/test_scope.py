"""What a person asks for by HTTP is done within the scope of the settings alone, for every route of a profile."""

from __future__ import annotations

import json

import azure.functions as func
import pytest

from shared.use_cases.act_on_profile import act_on_profile
from tests.app.functions.composed import compose
from tests.app.functions.index import IndexedFunction, app_functions
from tests.app.use_cases.scene import FLEET, PROFILE, UseCaseScene

ROUTE = {"subscription": "s", "resource_group": "g", "fleet": "retail", "profile": "rapid"}
OF_A_SUBSCRIPTION = [one for one in app_functions() if "{subscription}" in str(one.binding.get("route"))]


@pytest.fixture
def scene(monkeypatch: pytest.MonkeyPatch) -> UseCaseScene:
    return compose(monkeypatch)


def call(function: IndexedFunction, run: str = "auto-1") -> func.HttpResponse:
    route = {**ROUTE, "run": run}
    response = function.handler(func.HttpRequest(method="POST", url="https://app/api/", route_params=route, body=b""))
    assert isinstance(response, func.HttpResponse)
    return response


def test_the_routes_of_profiles_are_found() -> None:
    assert {"generate_update_run", "preview_profile", "profile_status"} <= {one.name for one in OF_A_SUBSCRIPTION}


@pytest.mark.parametrize("function", OF_A_SUBSCRIPTION, ids=lambda one: one.name)
def test_a_fleet_outside_the_scope_is_forbidden_and_nothing_of_it_is_read(
    function: IndexedFunction, scene: UseCaseScene, monkeypatch: pytest.MonkeyPatch
) -> None:
    def read(*_: object) -> None:
        raise AssertionError("the fleet was read")

    for method in ("read_fleet", "read_profile", "find_run", "read_runs", "read_outline"):
        monkeypatch.setattr(scene.azure, method, read)
    scene.estate.is_managed = False

    response = call(function)

    assert response.status_code == 403
    error = json.loads(response.get_body())["error"]
    assert error["code"] == "NotManaged"
    assert f"'{FLEET}' is not in the subscriptions or management groups that the app manages" in error["message"]
    assert scene.azure.created == []


@pytest.mark.parametrize("function", OF_A_SUBSCRIPTION, ids=lambda one: one.name)
def test_a_fleet_in_the_scope_is_not(function: IndexedFunction, scene: UseCaseScene) -> None:
    scene.evaluate()
    act_on_profile(scene.services, PROFILE)

    assert b"NotManaged" not in call(function, scene.azure.created[0]).get_body()
