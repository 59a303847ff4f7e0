"""Reads clusters fresh from ARM: one list for a resource group with several of them, one `GET` for a single one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from shared.azure.aks.parse_cluster import CLUSTER_FIELDS, parse_cluster
from shared.azure.capturing import add_body
from shared.azure.clients import PerSubscription
from shared.azure.fleet.parse_fleet import id_of, not_found
from shared.azure.json_value import JsonObject
from shared.azure.sdk_errors import translated
from shared.azure.threads import TracedThreads
from shared.capture import Capture, Section
from shared.core.model.fleet import Cluster
from shared.core.model.ids import CLUSTER_TYPE, ResourceId
from shared.core.model.unknown import Unknown
from shared.errors import FleetAutoUpgradeError, NotFoundError, ThrottledError

WORKERS = 4


class ClusterReader:
    """A cluster that could not be read becomes `Unknown`, and affects no other."""

    def __init__(self, clients: PerSubscription) -> None:
        self._clients = clients

    def read(
        self, cluster_ids: Iterable[ResourceId], capture: Capture | None = None
    ) -> Mapping[ResourceId, Cluster | Unknown]:
        """Read the clusters; the result has every requested id of a cluster in AKS, and no other.

        Raises:
            ThrottledError: ARM throttles the app; reading the other clusters would prolong that.
        """
        found: dict[ResourceId, Cluster | Unknown] = {}
        groups: dict[tuple[str, str], list[ResourceId]] = defaultdict(list)
        for cluster_id in cluster_ids:
            if cluster_id.type == CLUSTER_TYPE:
                groups[cluster_id.subscription.lower(), cluster_id.resource_group.lower()].append(cluster_id)
        with TracedThreads(max_workers=WORKERS) as pool:
            for part in pool.map(lambda group: self._read_group(group, capture), groups.values()):
                found.update(part)
        return found

    def _read_group(
        self, cluster_ids: list[ResourceId], capture: Capture | None
    ) -> Mapping[ResourceId, Cluster | Unknown]:
        try:
            contents = self._get(cluster_ids[0]) if len(cluster_ids) == 1 else self._list(cluster_ids)
        except NotFoundError:
            contents = {}
        except ThrottledError:
            raise
        except FleetAutoUpgradeError as error:
            if capture is not None:
                capture.unreadable(Section.CLUSTERS, cluster_ids, str(error))
            return dict.fromkeys(cluster_ids, Unknown(str(error)))
        return {cluster_id: _parse(cluster_id, contents.get(cluster_id), capture) for cluster_id in cluster_ids}

    def _get(self, cluster_id: ResourceId) -> Mapping[ResourceId, JsonObject]:
        client = self._clients.aks(cluster_id.subscription)
        with translated("read", str(cluster_id)):
            return {cluster_id: client.managed_clusters.get(cluster_id.resource_group, cluster_id.name).as_dict()}

    def _list(self, cluster_ids: list[ResourceId]) -> Mapping[ResourceId, JsonObject]:
        group = cluster_ids[0].resource_group
        client = self._clients.aks(cluster_ids[0].subscription)
        with translated("list", f"the clusters of resource group {group}"):
            contents = [item.as_dict() for item in client.managed_clusters.list_by_resource_group(group)]
        return {id_of(content): content for content in contents}


def _parse(cluster_id: ResourceId, content: JsonObject | None, capture: Capture | None) -> Cluster | Unknown:
    if content is None:
        return not_found(cluster_id)
    cluster = parse_cluster(cluster_id, content)
    add_body(capture, Section.CLUSTERS, cluster_id, content, CLUSTER_FIELDS, cluster)
    return cluster
