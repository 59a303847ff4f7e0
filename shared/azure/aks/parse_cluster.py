"""Parses managed clusters: Resource Graph rows and ARM bodies have the same properties.

`kubernetesVersion` and `orchestratorVersion` are the requested versions, and may be an alias such as `1.33`;
`currentKubernetesVersion` and `currentOrchestratorVersion` are the versions that run.
"""

from __future__ import annotations

from shared.azure.json_value import JsonObject, object_at, shown, text_at, value_at
from shared.azure.parse_values import NOT_GIVEN, to_image, to_optional_enum, to_version
from shared.azure.projection import Projection
from shared.core.model.catalog import SupportPlan
from shared.core.model.fleet import Cluster, NodePool
from shared.core.model.ids import ResourceId, normalize_region
from shared.core.model.unknown import Unknown

CLUSTER_FIELDS = Projection(
    "id",
    "location",
    "properties.currentKubernetesVersion",
    "properties.supportPlan",
    "properties.powerState.code",
    "properties.provisioningState",
    "properties.nodeProvisioningProfile.mode",
    "properties.autoUpgradeProfile.upgradeChannel",
    "properties.autoUpgradeProfile.nodeOSUpgradeChannel",
    "properties.agentPoolProfiles[].name",
    "properties.agentPoolProfiles[].currentOrchestratorVersion",
    "properties.agentPoolProfiles[].nodeImageVersion",
    "properties.agentPoolProfiles[].creationData.sourceResourceId",
)
"""The fields of a managed cluster that are read here."""


def parse_cluster(cluster_id: ResourceId, content: JsonObject) -> Cluster | Unknown:
    """A cluster; `Unknown` if its region or one of its pools cannot be parsed."""
    region = normalize_region(text_at(content, "location") or "")
    if not region:
        return Unknown(f"the cluster {cluster_id.name} has no location")
    properties = object_at(content, "properties")
    pools = _parse_pools(properties.get("agentPoolProfiles"))
    if isinstance(pools, Unknown):
        return Unknown(f"the cluster {cluster_id.name} {pools.why}")
    plan = to_optional_enum(SupportPlan, properties.get("supportPlan"))
    return Cluster(
        id=cluster_id,
        region=region,
        kubernetes_version=to_version(properties.get("currentKubernetesVersion")) or NOT_GIVEN,
        support_plan=plan or SupportPlan.KUBERNETES_OFFICIAL,
        is_stopped=(text_at(properties, "powerState", "code") or "").casefold() == "stopped",
        node_pools=pools,
        provisioning_state=text_at(properties, "provisioningState") or "Unknown",
        has_node_auto_provisioning=(text_at(properties, "nodeProvisioningProfile", "mode") or "").casefold() == "auto",
        upgrade_channel=_channel(text_at(properties, "autoUpgradeProfile", "upgradeChannel")),
        node_os_upgrade_channel=_channel(text_at(properties, "autoUpgradeProfile", "nodeOSUpgradeChannel")),
    )


def _channel(text: str | None) -> str:
    channel = (text or "").casefold()
    return "" if channel == "none" else channel


def _parse_pools(profiles: object) -> tuple[NodePool, ...] | Unknown:
    if profiles is None:
        return ()
    if not isinstance(profiles, list):
        return Unknown(f"has agent pools in no known form: {shown(profiles)}")
    pools: list[NodePool] = []
    for profile in profiles:
        name = text_at(profile, "name")
        if name is None:
            return Unknown(f"has an agent pool without a name: {shown(profile)}")
        version = to_version(value_at(profile, "currentOrchestratorVersion"))
        image = to_image(value_at(profile, "nodeImageVersion"))
        snapshot = text_at(profile, "creationData", "sourceResourceId")
        pools.append(NodePool(name, version, image, is_from_snapshot=snapshot is not None))
    return tuple(pools)
