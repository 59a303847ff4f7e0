"""Follows the runs that are under way or over lately: restarts after a pause, the runs after them, where each stands.

It decides the profiles of the fleets with such runs, as `evaluate_estate` does for all, only more often.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from shared import telemetry
from shared.core.existing_runs import runs_of
from shared.core.fleet import Fleet
from shared.core.profile import Profile
from shared.core.retry_schedule import LONGEST_PAUSE
from shared.core.unknown import Unparsed
from shared.core.update_run import UpdateRun, UpdateState
from shared.use_cases.evaluate_estate import Evaluation, evaluate_fleets
from shared.use_cases.services import Services

_FAILURE_IS_FOLLOWED = LONGEST_PAUSE + timedelta(hours=1)
"""A failure's restart comes within this time; what is older is left to the reconciliation."""

_IS_OVER = frozenset({UpdateState.COMPLETED, UpdateState.STOPPED})


def watch_runs(services: Services) -> Evaluation:
    """Decide the profiles of every fleet that has a run of one of them to follow.

    Raises:
        IncompleteError: some profiles could not be decided; all others were.
    """
    now = services.clock.now()
    estate = services.estate.read()
    watch = _Watch(now, services.ledger.last_look())
    fleets = [fleet for fleet in estate.fleets if watch.follows(fleet)]
    if not fleets:
        return Evaluation(looked=False)
    return evaluate_fleets(services, fleets, "watch", now)


@dataclass(frozen=True, slots=True)
class _Watch:
    now: datetime
    last_look: datetime | None

    def follows(self, fleet: Fleet) -> bool:
        """Whether one of the fleet's profiles has a run to follow; where such a run stands is told on the way."""
        found = False
        for profile, run in _runs(fleet):
            if run.is_unfinished or self._failed_lately(run):
                telemetry.run_watched(profile.id, run, self.now)
                found = True
            found = found or self._ended_unseen(run)
        return found

    def _failed_lately(self, run: UpdateRun) -> bool:
        ended = run.completed_at
        is_failed = run.state is UpdateState.FAILED
        return is_failed and ended is not None and self.now - ended <= _FAILURE_IS_FOLLOWED

    def _ended_unseen(self, run: UpdateRun) -> bool:
        """Whether it ended after everything was evaluated last: then what comes after it may be due."""
        if run.state not in _IS_OVER or run.completed_at is None:
            return False
        return self.last_look is None or run.completed_at > self.last_look


def _runs(fleet: Fleet) -> Iterator[tuple[Profile, UpdateRun]]:
    for profile in fleet.profiles:
        if not isinstance(profile.channel, Unparsed):
            for run in runs_of(profile.id, profile.channel, fleet.update_runs):
                yield profile, run
