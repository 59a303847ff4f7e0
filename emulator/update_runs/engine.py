"""Carries update runs out in simulated time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from emulator.clock import SimulatedClock
from emulator.journal import Journal
from emulator.releases import RegionOffers
from emulator.state import Estate, Fleet, FleetResource
from emulator.update_runs.execution import (
    COMPLETED,
    FAILED,
    FINISHED,
    NOT_STARTED,
    PENDING,
    RUNNING,
    SKIPPED,
    STOPPED,
    Execution,
    GroupRun,
    MemberRun,
    Progress,
    StageRun,
)
from emulator.update_runs.member_work import MemberWork
from emulator.update_runs.planning import plan
from emulator.update_runs.status import ACTIVE, StatusKeeper
from emulator.update_runs.upgrade import Upgrades

SKIPPED_BY_REQUEST = "skipped by request."


class UpdateRunEngine:
    """Knows every run's execution; all changes happen on the event loop's thread."""

    def __init__(self, estate: Estate, clock: SimulatedClock, journal: Journal, offers: RegionOffers) -> None:
        self._clock = clock
        self._journal = journal
        self._upgrades = Upgrades(estate, journal, offers)
        self._status = StatusKeeper(estate, clock, journal)
        self._work = MemberWork(estate, clock, self._status, self._upgrades, self._go_on)
        self._executions: dict[str, Execution] = {}

    def prepare(self, fleet: Fleet, run: FleetResource) -> None:
        """Plan a run that was created or changed, and show it in the run's status."""
        execution = plan(fleet, run)
        self._executions[run.id.lower()] = execution
        run.properties["status"] = execution.to_json()

    def forget(self, run: FleetResource) -> None:
        """The run is deleted; what it had begun on clusters is not taken further."""
        execution = self._executions.pop(run.id.lower(), None)
        for member in execution.members() if execution is not None else ():
            member.attempt += 1

    def state(self, run: FleetResource) -> str:
        """The run's state."""
        return self._executions[run.id.lower()].progress.state

    def start(self, run: FleetResource) -> None:
        """Start, or start again from the first member that is not done. The caller has checked the state.

        UNVERIFIED: that members whose failure their stage allows are tried again as well.
        """
        execution = self._executions[run.id.lower()]
        execution.is_stopping = execution.has_failed = False
        for member in execution.members():
            if member.progress.state not in FINISHED:
                member.progress, member.message = Progress(), ""
        if execution.image_selection == "Consistent" and not execution.images:
            execution.images = self._upgrades.pick_images(execution)
        self._journal.add("runStarted", run=run.id)
        self._status.move_run(execution, RUNNING)
        self._go_on(execution)

    def stop(self, run: FleetResource) -> None:
        """Stop: members at work finish, nothing new begins."""
        execution = self._executions[run.id.lower()]
        execution.is_stopping = True
        for member in execution.members():
            if member.progress.state == PENDING:
                member.attempt += 1
                self._status.move(execution, member, NOT_STARTED)
        self._go_on(execution)

    def skip(self, run: FleetResource, kind: str, name: str) -> bool:
        """Skip a member, group, stage or a stage's wait; whether there is one of that name.

        A run that is not at work stays as it is until it is started again.
        """
        execution = self._executions[run.id.lower()]
        if kind == "AfterStageWait":
            found = self._skip_wait(execution, name)
        else:
            found = self._skip_members(execution, execution.targets(kind, name))
        if found and execution.progress.state in ACTIVE:
            self._go_on(execution)
        elif found:
            self._status.update(execution)
        return found

    def _skip_wait(self, execution: Execution, stage_name: str) -> bool:
        stages = [stage for stage in execution.stages if stage.name == stage_name]
        for stage in stages:
            stage.wait.move(SKIPPED, self._clock.now())
        return bool(stages)

    def _skip_members(self, execution: Execution, members: Sequence[MemberRun] | None) -> bool:
        """UNVERIFIED: that a member that has failed can be skipped in a run that is `Failed` or `Stopped`.

        Its error and times are gone then, as if it had never been tried.
        """
        has_ended = execution.progress.state in {FAILED, STOPPED}
        for member in members or ():
            if has_ended and member.progress.state == FAILED:
                member.progress = Progress()
            if member.progress.state in {NOT_STARTED, PENDING}:
                member.attempt += 1
                self._status.move(execution, member, SKIPPED, SKIPPED_BY_REQUEST)
        return members is not None

    def _go_on(self, execution: Execution) -> None:
        """Begin whatever may begin now, and show where the run stands."""
        if not (execution.is_stopping or execution.has_failed):
            for stage in execution.stages:
                if not self._is_over(execution, stage):
                    break
        self._status.update(execution)

    def _is_over(self, execution: Execution, stage: StageRun) -> bool:
        """Take a stage as far as it goes now; whether the next one may begin."""
        for group in stage.groups:
            self._fill(execution, stage, group)
        over = FINISHED | {FAILED}  # the stage allows the failure, or the run has failed
        if execution.has_failed or any(member.progress.state not in over for member in stage.members()):
            return False
        if stage.wait_seconds and stage.wait.state == NOT_STARTED:
            self._wait(execution, stage)
        return not stage.wait_seconds or stage.wait.state in FINISHED

    def _fill(self, execution: Execution, stage: StageRun, group: GroupRun) -> None:
        """Begin members of a group while both limits allow it; one that is done at once makes room again."""
        for member in group.members:
            at_work = sum(one.progress.state in {RUNNING, PENDING} for one in group.members)
            in_stage = sum(one.progress.state in {RUNNING, PENDING} for one in stage.members())
            if execution.has_failed or at_work >= group.max_concurrency or in_stage >= stage.max_concurrency:
                return
            if member.progress.state == NOT_STARTED:
                self._work.begin(execution, member)

    def _wait(self, execution: Execution, stage: StageRun) -> None:
        stage.wait.move(RUNNING, self._clock.now())

        def over() -> None:
            if stage.wait.state == RUNNING and self._is_known(execution):
                stage.wait.move(COMPLETED, self._clock.now())
                self._go_on(execution)

        self._clock.schedule(self._clock.now() + timedelta(seconds=stage.wait_seconds), over)

    def _is_known(self, execution: Execution) -> bool:
        return self._executions.get(execution.run.id.lower()) is execution
