"""What the app tells the world it did: one log record an event, with its facts as attributes.

The attributes are flat and named alike everywhere, so that a query finds them; `event_name` says what happened.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime

from shared.core.decision import Decision
from shared.core.reason import Outcome
from shared.core.releases import RegionNews
from shared.core.resource_id import ResourceId

_LOG = logging.getLogger("fleet_auto_upgrade")

_LEVELS = {Outcome.BLOCKED: logging.WARNING, Outcome.INVALID: logging.WARNING}


def release_detected(news: RegionNews, now: datetime) -> None:
    """A region offers something that it did not offer before."""
    versions, images = news.names("KubernetesVersion"), news.names("NodeImage")
    _LOG.info(
        "%s offers %d new Kubernetes versions and %d new node images",
        news.region,
        len(versions),
        len(images),
        extra={
            "event_name": "release_detected",
            "region": news.region,
            "kubernetes_versions": versions,
            "node_images": images,
            "at": now.isoformat(),
        },
    )


def decision_made(decision: Decision, trigger: str, now: datetime) -> None:
    """A profile was decided, or decided otherwise than before."""
    specification = decision.specification
    _LOG.log(
        _LEVELS.get(decision.outcome, logging.INFO),
        "%s: %s (%s): %s",
        decision.profile_id,
        decision.outcome,
        decision.reason,
        decision.sentence,
        extra={
            "event_name": "decision",
            "profile_id": str(decision.profile_id),
            "trigger": trigger,
            "outcome": decision.outcome.value,
            "reason": decision.reason.value,
            "sentence": decision.sentence,
            "target": str(decision.target) if decision.target else "",
            "run_name": decision.run_id.name if decision.run_id else specification.name if specification else "",
            "at": now.isoformat(),
        },
    )


def run_generated(profile_id: ResourceId, run_id: ResourceId, target: str, now: datetime) -> None:
    """This app created an update run."""
    _LOG.info(
        "%s: generated %s for %s",
        profile_id,
        run_id.name,
        target,
        extra={
            "event_name": "run_generated",
            "profile_id": str(profile_id),
            "run_id": str(run_id),
            "target": target,
            "at": now.isoformat(),
        },
    )


def run_started(profile_id: ResourceId, run_id: ResourceId, now: datetime) -> None:
    """This app started an update run."""
    _LOG.info(
        "%s: started %s",
        profile_id,
        run_id.name,
        extra={
            "event_name": "run_started",
            "profile_id": str(profile_id),
            "run_id": str(run_id),
            "at": now.isoformat(),
        },
    )


def unreadable(what: str, sentences: Sequence[str]) -> None:
    """Something was there and could not be understood; it is not acted on."""
    for sentence in sentences:
        _LOG.warning("%s: %s", what, sentence, extra={"event_name": "unreadable", "what": what, "sentence": sentence})


def failed(work: str, error: Exception) -> None:
    """One part of a larger work failed; the other parts go on."""
    _LOG.error("%s failed: %s", work, error, exc_info=error, extra={"event_name": "failed", "work": work})
