"""Keeps the status of runs: states of members, what follows from them for groups, stages and the run, and the JSON."""

from __future__ import annotations

from collections.abc import Iterable

from tools.emulator.clock import SimulatedClock
from tools.emulator.etag import new_etag
from tools.emulator.journal import Journal
from tools.emulator.state import Estate
from tools.emulator.update_runs.execution import (
    COMPLETED,
    FAILED,
    FINISHED,
    PENDING,
    RUNNING,
    STOPPED,
    STOPPING,
    Execution,
    Gates,
    MemberRun,
    Progress,
    StageRun,
    roll_up,
)
from tools.json_value import Json

ACTIVE = frozenset({RUNNING, PENDING, STOPPING})
"""States of a run that has been started and has not come to its end."""


class StatusKeeper:
    """Changes states, and notes it in the journal and for Resource Graph."""

    def __init__(self, estate: Estate, clock: SimulatedClock, journal: Journal) -> None:
        self._estate = estate
        self._clock = clock
        self._journal = journal

    def move(self, execution: Execution, member: MemberRun, state: str, message: str = "") -> None:
        """A member takes another state."""
        member.message = message
        if member.progress.move(state, self._clock.now()):
            self._journal.add(
                "memberState",
                run=execution.run.id,
                member=member.name,
                cluster=member.cluster_id,
                state=state,
                message=message,
            )

    def move_run(self, execution: Execution, state: str) -> None:
        """The run takes another state."""
        if execution.progress.move(state, self._clock.now()):
            self._journal.add("runState", run=execution.run.id, state=state)

    def update(self, execution: Execution) -> None:
        """Members to groups, groups to stages, stages to the run; then show all of it."""
        for stage in execution.stages:
            self._roll_up_stage(execution, stage)
        if execution.progress.state in ACTIVE:
            self.move_run(execution, _run_state(execution))
            execution.progress.error = _error(execution.progress, execution.members())
        execution.run.properties["status"] = execution.to_json()
        execution.run.etag = new_etag(self._clock.now())
        self._estate.touch()

    def _roll_up_stage(self, execution: Execution, stage: StageRun) -> None:
        """UNVERIFIED: that a stage and its groups are `Completed` with failures that the stage allows."""
        forgiven = {FAILED: COMPLETED} if stage.is_within_limit else {}
        for group in stage.groups:
            states = [forgiven.get(one.progress.state, one.progress.state) for one in group.members]
            self._take(execution, group.progress, group.gates if group.members else Gates(), states)
            group.progress.error = _error(group.progress, group.members)
        parts = [group.progress.state for group in stage.groups]
        self._take(execution, stage.progress, stage.gates, [*parts, stage.wait.state] if stage.wait_seconds else parts)
        stage.progress.error = _error(stage.progress, stage.members())

    def _take(self, execution: Execution, part: Progress, gates: Gates, states: list[str]) -> None:
        """The state of a part: pending while one of its gates is.

        In a run that is not at work, none of its parts begins to run.
        """
        if PENDING in gates.states():
            part.hold()
            return
        state = roll_up([*states, *gates.states()])
        if state != RUNNING or execution.progress.state in ACTIVE:
            part.move(state, self._clock.now())


def _run_state(execution: Execution) -> str:
    """Pending is a run whose current stage is; it is skipped if all of its stages are."""
    is_at_work = any(member.progress.state == RUNNING for member in execution.members())
    if execution.has_failed:
        return STOPPING if is_at_work else FAILED
    if execution.is_stopping:
        return STOPPING if is_at_work else STOPPED
    states = [stage.progress.state for stage in execution.stages]
    if set(states) <= FINISHED:
        return roll_up(states)
    current = next(state for state in states if state not in FINISHED)
    return PENDING if current == PENDING and not is_at_work else RUNNING


def _error(progress: Progress, members: Iterable[MemberRun]) -> dict[str, Json] | None:
    """The summary that a group, a stage or a run fails with. UNVERIFIED: the code and the words."""
    if progress.state != FAILED:
        return None
    failed = [member.name for member in members if member.progress.state == FAILED]
    return {"code": "MemberUpdateFailed", "message": f"update failed on {len(failed)} member(s): {', '.join(failed)}"}
