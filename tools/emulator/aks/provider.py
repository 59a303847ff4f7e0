"""The AKS resource provider, as far as the emulator has it."""

from __future__ import annotations

from tools.emulator.aks import api_versions
from tools.emulator.aks.actions import ClusterActions
from tools.emulator.aks.cluster_json import cluster_json, pool_json
from tools.emulator.aks.cluster_writes import ClusterWrites
from tools.emulator.aks.clusters import CLUSTER, CLUSTERS, LOCATION, POOL, PROVIDER, SUBSCRIPTION, Clusters
from tools.emulator.aks.credentials import Credentials
from tools.emulator.aks.kubernetes_versions import (
    cluster_upgrade_profile,
    kubernetes_versions,
    node_images,
    pool_upgrade_profile,
)
from tools.emulator.aks.maintenance import MaintenanceConfigurations
from tools.emulator.aks.operations import ClusterOperations
from tools.emulator.aks.pool_writes import PoolWrites
from tools.emulator.arm import ArmError, ArmRequest, ArmResponse, ArmRouter, list_page
from tools.emulator.arm.provider_operations import register_operations
from tools.emulator.arm.resource_groups import find_group
from tools.emulator.clock import SimulatedClock
from tools.emulator.journal import Journal
from tools.emulator.region_offers import RegionOffers
from tools.emulator.state import Estate
from tools.json_value import Json


class AksProvider:
    """`Microsoft.ContainerService` for clusters, node pools and what regions offer."""

    def __init__(self, estate: Estate, offers: RegionOffers, clock: SimulatedClock, journal: Journal) -> None:
        self._estate = estate
        self._offers = offers
        self._clusters = Clusters(estate)
        operations = ClusterOperations(estate, clock)
        self._parts = (
            operations,
            ClusterActions(estate, offers, self._clusters, operations),
            ClusterWrites(estate, offers, self._clusters, operations, journal),
            PoolWrites(estate, offers, self._clusters, operations),
            Credentials(self._clusters),
            MaintenanceConfigurations(estate, self._clusters, clock.now),
        )
        self._versions: dict[str, tuple[int, dict[str, Json]]] = {}

    def register(self, router: ArmRouter) -> None:
        """Add the routes."""
        for template, handler in (
            (f"{LOCATION}/kubernetesVersions", self._kubernetes_versions),
            (f"{SUBSCRIPTION}/providers/{PROVIDER}/managedClusters", self._list_all),
            (CLUSTERS, self._list_of_group),
            (CLUSTER, self._get_cluster),
            (f"{CLUSTER}/upgradeProfiles/default", self._cluster_upgrades),
            (f"{CLUSTER}/agentPools", self._list_pools),
            (POOL, self._get_pool),
            (f"{POOL}/upgradeProfiles/default", self._pool_upgrades),
        ):
            router.add("GET", template, handler, api_versions=api_versions.ALL)
        router.add("GET", f"{LOCATION}/nodeImageVersions", self._node_images, api_versions=api_versions.PREVIEW)
        for part in self._parts:
            part.register(router)
        register_operations(router, api_versions.ALL)

    def _kubernetes_versions(self, request: ArmRequest) -> ArmResponse:
        region = self._region(request)
        revision, body = self._versions.get(region, (-1, {}))
        if revision != self._offers.revision(region):
            body = kubernetes_versions(self._offers.minors(region))
            self._versions[region] = (self._offers.revision(region), body)
        return ArmResponse(body=body)

    def _node_images(self, request: ArmRequest) -> ArmResponse:
        images = node_images(self._offers.images(self._region(request)))
        if request.api_version == api_versions.OLD_NODE_IMAGE_LIST:
            return ArmResponse(body={"values": images})
        return ArmResponse(body=list_page(request, images))

    def _list_all(self, request: ArmRequest) -> ArmResponse:
        clusters = [cluster_json(cluster) for cluster in self._estate.clusters.values()]
        return ArmResponse(body=list_page(request, clusters))

    def _list_of_group(self, request: ArmRequest) -> ArmResponse:
        group = request.params["group"]
        find_group(self._estate, group)
        clusters = [
            cluster_json(cluster)
            for cluster in self._estate.clusters.values()
            if cluster.resource_group.lower() == group.lower()
        ]
        return ArmResponse(body=list_page(request, clusters))

    def _get_cluster(self, request: ArmRequest) -> ArmResponse:
        return ArmResponse(body=cluster_json(self._clusters.get(request)))

    def _cluster_upgrades(self, request: ArmRequest) -> ArmResponse:
        return ArmResponse(body=cluster_upgrade_profile(self._clusters.get(request), self._offers))

    def _list_pools(self, request: ArmRequest) -> ArmResponse:
        cluster = self._clusters.get(request)
        return ArmResponse(body=list_page(request, [pool_json(pool, cluster) for pool in cluster.pools]))

    def _get_pool(self, request: ArmRequest) -> ArmResponse:
        pool, cluster = self._clusters.pool(request)
        return ArmResponse(body=pool_json(pool, cluster))

    def _pool_upgrades(self, request: ArmRequest) -> ArmResponse:
        pool, cluster = self._clusters.pool(request)
        return ArmResponse(body=pool_upgrade_profile(pool, cluster, self._offers))

    def _region(self, request: ArmRequest) -> str:
        """The region in the path; its display name would do as well, as everywhere in ARM."""
        region = request.params["location"].replace(" ", "").lower()
        if region not in self._offers.regions:
            raise ArmError(
                400,
                "LocationNotAvailableForResourceType",
                f"The location '{request.params['location']}' is not available for '{PROVIDER}/locations'. "
                f"List of available regions is '{','.join(self._offers.regions)}'.",
            )
        return region
