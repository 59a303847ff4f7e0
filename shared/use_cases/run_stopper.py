"""Stops update runs for a newer target, and notes it, so that no stop of a person counts as one of this app.

1. Note the stop in the ledger, for which newer target, on condition that no other call has noted one meanwhile.
2. Stop the run if it is still as it was read. Where the answer was lost, the run shows whether the stop was made.
3. Note that the stop was made, and when the run ended, once that is seen.

If the process stops between two steps, a later call settles the note by what the run shows then; `own_stops` has the
rules. Fleet first finishes the clusters that it has begun.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from shared import telemetry
from shared.core.decision import Decision
from shared.core.model.ids import ResourceId
from shared.core.model.run_record import Intent, RunRecord, StopNote
from shared.core.model.update_run import STOPPABLE_STATES, UpdateRun, UpdateState
from shared.core.runs.own_stops import seen
from shared.errors import TransientError
from shared.use_cases.services import Services

_AS_STOPPED = frozenset({UpdateState.STOPPING, UpdateState.STOPPED})


@dataclass(frozen=True, slots=True)
class RunStopper:
    """Stops the runs of one decision."""

    services: Services
    decision: Decision

    def stop_older_runs(self) -> None:
        """Stop the runs that the newer one replaces.

        Raises:
            UserMustFixError: Fleet refuses.
            TransientError: it is not known whether a run was stopped; the next call resumes.
        """
        for run_id in self.decision.runs_to_stop:
            run = self.services.fleets.find_run(run_id)
            if run is not None and run.state in STOPPABLE_STATES:
                self._stop_and_note(run)

    def settle_stops(self) -> None:
        """Note what is known now of stops that were noted before."""
        for run_id in self.decision.stops_to_settle:
            run, note = self.services.fleets.find_run(run_id), self._note_of(run_id)
            if run is not None and note is not None:
                self._replace(run, note, seen(note, run, self.services.clock.now()))

    def _stop_and_note(self, run: UpdateRun) -> None:
        noted = StopNote(self.services.clock.now(), str(self.decision.target))
        if not self._replace(run, self._note_of(run.id), noted):
            return
        if not self._is_stopped(run):
            self._replace(run, noted, None)
            return
        telemetry.run_stopped(self.decision.profile_id, run.id, self.services.clock.now())
        again = self.services.fleets.find_run(run.id)
        if again is not None:
            made = replace(noted, is_made=True)
            self._replace(again, noted, seen(made, again, self.services.clock.now()))

    def _is_stopped(self, run: UpdateRun) -> bool:
        """Stop the run. Returns False if someone else has changed it since it was read."""
        try:
            return self.services.fleets.stop_run(run)
        except TransientError:
            again = self.services.fleets.find_run(run.id)
            if again is None or again.state not in _AS_STOPPED:
                raise
            return True

    def _note_of(self, run_id: ResourceId) -> StopNote | None:
        return note_of(self.services, run_id)

    def _replace(self, run: UpdateRun, before: StopNote | None, after: StopNote | None) -> bool:
        is_native = run.auto_upgrade_profile_id == self.decision.profile_id
        intent = Intent.UPGRADE if is_native else Intent.REVIEW  # of a run of which nothing was recorded
        return self.services.ledger.replace_stop(run.id, before, after, intent, run.created_at)


def note_of(services: Services, run_id: ResourceId) -> StopNote | None:
    """The note of the last stop of a run by this app."""
    record = services.ledger.run_records([run_id.parent])[run_id.parent].get(run_id.name.lower())
    return record.stop if isinstance(record, RunRecord) else None
