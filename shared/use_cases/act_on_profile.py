"""Reads one profile again from ARM, decides it on fresh facts, and carries the decision out.

Timer, event and HTTP call all end here. The same call may run many times at once and die anywhere: see `run_writer`.
"""

from __future__ import annotations

from dataclasses import dataclass

from shared import telemetry
from shared.core.catalog_needs import find_needs
from shared.core.decision import Decision
from shared.core.facts import Facts
from shared.core.fleet import Cluster
from shared.core.planner import decide
from shared.core.reason import Outcome
from shared.core.resource_id import ResourceId
from shared.core.update_run import Intent, UpdateRun
from shared.use_cases.run_writer import RunWriter
from shared.use_cases.services import Services


@dataclass(frozen=True, slots=True)
class Demand:
    """Who wants the profile acted on, and how far."""

    trigger: str
    """`event`, or `http`; for the record."""
    on_demand: bool
    """A person asked: a disabled profile counts, and nothing unfinished is waited for."""
    start: bool
    """Whether a run is to be started, or only created for review."""


TRIGGERED = Demand(trigger="event", on_demand=False, start=True)


@dataclass(frozen=True, slots=True)
class Action:
    """The decision that was carried out, and the run that came of it, or was there already."""

    decision: Decision
    run: UpdateRun | None = None
    started: bool = False
    """Whether this call started the run."""


def act_on_profile(services: Services, profile_id: ResourceId, demand: Demand) -> Action:
    """Bring the profile one step further: generate its run, start one that was left unstarted, or nothing.

    Raises:
        NotFoundError: the profile does not exist.
        NotReadyError: another call is creating the same run with another intent.
        UserMustFixError: Fleet refuses the run.
        TransientError: try again; nothing is lost and nothing will be done twice.
    """
    now = services.clock.now()
    profile, fleet = services.fleets.read_fleet(profile_id)
    clusters = (member.cluster for member in fleet.members if member.is_joined)
    needs = find_needs(cluster for cluster in clusters if isinstance(cluster, Cluster))
    records = services.ledger.run_records([fleet.id])
    decision = decide(
        Facts(
            profile=profile,
            fleet=fleet,
            catalog=services.catalogs.read(needs),
            now=now,
            run_records=records.get(fleet.id, {}),
            on_demand=demand.on_demand,
        )
    )
    for changed in services.ledger.record_decisions([decision], demand.trigger, now):
        telemetry.decision_made(changed, demand.trigger, now)
    return _carry_out(services, decision, demand)


def _carry_out(services: Services, decision: Decision, demand: Demand) -> Action:
    writer = RunWriter(services, decision)
    if decision.outcome is Outcome.GENERATE:
        created = writer.create(Intent.UPGRADE if demand.start else Intent.REVIEW)
        return _started(writer, decision, created) if demand.start else Action(decision, created)
    run = services.fleets.find_run(decision.run_id) if decision.run_id is not None else None
    if decision.outcome is Outcome.START and demand.start and run is not None:
        return _started(writer, decision, run)
    return Action(decision, run)


def _started(writer: RunWriter, decision: Decision, run: UpdateRun) -> Action:
    started, current = writer.start(run)
    return Action(decision, current, started)
