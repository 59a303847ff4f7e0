"""Parses managed clusters: Resource Graph rows and ARM bodies have the same properties.

`kubernetesVersion` and `orchestratorVersion` are the requested versions, and may be an alias such as `1.33`;
`currentKubernetesVersion` and `currentOrchestratorVersion` are the versions that run.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping

from shared.azure.json_value import JsonObject, object_at, shared_text, shown, text_at, value_at
from shared.azure.parse_values import NOT_GIVEN, to_image, to_optional_enum, to_version
from shared.azure.projection import Projection
from shared.core.model.catalog import SupportPlan
from shared.core.model.fleet import Cluster, FixedPool, NodePool
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
    "properties.agentPoolProfiles[].mode",
    "properties.agentPoolProfiles[].osSKU",
    "properties.agentPoolProfiles[].currentOrchestratorVersion",
    "properties.agentPoolProfiles[].nodeImageVersion",
    "properties.agentPoolProfiles[].creationData.sourceResourceId",
    "properties.agentPoolProfiles[].provisioningState",
)
"""The fields of a managed cluster that are read here."""

_FIXED_MODES = frozenset({"machines", "managedsystem"})
"""Modes of pools that no run upgrades; stable API versions list such pools too, with these modes."""


def parse_cluster(cluster_id: ResourceId, content: JsonObject) -> Cluster | Unknown:
    """A cluster; `Unknown` if its region or one of its pools cannot be parsed."""
    region = normalize_region(text_at(content, "location") or "")
    if not region:
        return Unknown(f"the cluster {cluster_id.name} has no location")
    properties = object_at(content, "properties")
    listed = _parse_pools(value_at(properties, "agentPoolProfiles"))
    if isinstance(listed, Unknown):
        return Unknown(f"the cluster {cluster_id.name} {listed.why}")
    plan = to_optional_enum(SupportPlan, properties.get("supportPlan"))
    upgrades = object_at(properties, "autoUpgradeProfile")
    return Cluster(
        id=cluster_id,
        region=sys.intern(region),
        kubernetes_version=to_version(properties.get("currentKubernetesVersion")) or NOT_GIVEN,
        support_plan=plan or SupportPlan.KUBERNETES_OFFICIAL,
        is_stopped=(text_at(properties, "powerState", "code") or "").casefold() == "stopped",
        node_pools=tuple(pool for pool in listed if isinstance(pool, NodePool)),
        fixed_pools=tuple(pool for pool in listed if isinstance(pool, FixedPool)),
        provisioning_state=shown(shared_text(properties, "provisioningState") or "Unknown"),
        has_node_auto_provisioning=(text_at(properties, "nodeProvisioningProfile", "mode") or "").casefold() == "auto",
        upgrade_channel=_channel(shared_text(upgrades, "upgradeChannel")),
        node_os_upgrade_channel=_channel(shared_text(upgrades, "nodeOSUpgradeChannel")),
    )


def _channel(text: str | None) -> str:
    channel = (text or "").casefold()
    return "" if channel == "none" else channel


def _parse_pools(profiles: object) -> tuple[NodePool | FixedPool, ...] | Unknown:
    if profiles is None:
        return ()
    if not isinstance(profiles, list):
        return Unknown(f"has agent pools in no known form: {shown(profiles)}")
    pools: list[NodePool | FixedPool] = []
    for profile in profiles:
        pool = profile if isinstance(profile, Mapping) else {}
        name = shared_text(pool, "name")
        if name is None:
            return Unknown(f"has an agent pool without a name: {shown(profile)}")
        mode = shown(shared_text(pool, "mode") or "")
        if mode.casefold() in _FIXED_MODES:
            pools.append(FixedPool(name, mode))
            continue
        state = shared_text(pool, "provisioningState")
        pools.append(
            NodePool(
                name,
                to_version(pool.get("currentOrchestratorVersion")),
                to_image(pool.get("nodeImageVersion")),
                is_from_snapshot=text_at(pool, "creationData", "sourceResourceId") is not None,
                os_sku=shared_text(pool, "osSKU") or "",
                provisioning_state=shown(state) if state is not None else None,
            )
        )
    return tuple(pools)
