"""Creates and starts update runs, each once, although many instances may try and each may stop at any step.

1. Claim the run in the ledger with the intent (upgrade or review).
2. Read the run; if it does not exist, create it under its name with `If-None-Match: *` while the claim holds.
3. Take a lease on starting runs on its members, and read the fleet's runs again: two profiles that are decided at the
   same moment must not start a run each on the same cluster. If another run was started meanwhile on a member of this
   one, the run stays as it is, and the decision is one that waits; it is recorded, so that the watch timer decides
   again.
4. Record in the ledger which members are skipped, and have Fleet skip them if the run is still as it was read.
5. Start the run if it is still as it was read, and give the lease back once Fleet shows it as started or refuses.

If the process stops between two steps, the next call resumes from the recorded state: it creates a run that is claimed
but does not exist, and starts a run that was claimed for upgrade and is not started. A call that lost a race reads the
run again and finds the work done. Calls for the same run share the lease; it keeps off others until it runs out, also
where it is not known whether a start arrived. A run by someone else may still be started between steps 3 and 5: Fleet
offers no condition for that.
"""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Set as AbstractSet
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import datetime

from shared import telemetry
from shared.core.decision import Decision
from shared.core.model.ids import ResourceId
from shared.core.model.run_record import Intent, RunRecord
from shared.core.model.update_run import STOPPABLE_STATES, UpdateRun, UpdateState
from shared.core.runs.specification import RunSpecification
from shared.core.waits import look_again
from shared.errors import InternalError, NotReadyError, TransientError, UserMustFixError
from shared.ports import StartLease
from shared.use_cases.services import Services

RESTARTABLE = frozenset({UpdateState.FAILED, UpdateState.STOPPED})
"""A failed run; Fleet may show it as stopped once its failed members were skipped."""

_HANDLED = frozenset({UpdateState.SKIPPED, UpdateState.COMPLETED})

ATTEMPTS_TO_START = 5
"""How often a run that changed between read and start is read again before the call fails, to be repeated."""


@dataclass(frozen=True, slots=True)
class StartAttempt:
    """The run after an attempt to start it, and the decision that applies: the given one, or one that waits."""

    decision: Decision
    run: UpdateRun
    started: bool = False
    """Whether this call started the run."""


