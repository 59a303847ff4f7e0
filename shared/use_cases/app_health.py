"""Reads how the app is: its last activities, what could not be read, and its queues; writes nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from shared.evaluation_state import EvaluationState
from shared.overview.store import Unreadable
from shared.use_cases.services import Services


@dataclass(frozen=True, slots=True)
class AppHealth:
    """The times are when the last activity that succeeded began; None before the first."""

    detected_at: datetime | None
    watched_at: datetime | None
    evaluation: EvaluationState
    unreadable: Sequence[Unreadable]
    messages: Mapping[str, int]
    poison_messages: Mapping[str, int]
    now: datetime


def read_health(services: Services, without_telemetry: str | None) -> AppHealth:
    """How the app is now.

    Args:
        services: the ports.
        without_telemetry: why no telemetry is sent although it should be; None if it is.
    """
    now, (evaluation, _) = services.clock.now(), services.ledger.evaluation_state()
    of_settings = [Unreadable("settings", now, (without_telemetry,), 1)] if without_telemetry is not None else []
    return AppHealth(
        detected_at=services.ledger.last_detection(),
        watched_at=services.overview.last_watch(),
        evaluation=evaluation,
        unreadable=[*services.overview.unreadable(), *of_settings],
        messages=services.queues.waiting_messages(),
        poison_messages=services.queues.poison_messages(),
        now=now,
    )
