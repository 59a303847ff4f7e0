"""Creating, changing, upgrading and deleting single node pools."""

from __future__ import annotations

from functools import partial
from typing import Final

from tools.emulator.aks import api_versions
from tools.emulator.aks.cluster_json import pool_json
from tools.emulator.aks.cluster_writes import CHANGE, upgrade_pool
from tools.emulator.aks.clusters import POOL, Clusters
from tools.emulator.aks.errors import AksError
from tools.emulator.aks.operations import ClusterOperations, Step, check_idle, check_running
from tools.emulator.aks.pool_request import count_of, mode_of, new_pool, upgrade_of
from tools.emulator.arm import ArmRequest, ArmResponse, ArmRouter
from tools.emulator.arm.body import Field
from tools.emulator.region_offers import RegionOffers
from tools.emulator.specification import check_specified
from tools.emulator.state import AgentPool, Estate, ManagedCluster

CREATION: Final = 4.0
DELETION: Final = 4.0
SCALING: Final = 4.0
"""Simulated minutes, as an administrator sees them in Azure. UNVERIFIED: AKS promises no times."""


class PoolWrites:
    """Routes that write pools, each a long-running operation on the cluster."""

    def __init__(self, estate: Estate, offers: RegionOffers, clusters: Clusters, operations: ClusterOperations) -> None:
        self._estate = estate
        self._offers = offers
        self._clusters = clusters
        self._operations = operations

    def register(self, router: ArmRouter) -> None:
        """Add the routes."""
        router.add("PUT", POOL, self._put, api_versions=api_versions.ALL)
        router.add("DELETE", POOL, self._delete, api_versions=api_versions.ALL)

    def _put(self, request: ArmRequest) -> ArmResponse:
        cluster, properties = self._clusters.get(request), Field(request.object_body()).at("properties")
        check_idle(cluster)
        check_running(cluster)
        existing = _find(cluster, request.params["pool"])
        if existing is None:
            pool = new_pool(request.params["pool"], properties, cluster, self._offers, "User")
            check_specified(request)
            cluster.pools.append(pool)
            step = Step(CREATION)
        else:
            pool, step = existing, self._change(request, cluster, existing)
        headers = self._operations.begin(request, cluster, [step])
        return ArmResponse(201 if existing is None else 200, pool_json(pool, cluster), headers)

    def _delete(self, request: ArmRequest) -> ArmResponse:
        """UNVERIFIED: the code for the last pool of mode System; the words are those of public reports."""
        cluster = self._clusters.get(request)
        pool = _find(cluster, request.params["pool"])
        if pool is None:
            return ArmResponse(204)
        check_idle(cluster)
        check_running(cluster)
        _check_system_pool_remains(cluster, pool)
        pool.provisioning_state = "Deleting"
        return ArmResponse(202, None, self._operations.begin(request, cluster, [Step(DELETION)]))

    def _change(self, request: ArmRequest, cluster: ManagedCluster, pool: AgentPool) -> Step:
        """Check a change, then have it begin: the mode at once, version or count when its step is over."""
        properties = Field(request.object_body()).at("properties")
        version = upgrade_of(pool, properties, cluster, self._offers, cluster.kubernetes_version)
        count = count_of(properties) if properties.at("count").is_given else pool.count
        mode = mode_of(properties) or pool.mode
        if mode != "System":
            _check_system_pool_remains(cluster, pool)
        check_specified(request)
        pool.mode = mode
        if version:
            pool.provisioning_state, pool.count = "Upgrading", count
            return Step(self._estate.timing.pool_minutes, partial(upgrade_pool, cluster, pool, version, self._offers))
        if count != pool.count:
            pool.provisioning_state, pool.count = "Scaling", count
            return Step(SCALING)
        pool.provisioning_state = "Updating"
        return Step(CHANGE)


def _find(cluster: ManagedCluster, name: str) -> AgentPool | None:
    return next((pool for pool in cluster.pools if pool.name.lower() == name.lower()), None)


def _check_system_pool_remains(cluster: ManagedCluster, without: AgentPool) -> None:
    """Refuse to take the last pool of mode System away.

    Raises:
        AksError: 400.
    """
    others = [pool for pool in cluster.pools if pool is not without and pool.mode == "System"]
    if without.mode == "System" and not others:
        raise AksError(400, "OperationNotAllowed", "There has to be at least one system agent pool.")
