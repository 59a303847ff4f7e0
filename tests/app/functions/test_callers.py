"""Who asked: the header of App Service authentication, the two app roles, and the caller recorded with the run."""

from __future__ import annotations

import base64
import json
from typing import cast

import pytest

from shared import composition
from shared.callers import current_caller
from shared.core.model.run_record import Caller
from shared.settings import HttpSettings
from tests.app.functions.composed import compose
from tests.app.functions.http_app import Answer, HttpApp
from tests.app.telemetry.emitted import Emitted
from tests.app.use_cases.scene import PROFILE, UseCaseScene
from tools.json_value import Json, JsonObject

READ, ACT = "FleetAutoUpgrade.Read", "FleetAutoUpgrade.Act"
ALICE = Caller("alice@contoso.example", "11111111-2222-3333-4444-555555555555")


@pytest.fixture
def scene(monkeypatch: pytest.MonkeyPatch) -> UseCaseScene:
    return compose(monkeypatch, HttpSettings(is_authenticated=True))


@pytest.fixture(scope="module")
def app() -> HttpApp:
    return HttpApp()


def principal(*roles: str, **claims: str) -> dict[str, str]:
    """The header of App Service, for Alice unless her claims are replaced."""
    named = {"oid": ALICE.id, "preferred_username": ALICE.name, **claims}
    listed: list[Json] = [{"typ": kind, "val": value} for kind, value in named.items() if value]
    listed += [{"typ": "roles", "val": role} for role in roles]
    content = json.dumps({"auth_typ": "aad", "claims": listed, "role_typ": "roles"})
    return {"X-MS-CLIENT-PRINCIPAL": base64.b64encode(content.encode()).decode()}


def generate(app: HttpApp, headers: dict[str, str]) -> Answer:
    return app.request("POST", f"/api{PROFILE}/generateUpdateRun", headers=headers)


def code_of(answer: Answer) -> object:
    return cast("JsonObject", answer.json["error"])["code"]


def test_who_requested_a_run_is_recorded_with_it_shown_and_in_telemetry(
    scene: UseCaseScene, app: HttpApp, caplog: pytest.LogCaptureFixture
) -> None:
    emitted = Emitted(caplog)

    assert generate(app, principal(ACT)).status == 200

    [run] = scene.azure.fleet.update_runs
    [event] = emitted.properties("run_generated")
    assert event["requested_by"] == ALICE.id
    shown = app.request("GET", f"/api{run.id}", headers=principal(READ)).json
    assert shown["generatedBy"] == {"name": ALICE.name, "id": ALICE.id}
    scene.evaluate()
    [listed] = cast("list[JsonObject]", app.request("GET", f"/api{PROFILE}", headers=principal(READ)).json["runs"])
    assert listed["generatedBy"] == shown["generatedBy"]
    assert current_caller() is None


@pytest.mark.parametrize("headers", [principal(READ), principal(), principal("Other.Act")])
def test_reading_is_not_enough_to_act(scene: UseCaseScene, app: HttpApp, headers: dict[str, str]) -> None:
    answer = generate(app, headers)

    assert (answer.status, code_of(answer), scene.azure.created) == (403, "MissingRole", [])


def test_who_may_act_may_read_and_who_has_no_role_may_not(scene: UseCaseScene, app: HttpApp) -> None:
    assert app.request("GET", "/api/fleets", headers=principal(ACT)).status == 200
    assert app.request("GET", "/api/fleets", headers=principal(READ)).status == 200
    assert app.request("GET", "/api/fleets", headers=principal()).status == 403


@pytest.mark.parametrize(
    "header",
    ["", "no base64!", base64.b64encode(b"[]").decode(), base64.b64encode(b'{"claims": [7, {"typ": 1}]}').decode()],
)
def test_a_caller_who_is_not_named_is_refused(scene: UseCaseScene, app: HttpApp, header: str) -> None:
    answer = app.request("GET", "/api/fleets", headers={"X-MS-CLIENT-PRINCIPAL": header})

    assert (answer.status, code_of(answer)) == (403, "MissingRole")


def test_a_program_is_named_by_its_application(scene: UseCaseScene, app: HttpApp) -> None:
    assert generate(app, principal(ACT, preferred_username="", azp="pipeline")).status == 200

    [(record, _)] = scene.ledger.records.values()
    assert record.requested_by == Caller("pipeline", ALICE.id)


def test_without_authentication_the_header_is_not_trusted(
    scene: UseCaseScene, app: HttpApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(composition, "http_settings", HttpSettings)

    assert generate(app, principal()).status == 200

    [run] = scene.azure.fleet.update_runs
    assert app.get(f"/api{run.id}").json["generatedBy"] is None


def test_pages_and_alerts_need_no_role(scene: UseCaseScene, app: HttpApp) -> None:
    assert app.get("/api/status").status == 200
    assert app.get("/api/openapi.json").status == 200
    assert app.request("POST", "/api/alerts", b"{}").status == 400
