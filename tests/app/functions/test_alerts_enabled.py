"""Alerts have nothing done unless app settings say so.

What is refused names the setting, with 403, which Azure Monitor does not repeat: it repeats 408, 429, 503 and 504.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

import azure.functions as func
import pytest

from functions.alerts import alerts
from shared import composition
from shared.telemetry import sending
from tests.app.builders.alerts import JsonObject, an_alert
from tests.app.telemetry.emitted import Emitted
from tests.app.use_cases.scene import FLEET, PROFILE, UseCaseScene

ACT, GENERATE = "AUTO_UPGRADE_ALERTS_ACT", "AUTO_UPGRADE_ALERTS_GENERATE"
GENERATING = an_alert(properties={"action": "generateUpdateRun", "profileId": PROFILE.text})


@pytest.fixture
def scene(monkeypatch: pytest.MonkeyPatch) -> Iterator[UseCaseScene]:
    """The function's world, in memory; without settings of alerts."""
    scene = UseCaseScene()
    monkeypatch.delenv(ACT, raising=False)
    monkeypatch.delenv(GENERATE, raising=False)
    monkeypatch.setattr(composition, "start_telemetry", lambda: None)
    monkeypatch.setattr(composition, "services", lambda: scene.services)
    monkeypatch.setattr(sending, "flush", lambda: None)
    composition.alert_settings.cache_clear()
    yield scene
    composition.alert_settings.cache_clear()


def call(alert: JsonObject) -> tuple[int, JsonObject]:
    request = func.HttpRequest(method="POST", url="https://app/api/alerts", body=json.dumps(alert).encode())
    handler = alerts._function.get_user_function()
    response = handler(request)
    assert isinstance(response, func.HttpResponse)
    return response.status_code, json.loads(response.get_body())


@pytest.mark.parametrize("alert", [an_alert(about=[FLEET.text]), GENERATING])
def test_without_settings_a_fired_alert_is_forbidden_by_name_and_nothing_is_done(
    alert: JsonObject, scene: UseCaseScene
) -> None:
    status, response = call(alert)

    assert status == 403
    assert response == {
        "error": {
            "code": "NotEnabled",
            "message": f"Acting on alerts is not enabled: it needs the app setting {ACT} to be true",
            "target": ACT,
        }
    }
    assert (scene.azure.due, scene.azure.created) == ([], [])


def test_alerts_that_may_act_still_may_not_generate(scene: UseCaseScene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(ACT, "true")

    assert call(an_alert(about=[FLEET.text]))[0] == 202
    status, response = call(GENERATING)

    assert status == 403
    assert response == {
        "error": {
            "code": "NotEnabled",
            "message": "Generating update runs on alerts is not enabled: it needs the app setting"
            f" {GENERATE} to be true",
            "target": GENERATE,
        }
    }
    assert (scene.azure.due, scene.azure.created) == ([PROFILE], [])


def test_with_both_settings_an_alert_generates_a_run(scene: UseCaseScene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(ACT, "true")
    monkeypatch.setenv(GENERATE, "true")

    assert call(GENERATING)[0] == 200
    assert len(scene.azure.created) == 1


def test_a_resolved_alert_requests_nothing_so_it_is_never_refused(scene: UseCaseScene) -> None:
    assert call(an_alert(about=[FLEET.text], condition="Resolved"))[0] == 200


@pytest.mark.parametrize(
    ("settings", "names"),
    [({ACT: "yes"}, [ACT]), ({ACT: "true", GENERATE: "1"}, [GENERATE]), ({GENERATE: "true"}, [GENERATE, ACT])],
)
def test_a_malformed_setting_is_the_apps_fault_and_is_named_in_response_and_telemetry(
    settings: dict[str, str],
    names: list[str],
    scene: UseCaseScene,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    emitted = Emitted(caplog)

    status, response = call(an_alert(about=[FLEET.text]))

    error = response["error"]
    assert isinstance(error, dict)
    assert (status, error["code"], error["target"]) == (500, "InvalidAppSetting", names[0])
    [refused] = emitted.properties("request_refused")
    for name in names:
        assert name in str(error["message"])
        assert name in refused["sentence"]
    assert settings[names[0]] in refused["sentence"]
    assert scene.azure.due == []
