"""Actions on clusters and node pools: start, stop, upgrade the node image."""

from __future__ import annotations

from tools.emulator.aks import api_versions
from tools.emulator.aks.cluster_json import pool_json
from tools.emulator.aks.clusters import CLUSTER, POOL, Clusters
from tools.emulator.aks.errors import AksError
from tools.emulator.aks.operations import ClusterOperations, Step, check_idle
from tools.emulator.arm import ArmRequest, ArmResponse, ArmRouter
from tools.emulator.region_offers import RegionOffers
from tools.emulator.state import AgentPool, Estate, ManagedCluster


class ClusterActions:
    """Routes for actions, each a long-running operation; AKS refuses a second one on a cluster."""

    def __init__(self, estate: Estate, offers: RegionOffers, clusters: Clusters, operations: ClusterOperations) -> None:
        self._estate = estate
        self._offers = offers
        self._clusters = clusters
        self._operations = operations

    def register(self, router: ArmRouter) -> None:
        """Add the routes."""
        for template, handler in (
            (f"{CLUSTER}/start", self._start),
            (f"{CLUSTER}/stop", self._stop),
            (f"{POOL}/upgradeNodeImageVersion", self._upgrade_node_image),
        ):
            router.add("POST", template, handler, api_versions=api_versions.ALL)

    def _start(self, request: ArmRequest) -> ArmResponse:
        """UNVERIFIED: the response for a cluster that is running, and to `stop` for one that is stopped."""
        return self._change_power(request, "Starting")

    def _stop(self, request: ArmRequest) -> ArmResponse:
        return self._change_power(request, "Stopping")

    def _change_power(self, request: ArmRequest, state: str) -> ArmResponse:
        cluster = self._clusters.get(request)
        check_idle(cluster)
        cluster.provisioning_state = state
        steps = [Step(self._estate.timing.control_plane_minutes)]
        return ArmResponse(202, None, self._operations.begin(request, cluster, steps))

    def _upgrade_node_image(self, request: ArmRequest) -> ArmResponse:
        """UNVERIFIED: the status for a pool of mode Machines, and the response where its family has no image."""
        pool, cluster = self._clusters.pool(request)
        if pool.mode == "Machines":
            raise AksError(
                409,
                "OperationNotAllowed",
                "Upgrading node image version on machines agent pool is not allowed, please use machine API to handle "
                "machine life cycle",
            )
        check_idle(cluster)
        pool.provisioning_state = "UpgradingNodeImageVersion"
        steps = [Step(self._estate.timing.pool_minutes, lambda: renew_image(cluster, pool, self._offers))]
        return ArmResponse(202, pool_json(pool, cluster), self._operations.begin(request, cluster, steps))


def renew_image(cluster: ManagedCluster, pool: AgentPool, offers: RegionOffers) -> None:
    """Give a pool the newest image of its family, if the region has one."""
    newest = offers.newest_image(cluster.region, pool.family)
    if newest is not None:
        pool.image = f"{pool.family}-{newest}"
