"""What several tests of telemetry need."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.app.telemetry.emitted import Emitted
from tests.app.telemetry.measured import Measured, metrics_kept
from tests.app.telemetry.spans import Spans, spans_kept


@pytest.fixture
def emitted(caplog: pytest.LogCaptureFixture) -> Emitted:
    return Emitted(caplog)


@pytest.fixture
def spans(monkeypatch: pytest.MonkeyPatch) -> Iterator[Spans]:
    with spans_kept(monkeypatch) as spans:
        yield spans


@pytest.fixture
def measured(monkeypatch: pytest.MonkeyPatch) -> Iterator[Measured]:
    with metrics_kept(monkeypatch) as measured:
        yield measured
