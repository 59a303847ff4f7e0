"""What several tests of telemetry need."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.app.telemetry.measured import Measured, metrics_kept


@pytest.fixture
def measured(monkeypatch: pytest.MonkeyPatch) -> Iterator[Measured]:
    with metrics_kept(monkeypatch) as measured:
        yield measured
