"""Leaving parts of a run out by request."""

from __future__ import annotations

from collections.abc import Iterable

from tools.emulator.clock import SimulatedClock
from tools.emulator.update_runs.execution import (
    FAILED,
    FINISHED,
    NOT_STARTED,
    PENDING,
    SKIPPED,
    STOPPED,
    Execution,
    MemberRun,
    Progress,
    StageRun,
)
from tools.emulator.update_runs.gates import GateKeeper
from tools.emulator.update_runs.status import StatusKeeper

SKIPPED_BY_REQUEST = "skipped by request."


class Skipping:
    """Skips members, groups, stages and waits. What is in progress continues."""

    def __init__(self, clock: SimulatedClock, status: StatusKeeper, gates: GateKeeper) -> None:
        self._clock = clock
        self._status = status
        self._gates = gates

    def skip(self, execution: Execution, kind: str, name: str) -> bool:
        """Skip parts of a kind (`Member`, `Group`, `Stage`, `AfterStageWait`) and name; whether there are any."""
        if kind == "Member":
            return self._skip_members(execution, [one for one in execution.members() if one.name == name])
        if kind == "Group":
            groups = [group for group in execution.groups() if group.name == name]
            for group in groups:
                self._skip_members(execution, group.members)
                self._gates.skip(execution, group.gates)
            return bool(groups)
        stages = [stage for stage in execution.stages if stage.name == name]
        for stage in stages:
            if kind == "Stage":
                self._skip_members(execution, stage.members())
                self._gates.skip(execution, stage.all_gates())
            self._skip_wait(stage)
        return bool(stages)

    def _skip_wait(self, stage: StageRun) -> None:
        if stage.wait_seconds and stage.wait.state not in FINISHED:
            stage.wait.move(SKIPPED, self._clock.now())

    def _skip_members(self, execution: Execution, members: Iterable[MemberRun]) -> bool:
        """Skip what has not begun; whether there is anything.

        UNVERIFIED: that a member that has failed can be skipped in a run that is `Failed` or `Stopped`. Its error and
        times are gone then, as if it had never been tried.
        """
        has_ended = execution.progress.state in {FAILED, STOPPED}
        found = False
        for member in members:
            found = True
            if has_ended and member.progress.state == FAILED:
                member.progress = Progress()
            if member.progress.state in {NOT_STARTED, PENDING}:
                member.attempt += 1
                member.progress.error, member.is_due = None, False
                self._status.move(execution, member, SKIPPED, SKIPPED_BY_REQUEST)
        return found
