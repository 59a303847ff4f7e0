"""Watches the runs that are in progress or ended recently: reports their states, and finds due restarts and next runs.

It decides the profiles of the fleets with such runs, or with a profile that waits for busy clusters, as
`evaluate_estate` decides all profiles, but more often.
"""

from __future__ import annotations

from collections.abc import Container, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from shared import telemetry
from shared.core.model.fleet import Fleet
from shared.core.model.ids import ResourceId
from shared.core.model.profile import Profile
from shared.core.model.run_record import RunRecord
from shared.core.model.update_run import UpdateRun, UpdateState
from shared.core.runs.existing_run import LONGEST_PAUSE
from shared.core.runs.wanted_run import runs_of
from shared.use_cases.evaluate_estate import Evaluation, evaluate_fleets
from shared.use_cases.services import Services

FAILURE_WINDOW = LONGEST_PAUSE + timedelta(hours=1)
"""A failed run is due for a restart within this time; the reconciliation finds older ones."""

REPORT_WINDOW = timedelta(hours=1)
"""How long a run that ended is still reported, so that an alert rule sees its last state."""

_IS_OVER = frozenset({UpdateState.COMPLETED, UpdateState.SKIPPED, UpdateState.STOPPED})


def watch_runs(services: Services) -> Evaluation:
    """Report the states of runs, and decide the profiles of every fleet that has a run to follow or waits.

    One small query finds whether there is a run to report or follow; only then, or while a profile waits for busy
    clusters, everything is read.

    Raises:
        IncompleteError: some profiles could not be decided; all others were.
    """
    now = services.clock.now()
    last_evaluation = services.ledger.last_evaluation()
    telemetry.ages_measured(_age(services.ledger.last_detection(), now), _age(last_evaluation, now))
    telemetry.messages_poisoned(services.queues.poison_messages())
    evaluation = _watch(services, now, last_evaluation)
    services.overview.record_watch(now)
    return evaluation


def _watch(services: Services, now: datetime, last_evaluation: datetime | None) -> Evaluation:
    waiting = services.ledger.waiting_since()
    if not waiting and not _has_runs_to_watch(services, now, last_evaluation):
        return Evaluation(looked=False)
    estate = services.estate.read()
    watch = _RunWatcher(now, last_evaluation)
    to_report = {fleet.id: runs for fleet in estate.fleets if (runs := watch.to_report(fleet))}
    fleets = [fleet for fleet in estate.fleets if watch.follows(fleet) or _waits(fleet, waiting)]
    concerned = {*to_report, *(fleet.id for fleet in fleets)}
    records = services.ledger.run_records(concerned) if concerned else {}
    for fleet_id, runs in to_report.items():
        for profile_id, run in runs:
            record = records.get(fleet_id, {}).get(run.name.lower())
            report_run(profile_id, run, now, record.trace_parent if isinstance(record, RunRecord) else "")
    if not fleets:
        return Evaluation(looked=False)
    return evaluate_fleets(services, fleets, lambda: records, "watch", now)


def _has_runs_to_watch(services: Services, now: datetime, last_evaluation: datetime | None) -> bool:
    """Whether `_RunWatcher` could find a run: the same times, asked of all runs at once."""
    if last_evaluation is None:
        return True
    return services.estate.has_runs_to_watch(
        ended_since=min(last_evaluation, now - REPORT_WINDOW), failed_since=now - FAILURE_WINDOW
    )


def report_run(profile_id: ResourceId, run: UpdateRun, now: datetime, trace_parent: str) -> None:
    """Report the state of a run, in the trace that generated it, and its gates that wait for approval."""
    with telemetry.span("watch run", trace_parent, run_id=str(run.id), state=str(run.state)):
        telemetry.run_watched(profile_id, run, now)
        for gate in run.progress.pending_gates:
            telemetry.gate_pending(run.id, gate, now)


@dataclass(frozen=True, slots=True)
class _RunWatcher:
    now: datetime
    last_evaluation: datetime | None

    def to_report(self, fleet: Fleet) -> list[tuple[ResourceId, UpdateRun]]:
        """The runs of the fleet's profiles that are in progress, failed, or ended recently."""
        return [
            (profile.id, run)
            for profile, run in _runs(fleet)
            if run.is_unfinished or self._ended_within(run, self._reported_for(run))
        ]

    def follows(self, fleet: Fleet) -> bool:
        """Whether one of the fleet's profiles has a run to follow: a restart or another run may be due."""
        return any(
            run.is_unfinished or self._failed_recently(run) or self._finished_between_checks(run)
            for _, run in _runs(fleet)
        )

    def _reported_for(self, run: UpdateRun) -> timedelta:
        return FAILURE_WINDOW if run.state is UpdateState.FAILED else REPORT_WINDOW

    def _ended_within(self, run: UpdateRun, time: timedelta) -> bool:
        is_over = run.state in _IS_OVER or run.state is UpdateState.FAILED
        return is_over and run.completed_at is not None and self.now - run.completed_at <= time

    def _failed_recently(self, run: UpdateRun) -> bool:
        return run.state is UpdateState.FAILED and self._ended_within(run, FAILURE_WINDOW)

    def _finished_between_checks(self, run: UpdateRun) -> bool:
        """Whether it ended after the last complete evaluation, so that the next run may be due."""
        if run.state not in _IS_OVER or run.completed_at is None:
            return False
        return self.last_evaluation is None or run.completed_at > self.last_evaluation


def _waits(fleet: Fleet, waiting: Container[ResourceId]) -> bool:
    """Whether one of the fleet's profiles waits for busy clusters, which may be free by now."""
    return any(profile.id in waiting for profile in fleet.profiles)


def _runs(fleet: Fleet) -> Iterator[tuple[Profile, UpdateRun]]:
    for profile in fleet.profiles:
        for run in runs_of(profile.id, fleet.update_runs):
            yield profile, run


def _age(moment: datetime | None, now: datetime) -> float | None:
    return None if moment is None else (now - moment).total_seconds()
