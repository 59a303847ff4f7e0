"""Starts, restarts and continues update runs, although many instances may try and each may stop at any step.

1. Take a lease on starting runs of the profile and on its members, and read the fleet's runs again: a profile has one
   unfinished run, and two profiles that are decided at the same moment must not start a run each on the same cluster.
   If another run was started meanwhile, nothing is generated or started, and the decision is one that waits; it is
   recorded, so that the watch timer decides again.
2. Generate the run if it does not exist: `run_creator`.
3. Record in the ledger which members are skipped, and have Fleet skip them if the run is still as it was read.
4. Record a restart, with the failure that it is for, or that a run which this app stopped is started again.
5. Start the run if it is still as it was read. If Fleet refuses or it has changed, give the lease back. The lease on
   a run that was started excludes others until Fleet shows them that run, or until it runs out.

If the process stops between two steps, the next call resumes from the recorded state: it creates a run that is claimed
but does not exist, and starts a run that was claimed for upgrade and is not started. A call that lost a race reads the
run again, and goes on only if it is still the run that was decided on: not started, or failed or stopped at the same
time. Calls for the same run share the lease; a shared one keeps off others until the run is started or it runs out, as
does one where it is not known whether a start arrived. A run by someone else may still be started between steps 1 and
5: Fleet offers no condition for that.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime

from shared import telemetry
from shared.core.decision import Decision
from shared.core.model.run_record import Intent
from shared.core.model.update_run import UpdateRun, UpdateState
from shared.core.runs.own_stops import is_own_stop, seen
from shared.core.waits import look_again
from shared.errors import NotReadyError, TransientError, UserMustFixError
from shared.run_ledger import StartLease
from shared.use_cases.run_creator import RunCreator
from shared.use_cases.run_stopper import note_of
from shared.use_cases.services import Services

RESTARTABLE = frozenset({UpdateState.FAILED, UpdateState.STOPPED})
"""A failed run; Fleet may show it as stopped once its failed members were skipped."""

_IsAsDecided = Callable[[UpdateRun], bool]
"""Whether a run that was read again is still the one that was decided on."""

_HANDLED = frozenset({UpdateState.SKIPPED, UpdateState.COMPLETED})
"""States of a member, or of a whole run, that Fleet does not leave."""

ATTEMPTS_TO_START = 5
"""How often a run that changed between read and start is read again before the call fails, to be repeated."""


@dataclass(frozen=True, slots=True)
class StartAttempt:
    """The run as it was read last, and the decision that applies: the given one, or one that waits."""

    decision: Decision
    run: UpdateRun | None
    """None if it was not generated, since the decision waits."""
    started: bool = False
    """Whether this call started the run."""
    has_other_members: bool = False
    """Whether it was not started since it has members that no one decided on."""


@dataclass(frozen=True, slots=True)
class RunWriter:
    """Writes the run of one decision."""

    services: Services
    decision: Decision
    on_demand: bool = False
    """Whether a person asked for it."""
    has_known_members: bool = False
    """Whether the members were read some time before the decision: a run that has others as well is not started."""

    def generate_and_start(self) -> StartAttempt:
        """Generate the run and start it, unless another run of the profile or on its members was started meanwhile.

        Raises:
            NotReadyError: another run is being started, this took longer than the lease or the claim, or another call
                is creating the run with the other intent.
            UserMustFixError: Fleet refuses the run.
            TransientError: the run kept changing; the next call resumes.
        """
        lease = self._lease()
        run: UpdateRun | None = None
        with self._released_if_it_fails(lease):
            decision, runs = self._look_again()
            if decision.starts_run:
                generated = replace(self, decision=decision)._creator.generate(runs)
                decision, run = generated.decision, generated.run
        return replace(self, decision=decision)._start_under(lease, run, _is_not_started, lambda: True)

    def start(self, run: UpdateRun) -> StartAttempt:
        """Skip the members to skip, and start the run, unless another run was started meanwhile.

        Raises:
            NotReadyError: another run is being started, or this took longer than the lease.
            TransientError: the run kept changing; the next call resumes.
        """
        return self._start(run, _is_not_started, lambda: True)

    def restart(self, run: UpdateRun) -> StartAttempt:
        """Restart a failed run without the members to skip, unless another run was started meanwhile.

        It is restarted only while its failure is the one that was decided on. The restart is recorded before it is
        made, so that a call after a crash knows that it is still to be made.

        Raises:
            NotReadyError: another run is being started, or this took longer than the lease.
            TransientError: the run kept changing; the next call resumes.
        """
        number, failed_at = self.decision.restarts, self.decision.failed_at

        def is_same_failure(again: UpdateRun) -> bool:
            is_known = failed_at is not None or again.etag == run.etag
            return again.state in RESTARTABLE and again.completed_at == failed_at and is_known

        def record() -> bool:
            return self.services.ledger.record_restart(run.id, number, failed_at, run.created_at)

        return self._start(run, is_same_failure, record)

    def continue_stopped(self, run: UpdateRun) -> StartAttempt:
        """Start a run again that this app stopped for a newer target, while that stop is the last thing that happened.

        When it ended is noted before, so that a stop after that is someone else's.

        Raises:
            NotReadyError: another run is being started, or this took longer than the lease.
            TransientError: the run kept changing; the next call resumes.
        """
        now, note, ledger = self.services.clock.now(), note_of(self.services, run.id), self.services.ledger
        if note is None or not is_own_stop(run, note, now):
            return StartAttempt(self.decision, run)
        ended = seen(note, run, now) if run.completed_at is not None else None

        def is_same_stop(again: UpdateRun) -> bool:
            is_known = run.completed_at is not None or again.etag == run.etag
            return again.state is UpdateState.STOPPED and again.completed_at == run.completed_at and is_known

        def record() -> bool:
            return ledger.replace_stop(run.id, note, ended, Intent.UPGRADE, run.created_at)

        return self._start(run, is_same_stop, record)

    @property
    def _creator(self) -> RunCreator:
        return RunCreator(self.services, self.decision, self.on_demand)

    def _start(self, run: UpdateRun, is_as_decided: _IsAsDecided, record: Callable[[], bool]) -> StartAttempt:
        if not is_as_decided(run):
            return StartAttempt(self.decision, run)
        lease = self._lease()
        with self._released_if_it_fails(lease):
            decision, _ = self._look_again()
        return replace(self, decision=decision)._start_under(lease, run, is_as_decided, record)

    def _lease(self) -> StartLease:
        """The lease on starting runs of the profile, and on its members, whose names have no slash."""
        leased = (*self.decision.members_in_run, self.decision.profile_id.key)
        now, ledger = self.services.clock.now(), self.services.ledger
        return ledger.lease_start(self._creator.run_id, leased, now, self._was_started)

    def _was_started(self, name: str, since: datetime) -> bool:
        """Whether Fleet shows a run of the fleet as started since then: it is in progress, or has ended after that."""
        run = self.services.fleets.find_run(self.decision.profile_id.parent.child("updateRuns", name))
        if run is None or run.is_unfinished or run.state in _HANDLED:
            return run is not None
        return run.completed_at is not None and run.completed_at >= since

    @contextmanager
    def _released_if_it_fails(self, lease: StartLease) -> Iterator[None]:
        """Give the lease back if Fleet refuses or the call is to be repeated, unless another call shares it.

        After any other failure it runs out by itself: a start may have arrived unseen.
        """
        try:
            yield
        except (UserMustFixError, NotReadyError):
            self.services.ledger.release_start(lease)
            raise

    def _look_again(self) -> tuple[Decision, Sequence[UpdateRun]]:
        """The decision that applies to the fleet's runs as they are now, and the runs."""
        own = self.decision.run_id or self._creator.run_id
        runs = self.services.fleets.read_runs(own.parent)
        decision = look_again(self.decision, runs, own, self.services.clock.now(), on_demand=self.on_demand)
        return decision, runs

    def _start_under(
        self, lease: StartLease, run: UpdateRun | None, is_as_decided: _IsAsDecided, record: Callable[[], bool]
    ) -> StartAttempt:
        """Start the run if the decision still starts one. The lease is kept if a start has, or may have, arrived.

        A lease names the run as this app does. Others do not find a run by it that Fleet generated and named itself, so
        that lease is given back once Fleet shows the run as started.
        """
        attempt = StartAttempt(self.decision, run)
        if run is not None and self.decision.starts_run:
            with self._released_if_it_fails(lease), self._span(run):
                attempt = self._start_as_decided(run, lease, is_as_decided, record)
        after = attempt.run
        if attempt.started and after is not None and after.id != lease.run_id:
            after = self._read(after)
        if not attempt.started or (after is not None and after.id != lease.run_id and not is_as_decided(after)):
            self.services.ledger.release_start(lease, also_shared=after is not None and after.is_unfinished)
        return attempt

    def _span(self, run: UpdateRun) -> AbstractContextManager[None]:
        return telemetry.span("start run", run=run.name, restart=self.decision.restarts)

    def _start_as_decided(
        self, run: UpdateRun, lease: StartLease, is_as_decided: _IsAsDecided, record: Callable[[], bool]
    ) -> StartAttempt:
        if self.has_known_members and self._has_other_members(run):
            return StartAttempt(self.decision, run, has_other_members=True)
        for _ in range(ATTEMPTS_TO_START):
            if not is_as_decided(run):
                return StartAttempt(self.decision, run)
            if self._remaining_skips(run):
                is_done = self._skip(run)
                run = self._read(run)
                if not is_done or not is_as_decided(run) or (_is_not_started(run) and self._remaining_skips(run)):
                    continue
            if not record():
                return StartAttempt(self.decision, run)
            self._check_lease(lease)
            if self.services.fleets.start_run(run):
                telemetry.run_started(
                    self.decision.profile_id, run.id, self.decision.restarts, self.services.clock.now()
                )
                return StartAttempt(self.decision, run, started=True)
            run = self._read(run)
        raise TransientError(f"Update run {run.name} kept changing while it was being started")

    def _skip(self, run: UpdateRun) -> bool:
        """Have Fleet skip members that the run would upgrade. Returns False if the run had changed."""
        members = self._remaining_skips(run)
        names = frozenset(member.lower() for member in members)
        of_unknown = Intent.REVIEW if self.on_demand else Intent.UPGRADE  # a person may ask to start someone else's run
        self.services.ledger.record_skipped(run.id, of_unknown, names, run.created_at)
        try:
            return self.services.fleets.skip_members(run, members)
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

    def _has_other_members(self, run: UpdateRun) -> bool:
        return not run.member_states.keys() <= {member.member.lower() for member in self.decision.members}

    def _check_lease(self, lease: StartLease) -> None:
        if self.services.clock.now() >= lease.start_before:
            raise NotReadyError(f"The lease on starting {lease.run_id.name} ran out before it was started; try again")

    def _read(self, run: UpdateRun) -> UpdateRun:
        found = self.services.fleets.find_run(run.id)
        if found is None:
            raise TransientError(f"Update run {run.name} was deleted meanwhile")
        return found


def _is_not_started(run: UpdateRun) -> bool:
    return run.state is UpdateState.NOT_STARTED
