"""Changing a cluster from outside, as its owner would."""

from __future__ import annotations

from typing import Final

from tools.emulator.control.requests import ControlError
from tools.emulator.documents import check
from tools.emulator.journal import Journal
from tools.emulator.state import Estate, ManagedCluster, OrderedFailures
from tools.json_value import Json

_CHANGE: Final[dict[str, Json]] = {
    "type": "object",
    "properties": {
        "id": {"type": "string"},
        "powerState": {"enum": ["Running", "Stopped"]},
        "kubernetesVersion": {"type": "string", "pattern": r"^\d+\.\d+\.\d+$"},
        "provisioningState": {"type": "string", "minLength": 1},
        "supportPlan": {"enum": ["KubernetesOfficial", "AKSLongTermSupport"]},
        "nodeProvisioning": {"enum": ["Manual", "Auto"]},
        "failUpgrades": {
            "type": "object",
            "properties": {
                "times": {"type": "integer", "minimum": 0},
                "provisioningState": {"enum": ["Succeeded", "Failed"]},
            },
            "required": ["times"],
            "additionalProperties": False,
        },
    },
    "required": ["id"],
    "additionalProperties": False,
}


def change_cluster(content: dict[str, Json], estate: Estate, journal: Journal) -> ManagedCluster:
    """Change a cluster.

    `{"id", "powerState"?, "kubernetesVersion"?, "provisioningState"?, "supportPlan"?, "nodeProvisioning"?,
    "failUpgrades"?}`. The version is that of its pools as well. `failUpgrades` is `{"times", "provisioningState"?}`:
    as many of the next upgrades by an update run fail, and leave the cluster in that state, `Failed` by default. It
    replaces what was ordered before; an upgrade under way counts if its first step is not over yet.

    Raises:
        DocumentError: the change is not one.
        ControlError: 404, there is no such cluster.
    """
    check(content, _CHANGE, "cluster")
    cluster = estate.clusters.get(str(content["id"]).lower())
    if cluster is None:
        raise ControlError(f"There is no cluster {content['id']}.", 404)
    cluster.power_state = str(content.get("powerState", cluster.power_state))
    cluster.provisioning_state = str(content.get("provisioningState", cluster.provisioning_state))
    cluster.support_plan = str(content.get("supportPlan", cluster.support_plan))
    cluster.node_provisioning = str(content.get("nodeProvisioning", cluster.node_provisioning))
    cluster.failures = _failures(content.get("failUpgrades"), cluster.failures)
    version = str(content.get("kubernetesVersion", cluster.kubernetes_version))
    if version != cluster.kubernetes_version:
        before, cluster.kubernetes_version = cluster.kubernetes_version, version
        for pool in cluster.pools:
            pool.kubernetes_version = version
        journal.add("clusterVersion", **{"cluster": cluster.id, "from": before, "to": version})
    cluster.version = estate.touch()
    return cluster


def _failures(ordered: Json, before: OrderedFailures) -> OrderedFailures:
    if not isinstance(ordered, dict):
        return before
    times = ordered["times"]
    return OrderedFailures(
        times=int(times) if isinstance(times, int | float) else 0,
        provisioning_state=str(ordered.get("provisioningState", OrderedFailures.provisioning_state)),
    )
