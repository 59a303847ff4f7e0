"""Carries update runs out in simulated time: what can be done to a run, from its plan to its deletion."""

from __future__ import annotations

from tools.emulator.clock import SimulatedClock
from tools.emulator.journal import Journal
from tools.emulator.region_offers import RegionOffers
from tools.emulator.state import Estate, Fleet, FleetResource
from tools.emulator.update_runs.execution import (
    FINISHED,
    NOT_STARTED,
    PENDING,
    RUNNING,
    SKIPPED,
    STOPPED,
    Execution,
    Progress,
)
from tools.emulator.update_runs.gates import GateKeeper
from tools.emulator.update_runs.member_work import MemberWork
from tools.emulator.update_runs.planning import plan
from tools.emulator.update_runs.skipping import Skipping
from tools.emulator.update_runs.stage_work import StageWork
from tools.emulator.update_runs.status import ACTIVE, StatusKeeper
from tools.emulator.update_runs.upgrade import Upgrades


class UpdateRunEngine:
    """Knows every run's execution; all changes happen on the event loop's thread."""

    def __init__(self, estate: Estate, clock: SimulatedClock, journal: Journal, offers: RegionOffers) -> None:
        self._journal = journal
        self.gates = GateKeeper(estate, clock, journal)
        self.gates.on_start = self._take_up
        self.upgrades = Upgrades(estate, journal, offers)
        self._status = StatusKeeper(estate, clock, journal)
        work = MemberWork(estate, clock, self._status, self.upgrades, self._go_on)
        self._stages = StageWork(clock, self.gates, work, self._go_on_if_known)
        self._skipping = Skipping(clock, self._status, self.gates)
        self._executions: dict[str, Execution] = {}

    def prepare(self, fleet: Fleet, run: FleetResource) -> None:
        """Plan a run that was created or changed, and show it in the run's status."""
        execution = plan(fleet, run)
        self._executions[run.id.lower()] = execution
        run.properties["status"] = execution.to_json()

    def forget(self, run: FleetResource) -> None:
        """The run is deleted, with its gates. AKS ends the steps that its clusters are in, and takes them no further.

        UNVERIFIED: how far; Fleet says of a run that is stopped that it aborts no operation.
        """
        execution = self._executions.pop(run.id.lower(), None)
        if execution is None:
            return
        self.gates.forget(execution)
        for member in execution.members():
            member.attempt += 1

    def forget_all(self, fleet: Fleet) -> None:
        """The fleet was deleted, with its runs."""
        for run in fleet.runs.values():
            self.forget(run)

    def state(self, run: FleetResource) -> str:
        """The run's state."""
        return self._executions[run.id.lower()].progress.state

    def start(self, run: FleetResource) -> None:
        """Start, or start again from the first member that is not done. The caller has checked the state.

        UNVERIFIED: that members whose failure their stage allows are tried again as well, and that gates which wait
        for approval continue to wait.
        """
        execution = self._executions[run.id.lower()]
        execution.is_stopping = execution.has_failed = False
        execution.progress.error = None
        for member in execution.members():
            if member.progress.state not in FINISHED:
                member.progress, member.message, member.operation_id = Progress(), "", None
        if execution.image_selection == "Consistent" and not execution.images:
            execution.images = self.upgrades.pick_images(execution)
        self._journal.add("runStarted", run=run.id)
        self._status.move_run(execution, RUNNING)
        self._go_on(execution)

    def stop(self, run: FleetResource) -> None:
        """Stop: members at work finish, nothing new begins."""
        execution = self._executions[run.id.lower()]
        if execution.progress.state == SKIPPED:
            self._status.move_run(execution, STOPPED)
        execution.is_stopping = True
        for member in execution.members():
            if member.progress.state == PENDING:
                member.attempt += 1
                member.progress.error, member.is_due = None, False
                self._status.move(execution, member, NOT_STARTED)
        self._go_on(execution)

    def skip(self, run: FleetResource, kind: str, name: str) -> bool:
        """Skip a member, group, stage or a stage's wait; whether there is one of that name.

        A run that is not at work stays as it is until it is started again.
        """
        execution = self._executions[run.id.lower()]
        found = self._skipping.skip(execution, kind, name)
        if found:
            self._take_up(execution)
        return found

    def approve(self, gate: FleetResource) -> None:
        """A gate was approved: the run continues, or will when it is started again."""
        self._take_up(self.gates.approve(gate))

    def _take_up(self, execution: Execution) -> None:
        """Something was changed from outside."""
        if execution.progress.state in ACTIVE:
            self._go_on(execution)
        else:
            self._status.update(execution)

    def _go_on(self, execution: Execution) -> None:
        """Begin everything that can begin now, and show the run's state."""
        if not (execution.is_stopping or execution.has_failed):
            for stage in execution.stages:
                if not self._stages.advance(execution, stage):
                    break
        self._status.update(execution)

    def _go_on_if_known(self, execution: Execution) -> None:
        """Go on, unless the run was deleted or planned anew in the meantime."""
        if self._executions.get(execution.run.id.lower()) is execution:
            self._go_on(execution)
