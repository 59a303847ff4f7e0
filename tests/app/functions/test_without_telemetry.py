"""Telemetry that cannot be sent stops no function: the app works without it, and says so once in the host's log."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator

import azure.functions as func
import pytest

from shared import composition
from shared.telemetry.emit import LOGGER_NAME
from tests.app.functions.index import functions_of
from tests.app.functions.test_scope import ROUTE
from tests.app.telemetry.emitted import Emitted
from tests.app.use_cases.scene import PROFILE, UseCaseScene

SETTING = "APPLICATIONINSIGHTS_CONNECTION_STRING"
KEY = "00000000-0000-0000-0000-000000000001"
MALFORMED = (
    "a secret that is no connection string",
    "InstrumentationKey=secret",
    "InstrumentationKey=;IngestionEndpoint=https://secret/",
    f"InstrumentationKey={KEY};IngestionEndpoint=http://secret/",
    f"InstrumentationKey={KEY};IngestionEndpoint=secret",
    f"InstrumentationKey={KEY};IngestionEndpoint=https://[secret/",
)


@pytest.fixture(params=MALFORMED)
def scene(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> Iterator[UseCaseScene]:
    scene = UseCaseScene()
    caplog.set_level(logging.INFO, LOGGER_NAME)  # the app sets it too; caplog restores it for the tests that come after
    monkeypatch.setenv(SETTING, request.param)
    monkeypatch.setattr(composition, "services", lambda: scene.services)
    composition.start_telemetry.cache_clear()
    yield scene
    composition.start_telemetry.cache_clear()


def test_every_kind_of_function_works_and_the_log_says_once_that_nothing_is_sent(
    scene: UseCaseScene, emitted: Emitted, caplog: pytest.LogCaptureFixture
) -> None:
    request = func.HttpRequest(method="GET", url="https://app/api/", route_params=ROUTE, body=b"")

    response = functions_of("httpTrigger")["profile_status"](request)
    functions_of("timerTrigger")["reconcile"](None)
    functions_of("queueTrigger")["evaluate_profile"](
        func.QueueMessage(id="1", body=json.dumps({"schemaVersion": 1, "profileId": PROFILE.text}))
    )

    assert isinstance(response, func.HttpResponse)
    assert response.status_code == 200
    assert (scene.azure.evaluations_sent, len(scene.azure.started)) == (1, 1)
    [failed] = emitted.properties("failed")
    assert failed["work"] == f"Sending telemetry, as {SETTING} says,"
    assert "secret" not in caplog.text


def test_the_apps_health_says_so_too(scene: UseCaseScene) -> None:
    response = functions_of("httpTrigger")["show_health"](func.HttpRequest("GET", "https://app/api/health", body=b""))

    assert isinstance(response, func.HttpResponse)
    [unreadable] = json.loads(response.get_body())["unreadable"]
    assert unreadable["where"] == "settings"
    assert unreadable["sentences"][0].startswith(f"No telemetry is sent, since {SETTING} is of no use: ")
    assert b"secret" not in response.get_body()
