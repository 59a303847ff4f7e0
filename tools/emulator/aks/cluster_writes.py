"""Creating, changing, upgrading and deleting clusters.

Of a request, what the emulator shows is kept: version, node pools, SKU, support plan, automatic upgrades, node
provisioning and tags. Everything else is accepted and forgotten.
"""

from __future__ import annotations

import re
from functools import partial
from typing import Final

from tools.emulator.aks import api_versions
from tools.emulator.aks.actions import renew_image
from tools.emulator.aks.cluster_json import CLUSTER_TYPE, cluster_etag, cluster_json
from tools.emulator.aks.clusters import CLUSTER, Clusters
from tools.emulator.aks.operations import ClusterOperations, Step, check_idle, check_running
from tools.emulator.aks.pool_request import count_of, invalid, new_pool, upgrade_of
from tools.emulator.aks.version_rules import check_skew, check_upgrade, resolve
from tools.emulator.arm import ArmRequest, ArmResponse, ArmRouter
from tools.emulator.arm.body import Field
from tools.emulator.arm.locations import location_of
from tools.emulator.arm.preconditions import check_preconditions
from tools.emulator.arm.resource_groups import check_writable, find_group
from tools.emulator.arm.tag_rules import tags_of
from tools.emulator.journal import Journal
from tools.emulator.region_offers import RegionOffers
from tools.emulator.specification import check_specified
from tools.emulator.state import AgentPool, Estate, ManagedCluster
from tools.releases import minor_of

CREATION: Final = 5.0
CHANGE: Final = 2.0
DELETION: Final = 5.0
"""Simulated minutes, as an administrator sees them in Azure. UNVERIFIED: AKS promises no times."""

_NAME: Final = re.compile(r"[A-Za-z0-9]([-_A-Za-z0-9]{0,61}[A-Za-z0-9])?", re.ASCII)
_SKUS: Final = ("Base", "Automatic")
_TIERS: Final = ("Free", "Standard", "Premium")
_SUPPORT_PLANS: Final = ("KubernetesOfficial", "AKSLongTermSupport")


