"""The app's functions on a world in memory."""

from __future__ import annotations

import pytest

from shared import composition
from shared.settings import HttpSettings
from shared.telemetry import sending
from tests.app.functions.settings import SETTINGS
from tests.app.use_cases.scene import UseCaseScene


def compose(monkeypatch: pytest.MonkeyPatch, http: HttpSettings | None = None) -> UseCaseScene:
    """A scene that the functions act on until the test ends.

    Args:
        monkeypatch: of the test.
        http: what callers may do; None to read it from the environment.
    """
    scene = UseCaseScene()
    monkeypatch.setattr(composition, "start_telemetry", lambda: None)
    monkeypatch.setattr(composition, "services", lambda: scene.services)
    monkeypatch.setattr(composition, "settings", lambda: SETTINGS)
    if http is not None:
        monkeypatch.setattr(composition, "http_settings", lambda: http)
    monkeypatch.setattr(sending, "flush", lambda: None)
    return scene
