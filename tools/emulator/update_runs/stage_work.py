"""Takes a stage as far as it goes: gates, groups in parallel, members by concurrency and priority, the wait."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import timedelta

from tools.emulator.clock import SimulatedClock
from tools.emulator.update_runs.execution import (
    COMPLETED,
    FAILED,
    FINISHED,
    NOT_STARTED,
    RUNNING,
    Execution,
    GroupRun,
    MemberRun,
    StageRun,
)
from tools.emulator.update_runs.gates import GateKeeper
from tools.emulator.update_runs.member_work import MemberWork

_OVER = FINISHED | {FAILED}
"""States of a member that need nothing more: the stage allows its failure, or the run has failed."""


class StageWork:
    """Carries stages out. `go_on` is called when a stage's wait is over."""

    def __init__(
        self, clock: SimulatedClock, gates: GateKeeper, work: MemberWork, go_on: Callable[[Execution], None]
    ) -> None:
        self._clock = clock
        self._gates = gates
        self._work = work
        self._go_on = go_on

    def advance(self, execution: Execution, stage: StageRun) -> bool:
        """Take a stage as far as it goes now; whether the next one may begin.

        UNVERIFIED: that the wait runs while the gates after the stage wait for approval.
        """
        if not self._gates.let_pass(execution, stage.gates.before):
            return False
        groups_are_over = [self._advance_group(execution, stage, group) for group in stage.groups]
        if execution.has_failed or not all(groups_are_over):
            return False
        if stage.wait_seconds and stage.wait.state == NOT_STARTED:
            self._wait(execution, stage)
        has_passed = self._gates.let_pass(execution, stage.gates.after)
        return has_passed and (not stage.wait_seconds or stage.wait.state in FINISHED)

    def _advance_group(self, execution: Execution, stage: StageRun, group: GroupRun) -> bool:
        """UNVERIFIED: that the gates after a group are reached where all of its members had nothing to do.

        Those of a group without members are never reached.
        """
        if not group.members:
            return True
        if not self._gates.let_pass(execution, group.gates.before):
            return False
        self._fill(execution, stage, group)
        if execution.has_failed or any(member.progress.state not in _OVER for member in group.members):
            return False
        return self._gates.let_pass(execution, group.gates.after)

    def _fill(self, execution: Execution, stage: StageRun, group: GroupRun) -> None:
        """Begin members while both limits allow it; one that waits, or is done at once, makes room for the next.

        Those whose maintenance window is open come first, those whose window is closed last.
        """
        ready = [member for member in group.members if member.is_due or member.progress.state == NOT_STARTED]
        for member in sorted(ready, key=lambda one: self._work.priority(execution, one)):
            is_full = (
                _at_work(group.members) >= group.max_concurrency or _at_work(stage.members()) >= stage.max_concurrency
            )
            if is_full or execution.has_failed:
                return
            self._work.begin(execution, member)

    def _wait(self, execution: Execution, stage: StageRun) -> None:
        stage.wait.move(RUNNING, self._clock.now())

        def over() -> None:
            if stage.wait.state == RUNNING:
                stage.wait.move(COMPLETED, self._clock.now())
                self._go_on(execution)

        self._clock.schedule(self._clock.now() + timedelta(seconds=stage.wait_seconds), over)


def _at_work(members: Iterable[MemberRun]) -> int:
    """Members that take up concurrency: one that is pending does not, the next one is tried meanwhile."""
    return sum(member.progress.state == RUNNING for member in members)
