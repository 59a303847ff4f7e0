"""Operations on clusters and node pools: AKS carries out one at a time, and shows it as the provisioning state."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Final, Literal, TypeAlias, get_args

from tools.emulator.clock import SimulatedClock
from tools.emulator.state import AgentPool, Estate, ManagedCluster

RestingState: TypeAlias = Literal["Succeeded", "Failed", "Canceled"]
TransitionalState: TypeAlias = Literal[
    "Creating",
    "Updating",
    "Upgrading",
    "UpgradingNodeImageVersion",
    "Scaling",
    "Starting",
    "Stopping",
    "Deleting",
    "Migrating",
    "ReconcilingClusterETCDCertificates",
    "RotatingClusterCertificates",
]
"""States of a cluster or a node pool while an operation is in progress; AKS has others as well."""

_AT_REST: Final = frozenset(get_args(RestingState))


def is_in_progress(provisioning_state: str) -> bool:
    """Whether a state is that of an operation in progress: every one that is not known to be an end."""
    return provisioning_state not in _AT_REST


def operation_in_progress(cluster: ManagedCluster) -> str:
    """The message with which AKS refuses another operation on a cluster or its pools; empty if none is in progress.

    The words are those of public reports (github.com/Azure/azure-workload-identity issue 417,
    github.com/cilium/cilium issue 25944). UNVERIFIED: that an operation on one pool keeps all others waiting.
    """
    operation = next(_operations(cluster), None)
    if operation is None:
        return ""
    return (
        f"Operation is not allowed: Another {operation} is in progress, please wait for it to finish before "
        "starting a new operation. See https://aka.ms/aks-pending-operation for more details"
    )


def end_at(
    cluster: ManagedCluster,
    ends: datetime,
    estate: Estate,
    clock: SimulatedClock,
    finish: Callable[[], None] = lambda: None,
) -> None:
    """Have what is in progress on a cluster and its pools succeed at a time, unless it is changed before.

    `finish` is called when it has.
    """
    cluster.busy_until = ends

    def end() -> None:
        if cluster.busy_until == ends:
            end_operations(cluster, estate)
            finish()

    clock.schedule(ends, end)


def end_operations(cluster: ManagedCluster, estate: Estate) -> None:
    """What is in progress on a cluster and its pools has succeeded: a cluster that was stopping is stopped."""
    cluster.busy_until = None
    if cluster.provisioning_state == "Deleting":
        estate.clusters.pop(cluster.id.lower(), None)
    cluster.power_state = {"Stopping": "Stopped", "Starting": "Running"}.get(
        cluster.provisioning_state, cluster.power_state
    )
    cluster.pools = [pool for pool in cluster.pools if pool.provisioning_state != "Deleting"]
    parts: list[ManagedCluster | AgentPool] = [cluster, *cluster.pools]
    for part in parts:
        if is_in_progress(part.provisioning_state):
            part.provisioning_state = "Succeeded"
    cluster.version = estate.touch()


def _operations(cluster: ManagedCluster) -> Iterator[str]:
    if is_in_progress(cluster.provisioning_state):
        yield f"operation ({cluster.provisioning_state})"
    for pool in cluster.pools:
        if is_in_progress(pool.provisioning_state):
            yield f"agentpool operation ({pool.name} - {pool.provisioning_state})"
