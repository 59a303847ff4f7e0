"""What one part of a worker's work took, as its process prints it and as a measurement reads it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast


@dataclass
class Phase:
    """What one part of the work took."""

    began: float = 0.0
    """In seconds since the event."""
    seconds: float = 0.0
    cpu_seconds: float = 0.0
    peak_megabytes: float = 0.0
    """The process's peak so far."""
    requests: dict[str, int] = field(default_factory=dict)
    """By whom they went to."""
    throttled: int = 0
    """Requests refused with 429."""
    events: int = 0
    event_bytes: int = 0
    """Of telemetry: log records, and their properties as JSON."""


def phase_in(figures: Mapping[str, object], name: str) -> Phase:
    """A phase in what a worker printed."""
    return Phase(**cast("dict[str, Any]", figures[name]))


def number(figures: Mapping[str, object], name: str) -> float:
    """A figure by its name."""
    value = figures[name]
    if not isinstance(value, int | float):
        raise TypeError(f"{name} is {value!r}")
    return value