class ClusterWrites:
    """Routes that write clusters; each but the tags is a long-running operation."""

    def __init__(
        self,
        estate: Estate,
        offers: RegionOffers,
        clusters: Clusters,
        operations: ClusterOperations,
        journal: Journal,
    ) -> None:
        self._estate = estate
        self._offers = offers
        self._clusters = clusters
        self._operations = operations
        self._journal = journal

    def register(self, router: ArmRouter) -> None:
        """Add the routes."""
        for method, handler in (("PUT", self._put), ("PATCH", self._patch), ("DELETE", self._delete)):
            router.add(method, CLUSTER, handler, api_versions=api_versions.ALL)

    def _put(self, request: ArmRequest) -> ArmResponse:
        body, existing = Field(request.object_body()), self._clusters.find(request)
        check_writable(self._estate, request.params["group"])
        _check_etag(request, existing)
        here = None if existing is None else existing.region
        region = location_of(body, self._estate.regions, CLUSTER_TYPE, here, request.params["cluster"])
        tags = tags_of(body.at("tags"))
        if existing is None:
            cluster, steps = self._created(request, body, region), [Step(CREATION)]
        else:
            check_idle(existing)
            check_running(existing)
            cluster, steps = existing, self._changed(request, existing, body)
        cluster.tags = tags
        headers = self._operations.begin(request, cluster, steps)
        return ArmResponse(201 if existing is None else 200, cluster_json(cluster), headers)

    def _patch(self, request: ArmRequest) -> ArmResponse:
        """Tags, all of them, at once. UNVERIFIED: AKS may also take an operation for it."""
        cluster, tags = self._clusters.get(request), Field(request.object_body()).at("tags")
        _check_etag(request, cluster)
        check_idle(cluster)
        if tags.is_given:
            cluster.tags = tags_of(tags)
            cluster.version = self._estate.touch()
        return ArmResponse(body=cluster_json(cluster))

    def _delete(self, request: ArmRequest) -> ArmResponse:
        """UNVERIFIED: that the deletion of a busy cluster is refused; members of fleets stay, without their cluster."""
        cluster = self._clusters.find(request)
        if cluster is None:
            find_group(self._estate, request.params["group"])
            return ArmResponse(204)
        _check_etag(request, cluster)
        check_idle(cluster)
        cluster.provisioning_state = "Deleting"
        return ArmResponse(202, None, self._operations.begin(request, cluster, [Step(DELETION)]))

    def _created(self, request: ArmRequest, body: Field, region: str) -> ManagedCluster:
        name, properties = request.params["cluster"], body.at("properties")
        if _NAME.fullmatch(name) is None:
            raise invalid(f"The name '{name}' must be 1 to 63 letters, digits, dashes and underscores.", "resourceName")
        cluster = ManagedCluster(
            id=self._clusters.id_of(request),
            name=name,
            resource_group=request.params["group"],
            region=region,
            kubernetes_version="",
            pools=[],
            provisioning_state="Creating",
            node_os_upgrade_channel="NodeImage",
        )
        self._take_settings(cluster, body)
        wanted = properties.at("kubernetesVersion").text()
        cluster.kubernetes_version = resolve(wanted, cluster, self._offers)
        cluster.requested_version = wanted
        for pool in properties.at("agentPoolProfiles").items():
            cluster.pools.append(new_pool(pool.at("name").text(), pool, cluster, self._offers, "User"))
        if not any(pool.mode == "System" for pool in cluster.pools) and cluster.sku_name != "Automatic":
            raise invalid("There has to be at least one system agent pool.", "agentPoolProfiles")
        check_specified(request)
        self._estate.clusters[cluster.id.lower()] = cluster
        return cluster

    def _changed(self, request: ArmRequest, cluster: ManagedCluster, body: Field) -> list[Step]:
        """Check all of a change, then have it begin: settings at once, upgrades step by step."""
        properties = body.at("properties")
        wanted = properties.at("kubernetesVersion").text()
        target = self._target(cluster, wanted)
        pools = {pool.name: pool for pool in cluster.pools}
        upgrades: list[tuple[AgentPool, str]] = []
        counts: list[tuple[AgentPool, int]] = []
        for item in properties.at("agentPoolProfiles").items():
            pool = pools.get(item.at("name").text())
            if pool is None:  # UNVERIFIED: that a cluster's own request adds no pools
                raise invalid(f"The cluster has no agent pool '{item.at('name').text()}'.", item.at("name").path)
            version = upgrade_of(pool, item, cluster, self._offers, target)
            if version:
                upgrades.append((pool, version))
            if item.at("count").is_given:
                counts.append((pool, count_of(item)))
        upgraded = {pool.name for pool, _ in upgrades}
        for pool in cluster.pools:
            if pool.name not in upgraded:
                check_skew(pool.kubernetes_version, target)
        check_specified(request)
        self._take_settings(cluster, body)
        for pool, count in counts:
            pool.count = count
        return self._steps(cluster, wanted, target, upgrades)

    def _target(self, cluster: ManagedCluster, wanted: str) -> str:
        """The control plane's version after a change.

        Raises:
            AksError: 400, it cannot have the version that is wanted.
        """
        current = cluster.kubernetes_version
        if wanted in {"", current, minor_of(current)}:
            return current
        target = resolve(wanted, cluster, self._offers)
        check_upgrade(cluster, current, target, self._offers)
        return target

    def _steps(
        self, cluster: ManagedCluster, wanted: str, target: str, upgrades: list[tuple[AgentPool, str]]
    ) -> list[Step]:
        """The control plane, then one pool after the other."""
        timing = self._estate.timing
        steps: list[Step] = []
        if target != cluster.kubernetes_version:
            steps.append(Step(timing.control_plane_minutes, partial(self._upgrade, cluster, target)))
        steps += [
            Step(timing.pool_minutes, partial(upgrade_pool, cluster, pool, version, self._offers))
            for pool, version in upgrades
        ]
        cluster.requested_version = wanted
        cluster.provisioning_state = "Upgrading" if steps else "Updating"
        for pool, _ in upgrades:
            pool.provisioning_state = "Upgrading"
        return steps or [Step(CHANGE)]

    def _upgrade(self, cluster: ManagedCluster, version: str) -> None:
        before, cluster.kubernetes_version = cluster.kubernetes_version, version
        self._journal.add("clusterVersion", **{"cluster": cluster.id, "from": before, "to": version})

    def _take_settings(self, cluster: ManagedCluster, body: Field) -> None:
        """Settings that a request names; the others stay as they are.

        Raises:
            AksError: 400, one of them has a value that AKS does not know.
        """
        properties = body.at("properties")
        plan, sku, tier = properties.at("supportPlan"), body.at("sku", "name"), body.at("sku", "tier")
        for field, choices in ((plan, _SUPPORT_PLANS), (sku, _SKUS), (tier, _TIERS)):
            if field.text() and field.text() not in choices:
                raise invalid(f"{field.name} '{field.text()}' must be one of {', '.join(choices)}.", field.path)
        upgrades, provisioning = properties.at("autoUpgradeProfile"), properties.at("nodeProvisioningProfile", "mode")
        channel = upgrades.at("upgradeChannel").text()
        cluster.support_plan = plan.text() or cluster.support_plan
        cluster.sku_name = sku.text() or cluster.sku_name
        cluster.sku_tier = tier.text() or cluster.sku_tier
        cluster.upgrade_channel = channel or cluster.upgrade_channel
        cluster.node_os_upgrade_channel = upgrades.at("nodeOSUpgradeChannel").text() or cluster.node_os_upgrade_channel
        cluster.node_provisioning = provisioning.text() or cluster.node_provisioning


def _check_etag(request: ArmRequest, cluster: ManagedCluster | None) -> None:
    """Refuse a write whose condition does not hold; of a node pool, which has an eTag as well, none is checked.

    Raises:
        ArmError: 412.
    """
    check_preconditions(request, None if cluster is None else cluster_etag(cluster))


def upgrade_pool(cluster: ManagedCluster, pool: AgentPool, version: str, offers: RegionOffers) -> None:
    """Give a pool its version and, as AKS does with it, the newest image."""
    pool.kubernetes_version = version
    pool.snapshot_id = None
    renew_image(cluster, pool, offers)
