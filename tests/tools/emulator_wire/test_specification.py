"""Bodies that Azure's specification allows get an answer; those that it refuses are refused with the property."""

from __future__ import annotations

import copy

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.tools.emulator_fleet.fleet_lab import FleetLab
from tests.tools.emulator_wire.allowed import bodies
from tests.tools.emulator_wire.spoilt import Spoilt, spoilt_bodies
from tests.tools.emulator_wire.writable import WRITABLE, Writable, a_lab
from tools.emulator.specification import refuse_unknown, validator
from tools.json_value import Json, JsonObject

EXAMPLES = 20


def kind(right: Writable) -> str:
    return right.definition.removeprefix("Microsoft.ContainerService/")


@pytest.fixture(scope="module")
def lab() -> FleetLab:
    return a_lab()


@pytest.mark.parametrize("right", WRITABLE, ids=kind)
def test_a_body_with_everything_is_taken(right: Writable) -> None:
    response = a_lab().http.request(right.method, f"{right.path}?{right.api}", json=right.body)
    assert response.is_success, response.text


@pytest.mark.parametrize("right", WRITABLE, ids=kind)
def test_every_spoilt_body_is_refused_with_the_property(lab: FleetLab, right: Writable) -> None:
    problems = [(spoilt.how, said) for spoilt in spoilt_bodies(right) if (said := refusal_slip(lab, right, spoilt))]
    assert problems == []


def refusal_slip(lab: FleetLab, right: Writable, spoilt: Spoilt) -> str:
    """What is wrong with the refusal of a spoilt body; empty if nothing is."""
    response = lab.http.request(right.method, f"{right.path}?{right.api}", json=spoilt.body)
    if response.status_code != 400:
        return f"{response.status_code} {response.text[:200]}"
    error = response.json().get("error", response.json())
    said = f"{error.get('target')} {error['message']}"
    return "" if spoilt.name.lower() in said.lower() else said


@pytest.mark.slow
@pytest.mark.parametrize("right", WRITABLE, ids=kind)
def test_no_body_that_is_allowed_gets_an_error_of_the_server(right: Writable) -> None:
    """Parts of generated bodies take the place of those of a right one, so that many get past the first rule."""

    labs = [a_lab()]

    @settings(
        derandomize=True,
        max_examples=EXAMPLES,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        database=None,
    )
    @given(bodies(right.file, right.definition), st.data())
    def hold(generated: JsonObject, data: st.DataObject) -> None:
        body = mixed(right.body, generated, data)
        assert validator(right.file, right.definition).is_valid(body), body
        response = labs[-1].http.request(right.method, f"{right.path}?{right.api}", json=body)
        assert response.status_code < 500, (body, response.text)
        if response.is_success:  # what is there now would refuse the next one
            labs.append(a_lab())

    hold()


def mixed(right: JsonObject, generated: JsonObject, data: st.DataObject) -> JsonObject:
    """A right body with some of its parts as generated, on every level of objects."""
    body = copy.deepcopy(right)
    for name, item in generated.items():
        known: Json = body.get(name)
        if isinstance(known, dict) and isinstance(item, dict):
            body[name] = mixed(known, item, data)
        elif data.draw(st.booleans()):
            body[name] = item
    return body


@pytest.mark.parametrize("api", ["api-version=2026-06-01", "api-version=2026-06-02-preview"])
def test_unknown_properties_are_refused_where_that_is_asked_for(api: str) -> None:
    lab = a_lab()
    profile: JsonObject = {"channel": "Rapid", "soak": "P1D"}
    assert lab.put("/autoUpgradeProfiles/p", profile, api=api)["name"] == "p", "by default they are ignored"
    lab.router.before = refuse_unknown
    profile["nodeImageSelection"] = {"type": "Latest", "kind": "x"}
    refused = lab.send("PUT", "/autoUpgradeProfiles/p", {"properties": profile}, api=api)
    assert (refused.status_code, refused.json()["error"]["code"]) == (400, "InvalidRequestContent")
    for name in ("properties.soak", "properties.nodeImageSelection.kind"):
        assert name in refused.json()["error"]["message"]
    assert lab.send("PUT", "/autoUpgradeProfiles/p", {"properties": {"channel": "Rapid"}}, api=api).is_success


def test_what_a_preview_has_is_unknown_in_the_stable_api_version() -> None:
    lab = a_lab()
    lab.router.before = refuse_unknown
    strategy: JsonObject = {"strategy": {"stages": [{"name": "all", "memberSelector": {"byLabel": "a=b"}}]}}
    refused = lab.send("PUT", "/updateStrategies/s", {"properties": strategy})
    assert refused.json()["error"]["target"] == "properties.strategy.stages[0].memberSelector"