@dataclass(frozen=True, slots=True)
class RunWriter:
    """Writes the run of one decision."""

    services: Services
    decision: Decision

    def create(self, intent: Intent) -> UpdateRun:
        """The decision's run: created now, or found.

        Raises:
            NotReadyError: another call is creating it with the other intent, or the claim ran out before creation.
            UserMustFixError: Fleet refuses the run.
        """
        with telemetry.span("generate run", run=self._specification().name):
            return self._create(intent)

    def _create(self, intent: Intent) -> UpdateRun:
        specification = self._specification()
        run_id = self._run_id()
        claimed_until = self._claim(run_id, intent)
        run = self.services.fleets.find_run(run_id)
        if run is None:
            self._check_claim(run_id, claimed_until)
            created = self.services.fleets.create_run(run_id.parent, specification)
            if created:
                self._report_generated(run_id)
            run = self._read(run_id)
        return run

    def generate_natively(self, intent: Intent) -> UpdateRun:
        """The run that Fleet generates itself: created now, or found. The caller compares it with the decision.

        Fleet chooses its name, so the claim is under the name that this app would have given.

        Raises:
            NotReadyError: another call is creating it with the other intent, or the claim ran out before creation.
            UserMustFixError: Fleet refuses.
        """
        claimed = self._run_id()
        with telemetry.span("generate run", profile_id=str(self.decision.profile_id)):
            self._check_claim(claimed, self._claim(claimed, intent))
            run_id = self.services.fleets.generate_natively(self.decision.profile_id)
            run = self._read(run_id)
            self.services.ledger.record_generated(claimed, run_id)
            if run.state is UpdateState.NOT_STARTED:  # Fleet returns an older run if it has nothing newer
                self._report_generated(run_id)
            return run

    def start(self, run: UpdateRun) -> StartAttempt:
        """Skip the members to skip, and start the run, unless another run was started on its members meanwhile.

        Raises:
            NotReadyError: another run is being started on a member, or this took longer than the lease.
            TransientError: the run kept changing; the next call resumes.
        """
        if run.state is not UpdateState.NOT_STARTED:
            return StartAttempt(self.decision, run)
        with self._span(run):
            return self._start(run, frozenset({UpdateState.NOT_STARTED}), lambda: True)

    def restart(self, run: UpdateRun) -> StartAttempt:
        """Restart a failed run without the members to skip, unless another run was started on its members meanwhile.

        The restart is recorded before it is made, so that a call after a crash knows that it is still to be made.

        Raises:
            NotReadyError: another run is being started on a member, or this took longer than the lease.
            TransientError: the run kept changing; the next call resumes.
        """
        if run.state is not UpdateState.FAILED:
            return StartAttempt(self.decision, run)
        record = self.services.ledger.record_restart
        with self._span(run):
            return self._start(run, RESTARTABLE, lambda: record(run.id, self.decision.restarts, run.completed_at))

    def stop_older_runs(self) -> None:
        """Stop the runs that the newer one replaces. Fleet first finishes the clusters that it has begun."""
        for run_id in self.decision.runs_to_stop:
            run = self.services.fleets.find_run(run_id)
            if run is not None and run.state in STOPPABLE_STATES and self.services.fleets.stop_run(run):
                telemetry.run_stopped(self.decision.profile_id, run_id, self.services.clock.now())

    def _span(self, run: UpdateRun) -> AbstractContextManager[None]:
        return telemetry.span("start run", run=run.name, restart=self.decision.restarts)

    def _start(self, run: UpdateRun, startable: AbstractSet[UpdateState], record: Callable[[], bool]) -> StartAttempt:
        ledger, clock = self.services.ledger, self.services.clock
        lease = ledger.lease_start(run.id, self.decision.members_in_run, clock.now())
        runs = self.services.fleets.read_runs(run.id.parent)
        decision = look_again(self.decision, runs, run.id, clock.now())
        attempt = StartAttempt(decision, run)
        try:
            if decision.starts_run and record():
                attempt = replace(self, decision=decision)._start_as_read(run, startable, lease)
        except (UserMustFixError, NotReadyError):
            ledger.release_start(lease)
            raise
        if not attempt.started or attempt.run.state not in startable:
            ledger.release_start(lease)
        return attempt

    def _start_as_read(self, run: UpdateRun, startable: AbstractSet[UpdateState], lease: StartLease) -> StartAttempt:
        for _ in range(ATTEMPTS_TO_START):
            if run.state not in startable:
                return StartAttempt(self.decision, run)
            if self._skip(run):
                run = self._read(run.id)
                if self._remaining_skips(run) and run.state is UpdateState.NOT_STARTED:
                    continue
            self._check_lease(lease)
            if run.state in startable and self.services.fleets.start_run(run):
                telemetry.run_started(
                    self.decision.profile_id, run.id, self.decision.restarts, self.services.clock.now()
                )
                return StartAttempt(self.decision, self._read(run.id), started=True)
            run = self._read(run.id)
        raise TransientError(f"Update run {run.name} kept changing while it was being started")

    def _skip(self, run: UpdateRun) -> bool:
        """Have Fleet skip members that the run would upgrade. Returns False if none is left to skip."""
        members = self._remaining_skips(run)
        if not members:
            return False
        names = frozenset(member.lower() for member in members)
        self.services.ledger.record_skipped(run.id, Intent.UPGRADE, names)
        try:
            self.services.fleets.skip_members(run, members)
        except UserMustFixError as error:
            if run.state is UpdateState.NOT_STARTED:
                raise
            # not documented: whether Fleet skips a failed member; if it refuses, the run upgrades that member again
            telemetry.failed(f"Skipping {', '.join(members)} in {run.name}", error)
        return True

    def _remaining_skips(self, run: UpdateRun) -> list[str]:
        return [
            member
            for member in self.decision.members_to_skip
            if run.member_states.get(member.lower(), UpdateState.SKIPPED) not in _HANDLED
        ]

    def _run_id(self) -> ResourceId:
        return self.decision.profile_id.parent.child("updateRuns", self._specification().name)

    def _claim(self, run_id: ResourceId, intent: Intent) -> datetime:
        fleets = self.services.fleets
        return self.services.ledger.claim_run(
            run_id,
            self.decision.profile_id,
            RunRecord(intent, trace_parent=telemetry.current_trace_parent()),
            self.services.clock.now(),
            may_take_over=lambda: fleets.find_run(run_id) is None,
        )

    def _check_claim(self, run_id: ResourceId, claimed_until: datetime) -> None:
        if self.services.clock.now() >= claimed_until:
            raise NotReadyError(f"The claim on {run_id.name} ran out before the run was created; try again")

    def _check_lease(self, lease: StartLease) -> None:
        if self.services.clock.now() >= lease.start_before:
            raise NotReadyError(f"The lease on starting {lease.run_id.name} ran out before it was started; try again")

    def _report_generated(self, run_id: ResourceId) -> None:
        now = self.services.clock.now()
        telemetry.run_generated(self.decision.profile_id, run_id, str(self.decision.target), now)

    def _specification(self) -> RunSpecification:
        if self.decision.specification is None:
            raise InternalError(f"{self.decision.profile_id} was decided without a specification")
        return self.decision.specification

    def _read(self, run_id: ResourceId) -> UpdateRun:
        run = self.services.fleets.find_run(run_id)
        if run is None:
            raise TransientError(f"Update run {run_id.name} was deleted meanwhile")
        return run
