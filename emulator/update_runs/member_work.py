"""Takes single members through their upgrade, in simulated time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Final

from emulator.clock import SimulatedClock
from emulator.state import Estate, ManagedCluster
from emulator.update_runs.execution import (
    COMPLETED,
    FAILED,
    NOT_STARTED,
    PENDING,
    RUNNING,
    SKIPPED,
    Execution,
    MemberRun,
)
from emulator.update_runs.status import StatusKeeper
from emulator.update_runs.upgrade import Refusal, Upgrades

RECHECK: Final = timedelta(minutes=60)
"""How often Fleet looks again at a member that is pending."""


class MemberWork:
    """Upgrades of members. `go_on` is called when a member has come to its end, or may be tried again."""

    def __init__(
        self,
        estate: Estate,
        clock: SimulatedClock,
        status: StatusKeeper,
        upgrades: Upgrades,
        go_on: Callable[[Execution], None],
    ) -> None:
        self._estate = estate
        self._clock = clock
        self._status = status
        self._upgrades = upgrades
        self._go_on = go_on

    def begin(self, execution: Execution, member: MemberRun) -> None:
        """Begin with a member: it is at work then, waits, has failed, or there is nothing to do to it."""
        cluster = self._estate.clusters.get(member.cluster_id.lower())
        if cluster is None:
            self._fail(execution, member, Refusal("ClusterNotFound", f"{member.cluster_id} does not exist"))
            return
        refusal = self._upgrades.refusal(execution, cluster)
        if refusal is not None and refusal.is_passing:
            self._hold(execution, member, refusal)
        elif refusal is not None:
            self._fail(execution, member, refusal)
        elif self._upgrades.next_step(execution, cluster) is None:
            self._status.move(execution, member, SKIPPED, f"{member.name} is already at or ahead of the target.")
        else:
            self._status.move(execution, member, RUNNING)
            self._take_step(execution, member, cluster, is_first=True)

    def _hold(self, execution: Execution, member: MemberRun, refusal: Refusal) -> None:
        message = (
            f"set member: {member.name} to Pending due to failed validation err: {refusal.code}: {refusal.message}"
        )
        self._status.move(execution, member, PENDING, message)

        def look_again() -> None:
            member.progress.state = NOT_STARTED
            self._go_on(execution)

        self._later(member, RECHECK, look_again)

    def _take_step(self, execution: Execution, member: MemberRun, cluster: ManagedCluster, *, is_first: bool) -> None:
        """An upgrade whose failure has been ordered fails when its first step is over, and changes nothing."""
        step = self._upgrades.next_step(execution, cluster)
        if step is None:
            self._set_provisioning_state(cluster, "Succeeded")
            self._status.move(execution, member, COMPLETED)
            self._go_on(execution)
            return

        def over() -> None:
            failure = self._upgrades.ordered_failure(cluster) if is_first else None
            if failure is None:
                step.apply()
                self._take_step(execution, member, cluster, is_first=False)
                return
            self._set_provisioning_state(cluster, cluster.failures.provisioning_state)
            self._fail(execution, member, failure)
            self._go_on(execution)

        self._set_provisioning_state(cluster, "Upgrading")
        self._later(member, step.lasts, over)

    def _later(self, member: MemberRun, after: timedelta, callback: Callable[[], None]) -> None:
        """Go on with a member later, unless it was taken up anew or the run is gone by then."""
        member.attempt += 1
        attempt = member.attempt

        def due() -> None:
            if member.attempt == attempt:
                callback()

        self._clock.schedule(self._clock.now() + after, due)

    def _fail(self, execution: Execution, member: MemberRun, refusal: Refusal) -> None:
        member.progress.error = {"code": refusal.code, "message": refusal.message}
        self._status.move(execution, member, FAILED, refusal.message)
        if not all(stage.is_within_limit for stage in execution.stages):
            execution.has_failed = True

    def _set_provisioning_state(self, cluster: ManagedCluster, state: str) -> None:
        cluster.provisioning_state = state
        cluster.version += 1
        self._estate.touch()
