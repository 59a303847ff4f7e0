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
        cluster = self.find(request)
        if cluster is None:
            find_group(self._estate, request.params["group"])
            raise resource_not_found(f"{PROVIDER}/managedClusters/{request.params['cluster']}", request.params["group"])
        return cluster

    def find(self, request: ArmRequest) -> ManagedCluster | None:
        """The cluster in the path, if it exists."""
        return self._estate.clusters.get(self.id_of(request).lower())

    def id_of(self, request: ArmRequest) -> str:
        """The id that the path means, as AKS hands it out."""
        group, name = request.params["group"], request.params["cluster"]
        return (
            f"/subscriptions/{self._estate.subscription}/resourcegroups/{group}/providers/{PROVIDER}"
            f"/managedClusters/{name}"
        )

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
