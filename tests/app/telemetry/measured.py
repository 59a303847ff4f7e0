"""Metrics read in memory, without the provider of the whole process: that can be set only once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader, Metric, NumberDataPoint, Sum

from shared.telemetry import metrics as app_metrics


@dataclass(frozen=True)
class Measured:
    """What the app's instruments say."""

    reader: InMemoryMetricReader

    def metrics(self) -> dict[str, Metric]:
        """All metrics with new values since the last call, by name."""
        data = self.reader.get_metrics_data()
        if data is None:
            return {}
        return {
            metric.name: metric
            for resource in data.resource_metrics
            for scope in resource.scope_metrics
            for metric in scope.metrics
        }

    def points(self, name: str) -> dict[tuple[object, ...], float]:
        """The values of one metric, by the values of its attributes in the order of their names."""
        return {
            tuple(value for _, value in sorted((point.attributes or {}).items())): point.value
            for point in points_of(self.metrics()[name])
        }


def points_of(metric: Metric) -> list[NumberDataPoint]:
    """A metric's points."""
    return [point for point in metric.data.data_points if isinstance(point, NumberDataPoint)]


def kind_of(metric: Metric) -> str:
    """Counter or gauge."""
    return "counter" if isinstance(metric.data, Sum) else "gauge"


def attributes_of(metric: Metric) -> set[str]:
    """The names of all attributes."""
    return {name for point in points_of(metric) for name in (point.attributes or {})}


@contextmanager
def metrics_kept(monkeypatch: pytest.MonkeyPatch) -> Iterator[Measured]:
    """The app's metrics go to the test until the block ends."""
    reader = InMemoryMetricReader()
    provider = MeterProvider([reader], shutdown_on_exit=False)
    caches = (app_metrics._counter, app_metrics._gauge)
    monkeypatch.setattr(app_metrics, "_meter", lambda: provider.get_meter("test"))
    for cached in caches:
        cached.cache_clear()
    yield Measured(reader)
    for cached in caches:
        cached.cache_clear()
    provider.shutdown()
