"""Takes single members through their upgrade, in simulated time."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Final

from tools.emulator.aks.maintenance_reading import window_for
from tools.emulator.aks.maintenance_window import Window, priority
from tools.emulator.arm.values import json_time
from tools.emulator.clock import SimulatedClock
from tools.emulator.connected_clusters import is_connected_cluster
from tools.emulator.state import Estate, ManagedCluster
from tools.emulator.update_runs.execution import (
    COMPLETED,
    FAILED,
    PENDING,
    RUNNING,
    SKIPPED,
    Execution,
    MemberRun,
)
from tools.emulator.update_runs.status import StatusKeeper
from tools.emulator.update_runs.upgrade import Refusal, Upgrades

RECHECK: Final = timedelta(minutes=60)
"""How often Fleet checks a pending member."""
_NOT_SUPPORTED: Final = "update runs do not support this type of cluster."
"""UNVERIFIED: that Fleet skips such a member, and its words; it says only that runs do not support them (its FAQ)."""


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

    def priority(self, execution: Execution, member: MemberRun) -> int:
        """In which order members of a group are taken: the lowest first; by their maintenance windows."""
        cluster = self._cluster(member)
        if cluster is None:
            return 0
        return priority(_window(execution, cluster), self._clock.now())

    def begin(self, execution: Execution, member: MemberRun) -> None:
        """Begin with a member: it is at work then, waits, has failed, or there is nothing to do to it."""
        member.progress.error, member.is_due = None, False
        if is_connected_cluster(member.cluster_id):
            self._status.move(execution, member, SKIPPED, f"{member.name}: {_NOT_SUPPORTED}")
            return
        cluster = self._cluster(member)
        if cluster is None:
            self._fail(execution, member, Refusal("ClusterNotFound", f"{member.cluster_id} does not exist"))
            return
        refusal = self._upgrades.refusal(execution, cluster)
        nothing_to_do = self._upgrades.nothing_to_do(execution, cluster)
        waits_for = self._closed_window(execution, cluster) or self._upgrades.missing(execution, cluster)
        refused_by_aks = self._upgrades.refused_by_aks(execution, cluster)
        if refusal is not None:
            self._fail(execution, member, refusal)
        elif nothing_to_do:
            self._status.move(execution, member, SKIPPED, f"{member.name}: {nothing_to_do}")
        elif waits_for is not None:
            self._hold(execution, member, waits_for)
        elif refused_by_aks is not None:
            self._fail(execution, member, refused_by_aks)
        else:
            member.operation_id = str(uuid.uuid4())
            self._status.move(execution, member, RUNNING)
            untouched = self._upgrades.pools_at_target(execution, cluster)
            self._take_step(execution, member, cluster, is_first=True, message=untouched)

    def _cluster(self, member: MemberRun) -> ManagedCluster | None:
        return self._estate.clusters.get(member.cluster_id.lower())

    def _closed_window(self, execution: Execution, cluster: ManagedCluster) -> Refusal | None:
        """UNVERIFIED: the code and the words; the message is known to say when the window opens next."""
        window, now = _window(execution, cluster), self._clock.now()
        if window is None or window.is_open(now):
            return None
        opens = window.opens_at(now)
        when = f"it opens at {json_time(opens, digits=0)}" if opens is not None else "it does not open again"
        return Refusal("MaintenanceWindowClosed", f"the maintenance window of cluster {cluster.name} is closed, {when}")

    def _hold(self, execution: Execution, member: MemberRun, refusal: Refusal) -> None:
        message = f"set member: {member.name} to Pending due to failed validation err: {refusal.message}"
        member.progress.error = {"code": refusal.code, "message": refusal.message}
        self._status.move(execution, member, PENDING, message)

        def look_again() -> None:
            member.is_due = True
            self._go_on(execution)

        self._later(member, RECHECK, look_again, lambda: None)

    def _take_step(
        self, execution: Execution, member: MemberRun, cluster: ManagedCluster, *, is_first: bool, message: str
    ) -> None:
        """An upgrade whose failure has been ordered fails when its first step is over, and changes nothing."""
        step = self._upgrades.next_step(execution, cluster)
        if step is None:
            self._set_provisioning_state(cluster, "Succeeded")
            self._status.move(execution, member, COMPLETED, message)
            self._go_on(execution)
            return

        def over() -> None:
            failure = self._upgrades.ordered_failure(cluster) if is_first else None
            if failure is None:
                step.succeed()
                self._take_step(execution, member, cluster, is_first=False, message=message)
                return
            step.fail()
            self._set_provisioning_state(cluster, cluster.failures.provisioning_state)
            self._fail(execution, member, failure)
            self._go_on(execution)

        def left_to_aks() -> None:
            step.succeed()
            self._set_provisioning_state(cluster, "Succeeded")

        step.begin()
        self._set_provisioning_state(cluster, step.state)
        self._later(member, step.lasts, over, left_to_aks)

    def _later(
        self, member: MemberRun, after: timedelta, callback: Callable[[], None], otherwise: Callable[[], None]
    ) -> None:
        """Continue with a member later, or do otherwise if it was restarted or the run was deleted by then."""
        member.attempt += 1
        attempt = member.attempt

        def due() -> None:
            (callback if member.attempt == attempt else otherwise)()

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


def _window(execution: Execution, cluster: ManagedCluster) -> Window | None:
    """The maintenance window that governs this upgrade of the cluster, None where it has none."""
    return window_for(cluster.maintenance_configurations, execution.upgrade_type)
