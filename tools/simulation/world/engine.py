"""Carries out update runs: stages in turn, the members of a stage at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from tools.simulation.world.model import (
    APPROVED,
    COMPLETED,
    FAILED,
    NOT_STARTED,
    PENDING,
    RUNNING,
    SKIPPED,
    STOPPED,
    STOPPING,
    UNFINISHED,
    Cluster,
    MemberRun,
    Run,
    minor,
    parts,
)

if TYPE_CHECKING:
    from tools.simulation.world.azure import Azure

_OVER = frozenset({COMPLETED, SKIPPED, FAILED})


class Engine:
    """Moves runs on, at once and when the upgrade of a member is over."""

    def __init__(
        self, azure: Azure, later: Callable[[float, Callable[[], None]], None], lasts: Callable[[], float]
    ) -> None:
        self._azure, self._later, self._lasts = azure, later, lasts

    def start(self, run: Run) -> None:
        """Begin a run, or begin again: members that failed are tried again."""
        for member in run.members():
            if member.state == FAILED:
                member.state = NOT_STARTED
        run.is_stopping = run.has_failed = False
        run.state, run.completed_at = RUNNING, None
        run.selected = run.selected or (self._azure.image_of(run) if run.selection else "")
        self.proceed(run)

    def proceed(self, run: Run) -> None:
        """Begin what is due, end the run if nothing is left, and show it."""
        if run.state in UNFINISHED:
            self._begin_members(run)
            self._conclude(run)
        self._azure.touch(run)

    def _begin_members(self, run: Run) -> None:
        for number, stage in enumerate(run.stages):
            if number == 1 and run.approval not in {"", APPROVED}:
                self._ask_for_approval(run)
                return
            for member in stage:
                if run.is_stopping or run.has_failed:
                    return
                if member.state == NOT_STARTED:
                    self._begin(run, member)
            if any(member.state not in _OVER for member in stage):
                return

    def _ask_for_approval(self, run: Run) -> None:
        """The first stage is over, and the second one waits for its gate."""
        if run.approval == NOT_STARTED and not (run.is_stopping or run.has_failed):
            run.approval = PENDING
            self._azure.reached_gate(run)

    def _conclude(self, run: Run) -> None:
        states = [member.state for member in run.members()]
        if RUNNING in states:
            run.state = STOPPING if run.is_stopping or run.has_failed else RUNNING
            return
        if run.is_stopping:
            run.state = STOPPED
        elif run.has_failed:
            run.state = FAILED
        elif run.approval == PENDING:
            run.state = PENDING
            return
        elif set(states) <= _OVER:
            run.state = SKIPPED if set(states) <= {SKIPPED} else COMPLETED
        else:
            return
        run.completed_at = self._azure.now()

    def _begin(self, run: Run, member: MemberRun) -> None:
        cluster = self._azure.cluster_of(member.name)
        member.attempt += 1
        if is_at_target(run, cluster):
            member.state = SKIPPED
        elif self._refuses(run, cluster):
            member.state, run.has_failed = FAILED, True
        else:
            member.state, cluster.state = RUNNING, "Upgrading"
            self._azure.touch(cluster)
            attempt = member.attempt
            self._later(self._lasts(), lambda: self._end(run, member, attempt, cluster))

    def _end(self, run: Run, member: MemberRun, attempt: int, cluster: Cluster) -> None:
        if member.attempt != attempt:
            return
        cluster.state = "Succeeded"
        if cluster.failures:
            cluster.failures -= 1
            member.state, run.has_failed = FAILED, True
        else:
            member.state = COMPLETED
            self._upgrade(run, cluster)
        self._azure.touch(cluster)
        self.proceed(run)

    def _upgrade(self, run: Run, cluster: Cluster) -> None:
        if run.version:
            cluster.version = max(cluster.version, run.version, key=parts)
        if run.version and run.kind != "ControlPlaneOnly":
            cluster.node_version = max(cluster.node_version, run.version, key=parts)
        if run.selected:
            cluster.image = max(cluster.image, run.selected, key=parts)

    def _refuses(self, run: Run, cluster: Cluster) -> bool:
        """AKS refuses an operation on a cluster that is stopped, failed or busy, and a jump over a minor."""
        if cluster.is_stopped or cluster.state != "Succeeded" or not self._azure.offers.is_offered(run, cluster):
            return True
        return bool(run.version) and minor(run.version)[1] - minor(cluster.version)[1] > 1


def is_at_target(run: Run, cluster: Cluster) -> bool:
    """Whether a run that has begun has nothing to do to the cluster."""
    if run.kind == "NodeImageOnly":
        return parts(cluster.image) >= parts(run.selected)
    has_nodes = run.kind == "ControlPlaneOnly" or parts(cluster.node_version) >= parts(run.version)
    return has_nodes and parts(cluster.version) >= parts(run.version)
