"""Creates and starts update runs so that each comes to be once and starts once, whatever happens in between.

Any number of instances may do this at the same time, and any of them may die between two calls:

1. claim the run in the ledger with the intent (upgrade or review);
2. look whether the run is there, and create it under its own name with `If-None-Match: *` while the claim holds;
3. note in the ledger which members are left out, and have Fleet skip them, only if the run is as it was read;
4. start it, only if it is as it was read.

Each step leaves a state from which the next caller goes on: a claim without a run is created, a run that was claimed
for upgrade and is not started is started. A call that lost a race reads the run again and finds its work done.
"""

from __future__ import annotations

from dataclasses import dataclass

from shared import telemetry
from shared.core.decision import Decision
from shared.core.facts import RunRecord
from shared.core.resource_id import ResourceId
from shared.core.run_specification import RunSpecification
from shared.core.update_run import Intent, UpdateRun, UpdateState
from shared.errors import InternalError, NotReadyError, TransientError
from shared.use_cases.services import Services

ATTEMPTS_TO_START = 5
"""How often a run that changed under our hands is read again before the whole call is left to be repeated."""


@dataclass(frozen=True, slots=True)
class RunWriter:
    """Writes the run of one decision."""

    services: Services
    decision: Decision

    def create(self, intent: Intent) -> UpdateRun:
        """The decision's run, created now or found there.

        Raises:
            NotReadyError: somebody is creating it with the other intent, or this call was held up for too long.
            UserMustFixError: Fleet refuses the run.
        """
        specification = self._specification()
        run_id = self.decision.profile_id.parent.child("updateRuns", specification.name)
        clock, fleets = self.services.clock, self.services.fleets
        claimed_until = self.services.ledger.claim_run(
            run_id,
            self.decision.profile_id,
            RunRecord(intent),
            clock.now(),
            may_take_over=lambda: fleets.find_run(run_id) is None,
        )
        run = fleets.find_run(run_id)
        if run is None:
            if clock.now() >= claimed_until:
                raise NotReadyError(f"The claim on {run_id.name} ran out before the run was created; try again")
            created = fleets.create_run(run_id.parent, specification)
            if created:
                telemetry.run_generated(self.decision.profile_id, run_id, str(self.decision.target), clock.now())
            run = self._read(run_id)
        return run

    def start(self, run: UpdateRun) -> tuple[bool, UpdateRun]:
        """Leave out who must be left out, and start the run; whether this call started it, and the run as it is then.

        Raises:
            TransientError: the run kept changing; whoever comes next goes on.
        """
        for _ in range(ATTEMPTS_TO_START):
            if run.state is not UpdateState.NOT_STARTED:
                return False, run
            if self._leave_out(run):
                run = self._read(run.id)
                if self._still_to_leave_out(run):
                    continue
            if run.state is UpdateState.NOT_STARTED and self.services.fleets.start_run(run):
                telemetry.run_started(self.decision.profile_id, run.id, self.services.clock.now())
                return True, self._read(run.id)
            run = self._read(run.id)
        raise TransientError(f"Update run {run.name} kept changing while it was being started")

    def _leave_out(self, run: UpdateRun) -> bool:
        """Have members skipped that the run would touch; False if there was nothing to do."""
        members = self._still_to_leave_out(run)
        if not members:
            return False
        names = frozenset(member.lower() for member in members)
        self.services.ledger.record_left_out(run.id, Intent.UPGRADE, names)
        self.services.fleets.skip_members(run, members)
        return True

    def _still_to_leave_out(self, run: UpdateRun) -> list[str]:
        return [
            member
            for member in self.decision.members_to_leave_out
            if run.member_states.get(member.lower(), UpdateState.SKIPPED) is not UpdateState.SKIPPED
        ]

    def _specification(self) -> RunSpecification:
        if self.decision.specification is None:
            raise InternalError(f"{self.decision.profile_id} was decided without a specification")
        return self.decision.specification

    def _read(self, run_id: ResourceId) -> UpdateRun:
        run = self.services.fleets.find_run(run_id)
        if run is None:
            raise TransientError(f"Update run {run_id.name} is gone again")
        return run
