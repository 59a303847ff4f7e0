"""Keeps the status of runs: states of members, what follows from them for groups, stages and the run, and the JSON."""

from __future__ import annotations

from collections.abc import Iterable

from emulator.clock import SimulatedClock
from emulator.etag import new_etag
from emulator.journal import Journal
from emulator.state import Estate
from emulator.update_runs.execution import (
    COMPLETED,
    FAILED,
    FINISHED,
    PENDING,
    RUNNING,
    STOPPED,
    STOPPING,
    Execution,
    MemberRun,
    Progress,
    StageRun,
    roll_up,
)

ACTIVE = frozenset({RUNNING, PENDING, STOPPING})
"""States of a run that has been started and has not come to its end."""


class StatusKeeper:
    """Changes states, and tells the journal and Resource Graph of it."""

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
        execution.run.properties["status"] = execution.to_json()
        execution.run.etag = new_etag(self._clock.now())
        self._estate.touch()

    def _roll_up_stage(self, execution: Execution, stage: StageRun) -> None:
        """UNVERIFIED: that a stage and its groups are `Completed` with failures that the stage allows."""
        forgiven = {FAILED: COMPLETED} if stage.is_within_limit else {}
        for group in stage.groups:
            states = (member.progress.state for member in group.members)
            self._take(execution, group.progress, (forgiven.get(state, state) for state in states))
        parts = [group.progress.state for group in stage.groups]
        self._take(execution, stage.progress, [*parts, stage.wait.state] if stage.wait_seconds else parts)

    def _take(self, execution: Execution, part: Progress, states: Iterable[str]) -> None:
        """The state of a part; in a run that is not at work, none of its parts begins to run."""
        state = roll_up(states)
        if state != RUNNING or execution.progress.state in ACTIVE:
            part.move(state, self._clock.now())


def _run_state(execution: Execution) -> str:
    states = [member.progress.state for member in execution.members()]
    is_at_work = RUNNING in states
    if execution.has_failed:
        return STOPPING if is_at_work else FAILED
    if execution.is_stopping:
        return STOPPING if is_at_work else STOPPED
    whole = roll_up(stage.progress.state for stage in execution.stages)
    if whole in FINISHED:
        return COMPLETED
    return PENDING if PENDING in states and not is_at_work else RUNNING
