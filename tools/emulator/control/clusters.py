"""Changing a cluster from outside, as its owner would."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from tools.documents import WHOLE, CamelCaseDocument, read
from tools.emulator.control.requests import ControlError
from tools.emulator.journal import Journal
from tools.emulator.state import Estate, ManagedCluster, OrderedFailures
from tools.json_value import Json
from tools.releases.versions import Patch


class FailUpgrades(CamelCaseDocument):
    """How many of the next upgrades fail, and the provisioning state they leave the cluster in."""

    times: Annotated[int, Field(ge=0), WHOLE]
    provisioning_state: Literal["Succeeded", "Failed"] = "Failed"


class ClusterChange(CamelCaseDocument):
    """The body of `PATCH /emulator/clusters`; None leaves a property as it is."""

    id: str
    power_state: Literal["Running", "Stopped"] | None = None
    kubernetes_version: Patch | None = None
    """Of the control plane and of all node pools."""
    provisioning_state: Annotated[str, Field(min_length=1)] | None = None
    support_plan: Literal["KubernetesOfficial", "AKSLongTermSupport"] | None = None
    node_provisioning: Literal["Manual", "Auto"] | None = None
    fail_upgrades: FailUpgrades | None = None
    """Replaces what was ordered before; an upgrade in progress counts if its first step is not over yet."""


_CHANGE = TypeAdapter(ClusterChange)


def change_cluster(content: dict[str, Json], estate: Estate, journal: Journal) -> ManagedCluster:
    """Change a cluster; see `ClusterChange`.

    Raises:
        DocumentError: the body has another form.
        ControlError: 404, there is no such cluster.
    """
    change = read(_CHANGE, content, "cluster")
    cluster = estate.clusters.get(change.id.lower())
    if cluster is None:
        raise ControlError(f"There is no cluster {change.id}.", 404)
    cluster.power_state = change.power_state or cluster.power_state
    cluster.provisioning_state = change.provisioning_state or cluster.provisioning_state
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
