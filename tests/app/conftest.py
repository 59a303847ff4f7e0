"""What tests of several parts of the app need."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.app.telemetry.emitted import Emitted
from tests.app.telemetry.spans import Spans, spans_kept


@pytest.fixture(scope="session", autouse=True)
def unlimited_callers() -> Iterator[None]:
    """Tests share a process, and so its limit of requests; those of the limit bring their own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AUTO_UPGRADE_REQUESTS_PER_MINUTE", "0")
        yield


@pytest.fixture
def emitted(caplog: pytest.LogCaptureFixture) -> Emitted:
    return Emitted(caplog)


@pytest.fixture
def spans(monkeypatch: pytest.MonkeyPatch) -> Iterator[Spans]:
    with spans_kept(monkeypatch) as spans:
        yield spans
