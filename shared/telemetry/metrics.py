"""The app's metrics, each an instrument that is created on first use; documented in docs/telemetry.md."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from functools import cache

from opentelemetry import metrics
from opentelemetry.metrics import CallbackOptions, Counter, Observation

COUNTERS: Mapping[str, str] = {
    "releases_detected": "Releases seen for the first time in a region.",
    "decisions": "Decisions on profiles, changed or not.",
    "azure_calls": "Calls to Azure Resource Manager and Resource Graph, retries included.",
    "azure_calls_throttled": "Those refused with 429.",
}
GAUGES: Mapping[str, str] = {
    "runs": "Update runs of the managed fleets.",
    "poison_messages": "Messages of a queue that failed too often.",
    "detection_age_seconds": "Since the last detection that succeeded.",
    "reconcile_age_seconds": "Since the last full evaluation that succeeded.",
    "clusters_behind": "Clusters of a profile below its target.",
    "versions_behind": "The largest number of newer versions that a cluster of a profile lacks.",
    "days_behind": "How long a profile's target has been offered in all its regions.",
}


def add(name: str, amount: int, **attributes: str | int) -> None:
    """Count up."""
    _counter(name).add(amount, attributes)


def measure(name: str, value: float, **attributes: str | int) -> None:
    """Set a gauge to its current value."""
    _gauge(name).set(value, attributes)


class _Gauge:
    """Each value is sent once.

    The SDK's own gauge repeats its last value for as long as the process lives: an instance that measured something
    hours ago would keep contradicting the instance that measures it now.
    """

    def __init__(self, name: str) -> None:
        self._lock = threading.Lock()
        self._values: dict[frozenset[tuple[str, str | int]], float] = {}
        _meter().create_observable_gauge(name, [self._observe], description=GAUGES[name])

    def set(self, value: float, attributes: Mapping[str, str | int]) -> None:
        with self._lock:
            self._values[frozenset(attributes.items())] = value

    def _observe(self, _: CallbackOptions) -> Iterable[Observation]:
        with self._lock:
            values, self._values = self._values, {}
        return [Observation(value, dict(attributes)) for attributes, value in values.items()]


@cache
def _counter(name: str) -> Counter:
    return _meter().create_counter(name, description=COUNTERS[name])


@cache
def _gauge(name: str) -> _Gauge:
    return _Gauge(name)


def _meter() -> metrics.Meter:
    return metrics.get_meter("fleet_auto_upgrade")
