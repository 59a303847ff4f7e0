"""What the app tells the world it did: one log record an event, with its facts as attributes.

The attributes are flat and named alike everywhere, so that a query finds them; `event_name` says what happened.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from shared.core.decision import Decision
from shared.core.reason import Outcome, Reason
from shared.core.releases import RegionNews
from shared.core.resource_id import ResourceId
from shared.core.update_run import UpdateRun

_LOG = logging.getLogger("fleet_auto_upgrade")

_LEVELS = {Outcome.BLOCKED: logging.WARNING, Outcome.INVALID: logging.WARNING}
_GIVEN_UP = frozenset({Reason.RETRIES_EXHAUSTED})
"""Reasons that a person has to hear of: nothing more is tried."""


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
        logging.ERROR if decision.reason in _GIVEN_UP else _LEVELS.get(decision.outcome, logging.INFO),
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


def run_started(profile_id: ResourceId, run_id: ResourceId, restart: int, now: datetime) -> None:
    """This app started an update run; `restart` is 0, or the number of the restart after a failure."""
    _LOG.info(
        "%s: %s %s",
        profile_id,
        f"restarted (for the {restart}. time)" if restart else "started",
        run_id.name,
        extra={
            "event_name": "run_restarted" if restart else "run_started",
            "profile_id": str(profile_id),
            "run_id": str(run_id),
            "restart": restart,
            "at": now.isoformat(),
        },
    )


def run_stopped(profile_id: ResourceId, run_id: ResourceId, now: datetime) -> None:
    """This app stopped an update run, to make room for a newer one."""
    _LOG.info(
        "%s: stopped %s",
        profile_id,
        run_id.name,
        extra={
            "event_name": "run_stopped",
            "profile_id": str(profile_id),
            "run_id": str(run_id),
            "at": now.isoformat(),
        },
    )


def run_watched(profile_id: ResourceId, run: UpdateRun, now: datetime) -> None:
    """A run of a profile is under way, or failed: where it stands."""
    states = Counter(str(state) for state in run.member_states.values())
    _LOG.info(
        "%s: %s is %s (%s)",
        profile_id,
        run.name,
        run.state,
        ", ".join(f"{count} {state}" for state, count in sorted(states.items())),
        extra={
            "event_name": "run_watched",
            "profile_id": str(profile_id),
            "run_id": str(run.id),
            "state": str(run.state),
            "members": dict(states),
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
