"""Evaluates every profile of every fleet from one sweep, and enqueues each due profile as a message.

The sweep may lag, so no run is written from it: `act_on_profile` reads a due profile from ARM and decides it again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from shared import telemetry
from shared.core.decision import Decision
from shared.core.facts import Facts
from shared.core.lag import Lag, lag_of
from shared.core.model.catalog import Catalog
from shared.core.model.catalog_needs import find_needs
from shared.core.model.fleet import Fleet
from shared.core.model.ids import ResourceId
from shared.core.model.profile import Channel
from shared.core.model.run_record import RunRecords
from shared.core.planner import decide
from shared.core.policies.sources import PolicySources
from shared.core.reasons import ACTING
from shared.core.releases.releases import FirstSeen
from shared.errors import IncompleteError
from shared.overview.evaluated import EvaluatedFleets
from shared.threads import TracedThreads, no_garbage_collection
from shared.use_cases.decide_profile import read_first_seen
from shared.use_cases.record_overview import record_overview, record_unreadable, unread_parts
from shared.use_cases.services import Services

_AFTER_KUBERNETES = frozenset({Channel.NODE_IMAGE, Channel.SECURITY_PATCH})
"""Channels whose runs wait for due Kubernetes runs of their fleet."""


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The decisions of one evaluation; `looked` is False if there was nothing to evaluate."""

    looked: bool
    decisions: tuple[Decision, ...] = ()


def evaluate_estate(services: Services, trigger: str, began_at: datetime) -> Evaluation:
    """Decide every profile; send one message for each due profile.

    `requested_evaluation` calls this, on one instance at a time.

    Raises:
        IncompleteError: some profiles could not be decided; all others were.
    """
    services.recent.forget()  # before the sweep, so that memory has one estate at a time
    estate = services.estate.read()
    telemetry.unreadable("estate", estate.unreadable)
    telemetry.runs_counted(run for fleet in estate.fleets for run in fleet.update_runs)
    with_profiles = [fleet.id for fleet in estate.fleets if fleet.profiles]
    evaluation = evaluate_fleets(
        services,
        estate.fleets,
        lambda: services.ledger.run_records(with_profiles),
        trigger,
        began_at,
        reports_states=True,
        unreadable=estate.unreadable,
    )
    due = sum(decision.outcome in ACTING for decision in evaluation.decisions)
    telemetry.reconcile_succeeded(trigger, len(evaluation.decisions), due)
    return evaluation


def evaluate_fleets(
    services: Services,
    fleets: Sequence[Fleet],
    read_records: Callable[[], Mapping[ResourceId, RunRecords]],
    trigger: str,
    now: datetime,
    *,
    reports_states: bool = False,
    unreadable: Sequence[str] = (),
) -> Evaluation:
    """Decide every profile of the fleets; send one message for each due profile.

    Decisions to act are not recorded here: `act_on_profile` decides again on fresh facts, and records that.
    `read_records` returns what the ledger has on the fleets' runs. With `reports_states`, these are all fleets, and the
    state of each profile is reported to telemetry; `unreadable` has a sentence for each resource that could not be
    parsed.

    Raises:
        IncompleteError: some profiles could not be decided; all others were.
    """
    needs = find_needs(cluster for fleet in fleets for cluster in fleet.clusters)
    sources = PolicySources(services.policy_defaults)
    tags = {name: value for fleet in fleets for name, value in fleet.tags.items()}
    with TracedThreads(max_workers=3) as threads:  # what the ledger knows is read beside the catalogs
        records = threads.submit(read_records)
        first_seen = threads.submit(read_first_seen, services, needs, tags, sources, always=True)
        waiting_since = threads.submit(services.ledger.waiting_since)
        catalog = services.catalogs.read(needs)
        catalog_read_at = services.clock.now()
    cycle = _EvaluationCycle(
        catalog=catalog,
        now=now,
        sources=sources,
        first_seen=first_seen.result(),
        reports_states=reports_states,
        records=records.result(),
        waiting_since=waiting_since.result(),
    )
    with no_garbage_collection():
        for fleet in fleets:
            cycle.decide(fleet)
    due = {decision.profile_id.parent for decision in cycle.decisions if decision.outcome in ACTING}
    if due:
        services.ledger.record_catalog(catalog, catalog_read_at)
        services.recent.keep((fleet for fleet in fleets if fleet.id in due), now)
    _enqueue_and_record(services, cycle.decisions, trigger, now)
    record_overview(services.overview, cycle.evaluated, complete=reports_states)
    if reports_states:
        record_unreadable(services.overview, "evaluation", (*unreadable, *unread_parts(catalog)), now)
    if cycle.failures:
        raise IncompleteError("Deciding profiles", cycle.failures)
    return Evaluation(looked=True, decisions=tuple(cycle.decisions))


def _enqueue_and_record(services: Services, decisions: Sequence[Decision], trigger: str, now: datetime) -> None:
    """Send a message for each due profile, and record the other decisions."""
    due = [decision.profile_id for decision in decisions if decision.is_due]
    if due:
        services.queues.evaluate_profiles(due)
    telemetry.decisions_counted(decisions)
    settled = [decision for decision in decisions if decision.outcome not in ACTING]
    for changed in services.ledger.record_decisions(settled, trigger, now):
        telemetry.decision_made(changed, trigger, now)


@dataclass(frozen=True, slots=True)
class _EvaluationCycle:
    """The facts that all profiles share, and the results so far."""

    catalog: Catalog
    now: datetime
    sources: PolicySources
    first_seen: FirstSeen
    records: Mapping[ResourceId, RunRecords]
    waiting_since: Mapping[ResourceId, datetime]
    reports_states: bool
    decisions: list[Decision] = field(default_factory=list)
    evaluated: EvaluatedFleets = field(default_factory=EvaluatedFleets)
    failures: list[str] = field(default_factory=list)

    def decide(self, fleet: Fleet) -> None:
        records = self.records.get(fleet.id, {})
        evaluated: list[tuple[Decision, Lag]] = []
        decided: dict[ResourceId, Decision] = {}
        # those for node images come last: they depend on decisions for Kubernetes, which are then made already
        for profile in sorted(fleet.profiles, key=lambda profile: profile.channel in _AFTER_KUBERNETES):
            facts = Facts(
                profile, fleet, self.catalog, self.now, records, self.sources, self.first_seen, self.waiting_since
            )
            try:
                decision = decided[profile.id] = decide(facts, decided)
                self.decisions.append(decision)
                lag = lag_of(decision, fleet, self.catalog, self.first_seen)
                evaluated.append((decision, lag))
                if self.reports_states:
                    telemetry.profile_state(decision, lag, self.now)
            except Exception as error:  # noqa: BLE001 - a bug in one profile must not stop the others; raised afterwards
                telemetry.failed(f"Deciding {profile.id}", error)
                self.failures.append(f"{profile.id}: {error}")
        self.evaluated.add(fleet, evaluated, records)
