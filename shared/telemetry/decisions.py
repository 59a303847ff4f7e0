"""Events and metrics about releases, decisions, and where profiles stand."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from shared.core.decision import Decision
from shared.core.lag import Lag
from shared.core.reasons import Outcome, Reason
from shared.core.releases.releases import KUBERNETES_VERSION as KUBERNETES
from shared.core.releases.releases import NODE_IMAGE, NewReleases
from shared.telemetry.emit import emit
from shared.telemetry.metrics import add, measure

_LEVELS = {Outcome.BLOCKED: logging.WARNING, Outcome.INVALID: logging.WARNING}
_GIVEN_UP = frozenset({Reason.RETRIES_EXHAUSTED})
"""Reasons that a person has to hear of: nothing more is tried."""


def release_detected(news: NewReleases, now: datetime) -> None:
    """A region offers something that it did not offer before."""
    versions, images = news.names(KUBERNETES), news.names(NODE_IMAGE)
    emit(
        "release_detected",
        f"{news.region} offers {len(versions)} new Kubernetes versions and {len(images)} new node images",
        {
            "region": news.region,
            "kubernetes_versions": versions,
            "node_images": images,
            "at": now.isoformat(),
        },
    )
    for kind, names in ((KUBERNETES, versions), (NODE_IMAGE, images)):
        if names:
            add("releases_detected", len(names), region=news.region, kind=kind)


def detection_succeeded(*, looked: bool, releases: int) -> None:
    """A detection ended well, whether it had to look or not."""
    emit(
        "detection_succeeded",
        "what regions offer is known",
        {
            "looked": looked,
            "releases": releases,
        },
    )


def reconcile_succeeded(trigger: str, profiles: int, due: int) -> None:
    """Everything was evaluated."""
    emit(
        "reconcile_succeeded",
        f"evaluated {profiles} profiles, {due} of them are due ({trigger})",
        {
            "trigger": trigger,
            "profiles": profiles,
            "due": due,
        },
    )


def decision_made(decision: Decision, trigger: str, now: datetime) -> None:
    """A profile was decided otherwise than before."""
    emit(
        "decision",
        f"{decision.profile_id}: {decision.outcome} ({decision.reason}): {decision.sentence}",
        {
            "trigger": trigger,
            "run": _run_of(decision),
            "at": now.isoformat(),
            **_decided(decision),
        },
        level=logging.ERROR if decision.reason in _GIVEN_UP else _LEVELS.get(decision.outcome, logging.INFO),
    )


def decisions_counted(decisions: Iterable[Decision]) -> None:
    """Profiles were decided, otherwise than before or not."""
    counts = Counter((decision.outcome, decision.reason) for decision in decisions)
    for (outcome, reason), count in counts.items():
        add("decisions", count, outcome=outcome.value, reason=reason.value)


def profile_state(decision: Decision, lag: Lag, now: datetime) -> None:
    """Where a profile stands."""
    days = lag.days(now)
    emit(
        "profile_state",
        f"{decision.profile_id}: {decision.outcome} ({decision.reason}), {lag.clusters_behind} clusters behind",
        {
            "clusters": lag.clusters,
            "clusters_behind": lag.clusters_behind,
            "versions_behind": lag.versions_behind,
            "days_behind": days,
            "out_of_support": lag.out_of_support,
            **_decided(decision),
        },
    )
    profile_id = str(decision.profile_id)
    measure("clusters_behind", lag.clusters_behind, profile_id=profile_id)
    measure("versions_behind", lag.versions_behind, profile_id=profile_id)
    measure("days_behind", days, profile_id=profile_id)


def ages_measured(detection_seconds: float | None, reconcile_seconds: float | None) -> None:
    """How long ago the last detection and the last full evaluation ended well; None if there never was one."""
    for name, seconds in (("detection_age_seconds", detection_seconds), ("reconcile_age_seconds", reconcile_seconds)):
        if seconds is not None:
            measure(name, seconds)


def _decided(decision: Decision) -> dict[str, str]:
    return {
        "profile_id": str(decision.profile_id),
        "fleet_id": str(decision.profile_id.parent),
        "profile": decision.profile_id.name,
        "outcome": decision.outcome.value,
        "reason": decision.reason.value,
        "sentence": decision.sentence,
        "target": str(decision.target).replace(", ", ",") if decision.target else "",
    }


def _run_of(decision: Decision) -> str:
    if decision.run_id is not None:
        return decision.run_id.name
    return decision.specification.name if decision.specification is not None else ""
