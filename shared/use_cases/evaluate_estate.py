"""Evaluates every profile of every fleet from one sweep, and hands those that look due to events of their own.

The sweep may lag behind, so nothing is written from it: `act_on_profile` reads a due profile again and decides anew.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from shared import telemetry
from shared.core.catalog import Catalog
from shared.core.catalog_needs import find_needs
from shared.core.decision import Decision
from shared.core.facts import Facts, RunRecord
from shared.core.fleet import Fleet
from shared.core.planner import decide
from shared.core.reason import Outcome
from shared.errors import IncompleteError
from shared.use_cases.detect_releases import clusters_of
from shared.use_cases.services import Services

TO_ACT_ON = frozenset({Outcome.GENERATE, Outcome.START})
"""Outcomes that something has to be done about."""


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The decisions of one evaluation; `looked` is False when an earlier one had seen everything."""

    looked: bool
    decisions: tuple[Decision, ...] = ()


def evaluate_estate(services: Services, trigger: str) -> Evaluation:
    """Decide every profile; one event for each that has to be acted on.

    Raises:
        IncompleteError: some profiles could not be decided; all others were.
    """
    began_at = services.clock.now()
    estate = services.estate.read()
    telemetry.unreadable("estate", estate.unreadable)
    catalog = services.catalogs.read(find_needs(clusters_of(estate)))
    records = services.ledger.run_records(fleet.id for fleet in estate.fleets if fleet.profiles)
    decisions: list[Decision] = []
    failures: list[str] = []
    for fleet in estate.fleets:
        _decide_fleet(fleet, catalog, began_at, records.get(fleet.id, {}), decisions, failures)
    due = [decision.profile_id for decision in decisions if decision.outcome in TO_ACT_ON]
    if due:
        services.events.publish_due(due, began_at)
    for changed in services.ledger.record_decisions(decisions, trigger, began_at):
        telemetry.decision_made(changed, trigger, began_at)
    if failures:
        raise IncompleteError("Deciding profiles", failures)
    services.ledger.record_look(began_at)
    return Evaluation(looked=True, decisions=tuple(decisions))


def evaluate_after_event(services: Services, event_time: datetime, trigger: str) -> Evaluation:
    """Evaluate, unless a complete evaluation began after the event: then it saw what the event announces.

    N clusters send N events for one release; the first makes us look, and the others find that we have. Should clocks
    differ so much that an event is taken for older than it is, the next detection or reconciliation sees the release.
    """
    last_look = services.ledger.last_look()
    if last_look is not None and last_look >= event_time:
        return Evaluation(looked=False)
    return evaluate_estate(services, trigger)


def _decide_fleet(
    fleet: Fleet,
    catalog: Catalog,
    now: datetime,
    records: Mapping[str, RunRecord],
    decisions: list[Decision],
    failures: list[str],
) -> None:
    for profile in fleet.profiles:
        try:
            decisions.append(decide(Facts(profile, fleet, catalog, now, records)))
        except Exception as error:  # noqa: BLE001 - a bug met in one profile must not stop the others; it is raised after
            telemetry.failed(f"Deciding {profile.id}", error)
            failures.append(f"{profile.id}: {error}")
