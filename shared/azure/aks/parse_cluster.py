"""Parses managed clusters: Resource Graph rows and ARM bodies have the same properties.

`kubernetesVersion` and `orchestratorVersion` are the requested versions, and may be an alias such as `1.33`;
`currentKubernetesVersion` and `currentOrchestratorVersion` are the versions that run.
"""

from __future__ import annotations

from dataclasses import dataclass

from shared.azure.json_value import OBJECTS, JsonObject, object_at, shown, text_at, value_at
from shared.azure.parse_values import NOT_GIVEN, remembered, to_image, to_optional_enum, to_version
from shared.azure.projection import Projection
from shared.core.model.catalog import SupportPlan
from shared.core.model.fleet import Cluster, FixedPool, NodePool
from shared.core.model.ids import ResourceId, normalize_region
from shared.core.model.kubernetes_version import KubernetesVersion
from shared.core.model.unknown import Unknown, Unparsed

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

_POOL_VALUES = ("name", "mode", "currentOrchestratorVersion", "nodeImageVersion", "osSKU", "provisioningState")


def parse_cluster(cluster_id: ResourceId, content: JsonObject) -> Cluster | Unknown:
    """A cluster; `Unknown` if its region or one of its pools cannot be parsed."""
    properties = object_at(content, "properties")
    upgrades = properties.get("autoUpgradeProfile")
    traits = _traits_of(
        content.get("location"),
        properties.get("currentKubernetesVersion"),
        properties.get("supportPlan"),
        value_at(properties, "powerState", "code"),
        properties.get("provisioningState"),
        value_at(properties, "nodeProvisioningProfile", "mode"),
        value_at(upgrades, "upgradeChannel"),
        value_at(upgrades, "nodeOSUpgradeChannel"),
    )
    if not traits.region:
        return Unknown(f"the cluster {cluster_id.name} has no location")
    listed = _parse_pools(value_at(properties, "agentPoolProfiles"))
    if isinstance(listed, Unknown):
        return Unknown(f"the cluster {cluster_id.name} {listed.why}")
    return Cluster(
        id=cluster_id,
        region=traits.region,
        kubernetes_version=traits.kubernetes_version,
        support_plan=traits.support_plan,
        is_stopped=traits.is_stopped,
        node_pools=tuple(pool for pool in listed if isinstance(pool, NodePool)),
        fixed_pools=tuple(pool for pool in listed if isinstance(pool, FixedPool)),
        provisioning_state=traits.provisioning_state,
        has_node_auto_provisioning=traits.has_node_auto_provisioning,
        upgrade_channel=traits.upgrade_channel,
        node_os_upgrade_channel=traits.node_os_upgrade_channel,
    )


@dataclass(frozen=True, slots=True)
class _Traits:
    """What many clusters have in common; the region is empty if there is none."""

    region: str
    kubernetes_version: KubernetesVersion | Unparsed
    support_plan: SupportPlan | Unparsed
    is_stopped: bool
    provisioning_state: str
    has_node_auto_provisioning: bool
    upgrade_channel: str
    node_os_upgrade_channel: str


@remembered
def _traits_of(
    location: object,
    version: object,
    plan: object,
    power_state: object,
    provisioning_state: object,
    provisioning_mode: object,
    upgrade_channel: object,
    node_os_upgrade_channel: object,
) -> _Traits:
    return _Traits(
        region=normalize_region(_text(location)),
        kubernetes_version=to_version(version) or NOT_GIVEN,
        support_plan=to_optional_enum(SupportPlan, plan) or SupportPlan.KUBERNETES_OFFICIAL,
        is_stopped=_text(power_state).casefold() == "stopped",
        provisioning_state=shown(_text(provisioning_state) or "Unknown"),
        has_node_auto_provisioning=_text(provisioning_mode).casefold() == "auto",
        upgrade_channel=_channel(upgrade_channel),
        node_os_upgrade_channel=_channel(node_os_upgrade_channel),
    )


def _channel(value: object) -> str:
    channel = _text(value).casefold()
    return "" if channel == "none" else channel


def _parse_pools(profiles: object) -> tuple[NodePool | FixedPool, ...] | Unknown:
    if profiles is None:
        return ()
    if not isinstance(profiles, list):
        return Unknown(f"has agent pools in no known form: {shown(profiles)}")
    pools: list[NodePool | FixedPool] = []
    for profile in profiles:
        pool = _parse_pool(profile) if isinstance(profile, OBJECTS) else None
        if pool is None:
            return Unknown(f"has an agent pool without a name: {shown(profile)}")
        pools.append(pool)
    return tuple(pools)


def _parse_pool(profile: JsonObject) -> NodePool | FixedPool | None:
    """A pool; None if it has no name."""
    source = profile.get("creationData")
    from_snapshot = None if source is None else text_at(source, "sourceResourceId")
    return _pool_of(*[profile.get(name) for name in _POOL_VALUES], from_snapshot)


@remembered
def _pool_of(
    name: object, mode: object, version: object, image: object, os_sku: object, state: object, snapshot: str | None
) -> NodePool | FixedPool | None:
    if not isinstance(name, str) or not name:
        return None
    kind = shown(_text(mode))
    if kind.casefold() in _FIXED_MODES:
        return FixedPool(name, kind)
    return NodePool(
        name,
        to_version(version),
        to_image(image),
        is_from_snapshot=snapshot is not None,
        os_sku=_text(os_sku),
        provisioning_state=shown(_text(state)) or None,
    )


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
