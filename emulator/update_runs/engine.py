"""Carries update runs out in simulated time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from emulator.clock import SimulatedClock
from emulator.etag import new_etag
from emulator.journal import Journal
from emulator.releases import RegionOffers
from emulator.state import Estate, Fleet, FleetResource, ManagedCluster
from emulator.update_runs.execution import (
    COMPLETED,
    FAILED,
    FINISHED,
    NOT_STARTED,
    PENDING,
    RUNNING,
    SKIPPED,
    STOPPED,
    STOPPING,
    Execution,
    GroupRun,
    MemberRun,
    Progress,
    StageRun,
    roll_up,
)
from emulator.update_runs.planning import plan
from emulator.update_runs.upgrade import Refusal, Upgrades

RECHECK = timedelta(minutes=60)
"""How often Fleet looks again at a member that is pending."""

SKIPPED_BY_REQUEST = "skipped by request."
_ACTIVE = frozenset({RUNNING, PENDING, STOPPING})


class UpdateRunEngine:
    """Knows every run's execution; all changes happen on the event loop's thread."""

    def __init__(self, estate: Estate, clock: SimulatedClock, journal: Journal, offers: RegionOffers) -> None:
        self._estate = estate
        self._clock = clock
        self._journal = journal
        self._upgrades = Upgrades(estate, journal, offers)
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
        """Start, or start again from the first member that is not done. The caller has checked the state."""
        execution = self._executions[run.id.lower()]
        execution.is_stopping = execution.has_failed = False
        for member in execution.members():
            if member.progress.state not in FINISHED:
                member.progress, member.message = Progress(), ""
        if execution.image_selection == "Consistent" and not execution.images:
            execution.images = self._upgrades.pick_images(execution)
        self._journal.add("runStarted", run=run.id)
        self._set(execution.progress, RUNNING, lambda: self._journal.add("runState", run=run.id, state=RUNNING))
        self._go_on(execution)

    def stop(self, run: FleetResource) -> None:
        """Stop: members at work finish, nothing new begins."""
        execution = self._executions[run.id.lower()]
        execution.is_stopping = True
        for member in execution.members():
            if member.progress.state == PENDING:
                member.attempt += 1
                self._move(execution, member, NOT_STARTED)
        self._go_on(execution)

    def skip(self, run: FleetResource, kind: str, name: str) -> bool:
        """Skip a member, group, stage or a stage's wait; whether there is one of that name."""
        execution = self._executions[run.id.lower()]
        found = False
        for stage in execution.stages:
            if kind == "AfterStageWait" and stage.name == name:
                stage.wait.move(SKIPPED, self._clock.now())
                found = True
            for group in stage.groups:
                for member in group.members:
                    named = {"Member": member.name, "Group": group.name, "Stage": stage.name}.get(kind)
                    found = found or named == name
                    if named == name and member.progress.state in {NOT_STARTED, PENDING}:
                        member.attempt += 1
                        self._move(execution, member, SKIPPED, SKIPPED_BY_REQUEST)
                found = found or (kind == "Group" and group.name == name)
        if found and execution.progress.state in _ACTIVE:
            self._go_on(execution)
        elif found:
            self._roll_up(execution)
            self._show(execution)
        return found

    def _go_on(self, execution: Execution) -> None:
        """Begin whatever may begin now, and show where the run stands."""
        if not (execution.is_stopping or execution.has_failed):
            for stage in execution.stages:
                if not self._is_over(execution, stage):
                    break
        self._roll_up(execution)
        self._show(execution)

    def _is_over(self, execution: Execution, stage: StageRun) -> bool:
        """Take a stage as far as it goes now; whether the next one may begin."""
        for group in stage.groups:
            self._fill(execution, stage, group)
        if execution.has_failed or any(member.progress.state not in FINISHED for member in stage.members()):
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
                self._begin(execution, member)

    def _wait(self, execution: Execution, stage: StageRun) -> None:
        stage.wait.move(RUNNING, self._clock.now())

        def over() -> None:
            if stage.wait.state == RUNNING and self._is_known(execution):
                stage.wait.move(COMPLETED, self._clock.now())
                self._go_on(execution)

        self._clock.schedule(self._clock.now() + timedelta(seconds=stage.wait_seconds), over)

    def _begin(self, execution: Execution, member: MemberRun) -> None:
        cluster = self._estate.clusters.get(member.cluster_id.lower())
        if cluster is None:
            self._fail(execution, member, Refusal("ClusterNotFound", f"{member.cluster_id} does not exist"))
            return
        refusal = self._upgrades.refusal(execution, cluster)
        if refusal is not None and refusal.is_passing:
            self._hold(execution, member, refusal)
        elif refusal is not None:
            self._fail(execution, member, refusal)
        elif not (self._upgrades.needs_control_plane(execution, cluster) or self._steps(execution, cluster)):
            self._move(execution, member, SKIPPED, f"{member.name} is already at or ahead of the target.")
        else:
            self._move(execution, member, RUNNING)
            self._upgrade_control_plane(execution, member, cluster)

    def _steps(self, execution: Execution, cluster: ManagedCluster) -> bool:
        return bool(self._upgrades.pool_steps(execution, cluster))

    def _hold(self, execution: Execution, member: MemberRun, refusal: Refusal) -> None:
        message = (
            f"set member: {member.name} to Pending due to failed validation err: {refusal.code}: {refusal.message}"
        )
        self._move(execution, member, PENDING, message)

        def look_again() -> None:
            member.progress.state = NOT_STARTED
            self._go_on(execution)

        self._later(execution, member, RECHECK, look_again)

    def _upgrade_control_plane(self, execution: Execution, member: MemberRun, cluster: ManagedCluster) -> None:
        if not self._upgrades.needs_control_plane(execution, cluster):
            self._upgrade_next_pool(execution, member, cluster)
            return

        def done() -> None:
            self._upgrades.apply_control_plane(execution, cluster)
            self._upgrade_next_pool(execution, member, cluster)

        self._set_working(cluster, "Upgrading")
        self._later(execution, member, timedelta(minutes=self._estate.timing.control_plane_minutes), done)

    def _upgrade_next_pool(self, execution: Execution, member: MemberRun, cluster: ManagedCluster) -> None:
        steps = self._upgrades.pool_steps(execution, cluster)
        if not steps:
            self._set_working(cluster, "Succeeded")
            self._move(execution, member, COMPLETED)
            self._go_on(execution)
            return

        def done() -> None:
            self._upgrades.apply_pool(cluster, steps[0])
            self._upgrade_next_pool(execution, member, cluster)

        self._set_working(cluster, "Upgrading")
        self._later(execution, member, timedelta(minutes=self._estate.timing.pool_minutes), done)

    def _later(self, execution: Execution, member: MemberRun, after: timedelta, callback: Callable[[], None]) -> None:
        """Go on with a member later, unless it was taken up anew or the run is gone by then."""
        member.attempt += 1
        attempt = member.attempt

        def due() -> None:
            if member.attempt == attempt and self._is_known(execution):
                callback()

        self._clock.schedule(self._clock.now() + after, due)

    def _fail(self, execution: Execution, member: MemberRun, refusal: Refusal) -> None:
        member.progress.error = {"code": refusal.code, "message": refusal.message}
        execution.has_failed = True
        self._move(execution, member, FAILED, refusal.message)

    def _move(self, execution: Execution, member: MemberRun, state: str, message: str = "") -> None:
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

    def _set_working(self, cluster: ManagedCluster, state: str) -> None:
        cluster.provisioning_state = state
        cluster.version += 1
        self._estate.touch()

    def _roll_up(self, execution: Execution) -> None:
        """Members to groups, groups to stages, stages to the run."""
        now = self._clock.now()
        for stage in execution.stages:
            for group in stage.groups:
                group.progress.move(roll_up(member.progress.state for member in group.members), now)
            parts = [group.progress.state for group in stage.groups]
            stage.progress.move(roll_up([*parts, stage.wait.state] if stage.wait_seconds else parts), now)
        if execution.progress.state not in _ACTIVE:
            return
        state = self._run_state(execution)
        run_id = execution.run.id
        self._set(execution.progress, state, lambda: self._journal.add("runState", run=run_id, state=state))

    def _run_state(self, execution: Execution) -> str:
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

    def _set(self, progress: Progress, state: str, tell: Callable[[], None]) -> None:
        if progress.move(state, self._clock.now()):
            tell()

    def _show(self, execution: Execution) -> None:
        execution.run.properties["status"] = execution.to_json()
        execution.run.etag = new_etag(self._clock.now())
        self._estate.touch()

    def _is_known(self, execution: Execution) -> bool:
        return self._executions.get(execution.run.id.lower()) is execution
