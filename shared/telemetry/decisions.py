"""Events and metrics about releases, decisions, and the state of profiles."""

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
"""Reasons logged as errors: the app does not retry, so a person must act."""


def release_detected(new_releases: NewReleases, now: datetime) -> None:
    """A region offers something that it did not offer before."""
    versions, images = new_releases.names(KUBERNETES), new_releases.names(NODE_IMAGE)
    emit(
        "release_detected",
        f"{new_releases.region} offers {len(versions)} new Kubernetes versions and {len(images)} new node images",
        {
            "region": new_releases.region,
            "kubernetes_versions": versions,
            "node_images": images,
            "at": now.isoformat(),
        },
    )
    for kind, names in ((KUBERNETES, versions), (NODE_IMAGE, images)):
        if names:
            add("releases_detected", len(names), region=new_releases.region, kind=kind)


def detection_succeeded(*, looked: bool, releases: int) -> None:
    """A detection succeeded, whether or not it read the catalogs (`looked`)."""
    emit(
        "detection_succeeded",
        "what regions offer is known",
        {
            "looked": looked,
            "releases": releases,
        },
    )


def reconcile_succeeded(trigger: str, profiles: int, due: int) -> None:
    """All profiles were evaluated."""
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
    """The decision on a profile changed."""
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
    """Count decisions on profiles, changed or not."""
    counts = Counter((decision.outcome, decision.reason) for decision in decisions)
    for (outcome, reason), count in counts.items():
        add("decisions", count, outcome=outcome.value, reason=reason.value)


def profile_state(decision: Decision, lag: Lag, now: datetime) -> None:
    """The state of a profile: its decision, and how far its clusters are behind."""
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
    """The ages of the last detection and of the last full evaluation that succeeded; None if there was none."""
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
