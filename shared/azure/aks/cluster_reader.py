"""Reads clusters fresh from ARM: one list for a resource group with several of them, one `GET` for a single one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from shared.azure.aks.parse_cluster import parse_cluster
from shared.azure.clients import PerSubscription
from shared.azure.fleet.parse_fleet import id_of, not_found
from shared.azure.sdk_errors import translated
from shared.azure.threads import TracedThreads
from shared.core.model.fleet import Cluster
from shared.core.model.ids import CLUSTER_TYPE, ResourceId
from shared.core.model.unknown import Unknown
from shared.errors import FleetAutoUpgradeError, NotFoundError, ThrottledError

WORKERS = 4


class ClusterReader:
    """A cluster that could not be read becomes `Unknown`, and affects no other."""

    def __init__(self, clients: PerSubscription) -> None:
        self._clients = clients

    def read(self, cluster_ids: Iterable[ResourceId]) -> Mapping[ResourceId, Cluster | Unknown]:
        """Read the clusters; the result has every id that was requested.

        Raises:
            ThrottledError: ARM throttles the app; reading the other clusters would prolong that.
        """
        found: dict[ResourceId, Cluster | Unknown] = {}
        groups: dict[tuple[str, str], list[ResourceId]] = defaultdict(list)
        for cluster_id in cluster_ids:
            if cluster_id.type != CLUSTER_TYPE:
                found[cluster_id] = Unknown(f"{cluster_id} is not an AKS cluster")
                continue
            groups[cluster_id.subscription.lower(), cluster_id.resource_group.lower()].append(cluster_id)
        with TracedThreads(max_workers=WORKERS) as pool:
            for part in pool.map(self._read_group, groups.values()):
                found.update(part)
        return found

    def _read_group(self, cluster_ids: list[ResourceId]) -> Mapping[ResourceId, Cluster | Unknown]:
        try:
            return self._get(cluster_ids[0]) if len(cluster_ids) == 1 else self._list(cluster_ids)
        except NotFoundError:
            return {cluster_id: not_found(cluster_id) for cluster_id in cluster_ids}
        except ThrottledError:
            raise
        except FleetAutoUpgradeError as error:
            return dict.fromkeys(cluster_ids, Unknown(str(error)))

    def _get(self, cluster_id: ResourceId) -> Mapping[ResourceId, Cluster | Unknown]:
        client = self._clients.aks(cluster_id.subscription)
        with translated("read", str(cluster_id)):
            content = client.managed_clusters.get(cluster_id.resource_group, cluster_id.name).as_dict()
        return {cluster_id: parse_cluster(cluster_id, content)}

    def _list(self, cluster_ids: list[ResourceId]) -> Mapping[ResourceId, Cluster | Unknown]:
        group = cluster_ids[0].resource_group
        client = self._clients.aks(cluster_ids[0].subscription)
        with translated("list", f"the clusters of resource group {group}"):
            contents = [item.as_dict() for item in client.managed_clusters.list_by_resource_group(group)]
        by_id = {id_of(content): content for content in contents}
        return {
            cluster_id: parse_cluster(cluster_id, by_id[cluster_id]) if cluster_id in by_id else not_found(cluster_id)
            for cluster_id in cluster_ids
        }
