"""Finding clusters by the path of a request."""

from __future__ import annotations

from typing import Final

from tools.emulator.arm import ArmRequest, resource_not_found
from tools.emulator.arm.resource_groups import find_group
from tools.emulator.state import AgentPool, Estate, ManagedCluster

PROVIDER: Final = "Microsoft.ContainerService"
SUBSCRIPTION: Final = "/subscriptions/{subscription}"
CLUSTERS: Final = f"{SUBSCRIPTION}/resourceGroups/{{group}}/providers/{PROVIDER}/managedClusters"
CLUSTER: Final = f"{CLUSTERS}/{{cluster}}"
POOL: Final = f"{CLUSTER}/agentPools/{{pool}}"
LOCATION: Final = f"{SUBSCRIPTION}/providers/{PROVIDER}/locations/{{location}}"


class Clusters:
    """The estate's clusters, as the routes see them."""

    def __init__(self, estate: Estate) -> None:
        self._estate = estate

    def get(self, request: ArmRequest) -> ManagedCluster:
        """The cluster in the path.

        Raises:
            ArmError: 404, it or its resource group does not exist.
        """
        group, name = request.params["group"], request.params["cluster"]
        subscription = self._estate.subscription
        key = f"/subscriptions/{subscription}/resourcegroups/{group}/providers/{PROVIDER}/managedClusters/{name}"
        cluster = self._estate.clusters.get(key.lower())
        if cluster is None:
            find_group(self._estate, group)
            raise resource_not_found(f"{PROVIDER}/managedClusters/{name}", group)
        return cluster

    def pool(self, request: ArmRequest) -> tuple[AgentPool, ManagedCluster]:
        """The node pool in the path, and its cluster.

        Raises:
            ArmError: 404, it, its cluster or its resource group does not exist.
        """
        cluster, name = self.get(request), request.params["pool"]
        for pool in cluster.pools:
            if pool.name.lower() == name.lower():
                return pool, cluster
        raise resource_not_found(f"{PROVIDER}/managedClusters/{cluster.name}/agentPools/{name}", cluster.resource_group)
