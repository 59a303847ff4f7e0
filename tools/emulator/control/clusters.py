"""Changing a cluster from outside, as its owner would."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal, TypeAlias

from pydantic import Field, TypeAdapter

from tools.documents import WHOLE, CamelCaseDocument, DocumentError, Time, read
from tools.emulator.aks.busy import end_at, is_in_progress
from tools.emulator.clock import SimulatedClock
from tools.emulator.control.requests import ControlError
from tools.emulator.journal import Journal
from tools.emulator.state import Estate, ManagedCluster, OrderedFailures
from tools.json_value import Json
from tools.releases.versions import Patch

State: TypeAlias = Annotated[str, Field(min_length=1)]
"""A provisioning state; AKS has more than are documented."""


class FailUpgrades(CamelCaseDocument):
    """How many of the next upgrades fail, and the provisioning state they leave the cluster in."""

    times: Annotated[int, Field(ge=0), WHOLE]
    provisioning_state: Literal["Succeeded", "Failed"] = "Failed"


class PoolChange(CamelCaseDocument):
    """What changes of a node pool."""

    provisioning_state: State


class ClusterChange(CamelCaseDocument):
    """The body of `PATCH /emulator/clusters`; None leaves a property as it is."""

    id: str
    power_state: Literal["Running", "Stopped"] | None = None
    kubernetes_version: Patch | None = None
    """Of the control plane and of all node pools."""
    provisioning_state: State | None = None
    pools: dict[str, PoolChange] = Field(default_factory=dict)
    """Node pools by name."""
    busy_until: Time | None = None
    """When the operations succeed that the states above are in progress of; default: only another change ends them."""
    support_plan: Literal["KubernetesOfficial", "AKSLongTermSupport"] | None = None
    node_provisioning: Literal["Manual", "Auto"] | None = None
    fail_upgrades: FailUpgrades | None = None
    """Replaces what was ordered before; an upgrade in progress counts if its first step is not over yet."""


_CHANGE = TypeAdapter(ClusterChange)


def change_cluster(content: dict[str, Json], estate: Estate, journal: Journal, clock: SimulatedClock) -> ManagedCluster:
    """Change a cluster; see `ClusterChange`.

    Raises:
        DocumentError: the body has another form, or names a node pool that does not exist.
        ControlError: 404, there is no such cluster.
    """
    change = read(_CHANGE, content, "cluster")
    cluster = estate.clusters.get(change.id.lower())
    if cluster is None:
        raise ControlError(f"There is no cluster {change.id}.", 404)
    _check(cluster, change, clock.now())
    cluster.power_state = change.power_state or cluster.power_state
    _change_states(cluster, change)
    if change.busy_until is not None:
        end_at(cluster, change.busy_until, estate, clock)
    cluster.support_plan = change.support_plan or cluster.support_plan
    cluster.node_provisioning = change.node_provisioning or cluster.node_provisioning
    if change.fail_upgrades is not None:
        cluster.failures = OrderedFailures(change.fail_upgrades.times, change.fail_upgrades.provisioning_state)
    version = change.kubernetes_version or cluster.kubernetes_version
    if version != cluster.kubernetes_version:
        before, cluster.kubernetes_version = cluster.kubernetes_version, version
        for pool in cluster.pools:
            pool.kubernetes_version = version
        journal.add("clusterVersion", **{"cluster": cluster.id, "from": before, "to": version})
    cluster.version = estate.touch()
    return cluster


def _check(cluster: ManagedCluster, change: ClusterChange, now: datetime) -> None:
    """Node pools exist, and `busyUntil` is a coming end of something.

    Raises:
        DocumentError: it is not so.
    """
    pools = {pool.name: pool.provisioning_state for pool in cluster.pools}
    unknown = next((name for name in change.pools if name not in pools), None)
    if unknown is not None:
        raise DocumentError(f"{cluster.name} has no node pool '{unknown}'", ("pools", unknown), "cluster")
    if change.busy_until is None:
        return
    states = pools | {name: pool.provisioning_state for name, pool in change.pools.items()}
    if not any(map(is_in_progress, (change.provisioning_state or cluster.provisioning_state, *states.values()))):
        raise DocumentError("nothing is in progress; give a provisioningState", ("busyUntil",), "cluster")
    if change.busy_until <= now:
        raise DocumentError("the time has passed", ("busyUntil",), "cluster")


def _change_states(cluster: ManagedCluster, change: ClusterChange) -> None:
    if change.provisioning_state is not None or change.pools:
        cluster.busy_until = None
    cluster.provisioning_state = change.provisioning_state or cluster.provisioning_state
    for pool in cluster.pools:
        if pool.name in change.pools:
            pool.provisioning_state = change.pools[pool.name].provisioning_state
