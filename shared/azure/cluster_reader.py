"""Reads clusters fresh from ARM: a resource group with several of them in one list, single ones each by itself."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

from shared.azure.clients import PerSubscription
from shared.azure.parse_cluster import parse_cluster
from shared.azure.sdk_errors import translated
from shared.core.fleet import Cluster
from shared.core.resource_id import ResourceId
from shared.core.unknown import Unknown
from shared.errors import FleetAutoUpgradeError, NotFoundError

WORKERS = 4


class ClusterReader:
    """What could not be read becomes `Unknown`, and spoils no other."""

    def __init__(self, clients: PerSubscription) -> None:
        self._clients = clients

    def read(self, cluster_ids: Sequence[ResourceId]) -> Mapping[ResourceId, Cluster | Unknown]:
        """Every cluster asked for."""
        groups: dict[tuple[str, str], list[ResourceId]] = defaultdict(list)
        for cluster_id in cluster_ids:
            groups[cluster_id.subscription.lower(), cluster_id.resource_group.lower()].append(cluster_id)
        found: dict[ResourceId, Cluster | Unknown] = {}
        with ThreadPoolExecutor(max_workers=WORKERS) as pool:
            for part in pool.map(self._read_group, groups.values()):
                found.update(part)
        return found

    def _read_group(self, cluster_ids: list[ResourceId]) -> Mapping[ResourceId, Cluster | Unknown]:
        if len(cluster_ids) == 1:
            return {cluster_ids[0]: self._read_one(cluster_ids[0])}
        first = cluster_ids[0]
        client = self._clients.aks(first.subscription)
        try:
            with translated("list", f"clusters of resource group {first.resource_group}"):
                contents = [
                    item.as_dict() for item in client.managed_clusters.list_by_resource_group(first.resource_group)
                ]
            listed = {cluster.id: cluster for cluster in map(parse_cluster, contents)}
        except NotFoundError:
            listed = {}
        except FleetAutoUpgradeError as error:
            return dict.fromkeys(cluster_ids, Unknown(str(error)))
        return {cluster_id: listed.get(cluster_id, _missing(cluster_id)) for cluster_id in cluster_ids}

    def _read_one(self, cluster_id: ResourceId) -> Cluster | Unknown:
        client = self._clients.aks(cluster_id.subscription)
        try:
            with translated("read", str(cluster_id)):
                return parse_cluster(client.managed_clusters.get(cluster_id.resource_group, cluster_id.name).as_dict())
        except NotFoundError:
            return _missing(cluster_id)
        except FleetAutoUpgradeError as error:
            return Unknown(str(error))


def _missing(cluster_id: ResourceId) -> Unknown:
    return Unknown(f"the cluster {cluster_id.name} does not exist any more")
