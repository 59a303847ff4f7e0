"""The health of the app as JSON."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from functions.http.paging import age_seconds
from shared.core.model.times import instant_text
from shared.use_cases.app_health import AppHealth

if TYPE_CHECKING:
    from shared.documents.health import ActivityDocument, EvaluationDocument, HealthDocument


def health_json(health: AppHealth) -> HealthDocument:
    """The response."""
    wanted, current = health.evaluation.wanted, health.evaluation.in_progress
    return {
        "detection": _activity(health.detected_at, health.now),
        "evaluation": _activity(health.evaluation.last, health.now),
        "watch": _activity(health.watched_at, health.now),
        "wanted": _evaluation(wanted.trigger, wanted.at) if wanted is not None else None,
        "inProgress": _evaluation(current.trigger, current.began_at) if current is not None else None,
        "unreadable": [
            {
                "where": each.where,
                "at": instant_text(each.at),
                "sentences": list(each.sentences),
                "count": each.count,
            }
            for each in health.unreadable
            if each.count
        ],
        "queues": [
            {"name": name, "messages": count, "poisonMessages": health.poison_messages.get(name, 0)}
            for name, count in health.messages.items()
        ],
    }


def _activity(at: datetime | None, now: datetime) -> ActivityDocument:
    return {"at": None if at is None else instant_text(at), "ageSeconds": age_seconds(at, now)}


def _evaluation(trigger: str, since: datetime) -> EvaluationDocument:
    return {"trigger": trigger, "since": instant_text(since)}
