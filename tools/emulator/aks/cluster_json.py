"""Clusters and node pools as ARM shows them."""

from __future__ import annotations

import uuid
from typing import Final

from tools.emulator.aks.families import os_sku, os_type
from tools.emulator.aks.full_cluster import FURTHER_CLUSTER_PROPERTIES, FURTHER_POOL_PROPERTIES
from tools.emulator.state import AgentPool, ManagedCluster
from tools.json_value import Json

CLUSTER_TYPE: Final = "Microsoft.ContainerService/ManagedClusters"
POOL_TYPE: Final = "Microsoft.ContainerService/managedClusters/agentPools"


def cluster_json(cluster: ManagedCluster) -> dict[str, Json]:
    """A cluster; its eTag is a bare GUID, unlike those of Fleet."""
    node_group = f"MC_{cluster.resource_group}_{cluster.name}_{cluster.region}"
    automatic = cluster.sku_name == "Automatic"
    return {
        "id": cluster.id,
        "name": cluster.name,
        "type": CLUSTER_TYPE,
        "location": cluster.region,
        "tags": {**cluster.tags},
        "eTag": cluster_etag(cluster),
        "kind": "Base" if not automatic else "Automatic",
        "sku": {"name": cluster.sku_name, "tier": cluster.tier},
        "identity": {"type": "SystemAssigned", "principalId": _guid(cluster.id, "principal")},
        "properties": {
            **(FURTHER_CLUSTER_PROPERTIES if cluster.shows_everything else {}),
            "provisioningState": cluster.provisioning_state,
            "powerState": {"code": cluster.power_state},
            "kubernetesVersion": _requested_version(cluster),
            "currentKubernetesVersion": cluster.kubernetes_version,
            "dnsPrefix": cluster.name,
            "fqdn": f"{cluster.name}.hcp.{cluster.region}.azmk8s.io",
            "agentPoolProfiles": [pool_properties(pool, cluster) | {"name": pool.name} for pool in cluster.pools],
            "nodeResourceGroup": node_group,
            "enableRBAC": True,
            "supportPlan": cluster.support_plan,
            "maxAgentPools": 100,
            "nodeProvisioningProfile": {"mode": cluster.node_provisioning},
            "autoUpgradeProfile": _auto_upgrade_profile(cluster),
            "resourceUID": _guid(cluster.id, "uid").replace("-", "")[:24],
        },
    }


def cluster_etag(cluster: ManagedCluster) -> str:
    """Another one after each change."""
    return _guid(cluster.id, cluster.version)


def pool_json(pool: AgentPool, cluster: ManagedCluster) -> dict[str, Json]:
    """A node pool as a separate resource."""
    return {
        "id": pool_id(pool, cluster),
        "name": pool.name,
        "type": POOL_TYPE,
        "properties": pool_properties(pool, cluster),
    }


def pool_id(pool: AgentPool, cluster: ManagedCluster) -> str:
    """The id of a node pool."""
    return f"{cluster.id}/agentPools/{pool.name}"


def pool_properties(pool: AgentPool, cluster: ManagedCluster) -> dict[str, Json]:
    """What is in a pool's `properties`, and, with its name, in `agentPoolProfiles` of its cluster.

    UNVERIFIED: the type of a pool of mode Machines, which contains single machines.
    """
    properties: dict[str, Json] = {
        **(FURTHER_POOL_PROPERTIES if cluster.shows_everything else {}),
        "count": pool.count,
        "vmSize": pool.vm_size,
        "mode": pool.mode,
        "type": "VirtualMachines" if pool.mode == "Machines" else "VirtualMachineScaleSets",
        "osType": os_type(pool.family),
        "osSKU": os_sku(pool.family),
        "orchestratorVersion": pool.kubernetes_version,
        "currentOrchestratorVersion": pool.kubernetes_version,
        "nodeImageVersion": pool.image,
        "provisioningState": pool.provisioning_state,
        "powerState": {"code": cluster.power_state},
        "upgradeSettings": {"maxSurge": "10%", "maxUnavailable": "0"},
    }
    if pool.snapshot_id is not None:
        properties["creationData"] = {"sourceResourceId": pool.snapshot_id}
    return properties


def _requested_version(cluster: ManagedCluster) -> str:
    """What was asked for: the goal of an upgrade in progress, or the minor version that the present one is of."""
    requested, current = cluster.requested_version, cluster.kubernetes_version
    holds = cluster.provisioning_state == "Upgrading" or f"{current}.".startswith(f"{requested}.")
    return requested if requested and holds else current


def _auto_upgrade_profile(cluster: ManagedCluster) -> dict[str, Json]:
    channels: dict[str, Json] = {"nodeOSUpgradeChannel": cluster.node_os_upgrade_channel}
    if cluster.upgrade_channel is not None:
        channels["upgradeChannel"] = cluster.upgrade_channel
    return channels


def _guid(cluster_id: str, part: str | int) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"{cluster_id.lower()}#{part}"))
