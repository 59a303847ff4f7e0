"""Changing a cluster from outside, as its owner would."""

from __future__ import annotations

from typing import Final

from emulator.control.requests import ControlError
from emulator.documents import check
from emulator.journal import Journal
from emulator.json_value import Json
from emulator.state import Estate, ManagedCluster

_CHANGE: Final[dict[str, Json]] = {
    "type": "object",
    "properties": {
        "id": {"type": "string"},
        "powerState": {"enum": ["Running", "Stopped"]},
        "kubernetesVersion": {"type": "string", "pattern": r"^\d+\.\d+\.\d+$"},
        "provisioningState": {"type": "string", "minLength": 1},
    },
    "required": ["id"],
    "additionalProperties": False,
}


def change_cluster(content: dict[str, Json], estate: Estate, journal: Journal) -> ManagedCluster:
    """Change a cluster: `{"id", "powerState"?, "kubernetesVersion"?, "provisioningState"?}`.

    The version is that of its pools as well.

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
    version = str(content.get("kubernetesVersion", cluster.kubernetes_version))
    if version != cluster.kubernetes_version:
        before, cluster.kubernetes_version = cluster.kubernetes_version, version
        for pool in cluster.pools:
            pool.kubernetes_version = version
        journal.add("clusterVersion", **{"cluster": cluster.id, "from": before, "to": version})
    cluster.version = estate.touch()
    return cluster
