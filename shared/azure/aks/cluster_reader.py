"""Reads clusters fresh from ARM: one list for a resource group with several of them, one `GET` for a single one.

Clusters in many resource groups of a subscription are read with one list of the subscription. Not from Resource Graph:
it lags by minutes, and a cluster that is busy now would look idle.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from shared.azure.aks.parse_cluster import CLUSTER_FIELDS, parse_cluster
from shared.azure.arm_reads import ArmReads
from shared.azure.capturing import add_body
from shared.azure.clients import PerSubscription
from shared.azure.fleet.parse_fleet import id_of, not_found
from shared.azure.json_value import JsonObject
from shared.azure.sdk_errors import translated
from shared.capture import Capture, Section
from shared.core.model.fleet import Cluster
from shared.core.model.ids import CLUSTER_TYPE, ResourceId
from shared.core.model.unknown import Unknown
from shared.errors import FleetAutoUpgradeError, NotFoundError, ThrottledError
from shared.threads import TracedThreads

WORKERS = 4
GROUPS_IN_TURN = 4
"""The most resource groups of a subscription that are read one by one."""


class ClusterReader:
    """A cluster that could not be read becomes `Unknown`, and affects no other."""

    def __init__(self, clients: PerSubscription, reads: ArmReads) -> None:
        self._clients = clients
        self._reads = reads

    def read(
        self, cluster_ids: Iterable[ResourceId], capture: Capture | None = None
    ) -> Mapping[ResourceId, Cluster | Unknown]:
        """Read the clusters; the result has every requested id of a cluster in AKS, and no other.

        Raises:
            ThrottledError: ARM throttles the app; reading the other clusters would prolong that.
        """
        found: dict[ResourceId, Cluster | Unknown] = {}
        subscriptions: dict[str, dict[str, list[ResourceId]]] = defaultdict(lambda: defaultdict(list))
        for cluster_id in cluster_ids:
            if cluster_id.type == CLUSTER_TYPE:
                groups = subscriptions[cluster_id.subscription.lower()]
                groups[cluster_id.resource_group.lower()].append(cluster_id)
        with TracedThreads(max_workers=WORKERS) as pool:
            one_by_one = pool.map(
                lambda groups: self._read_subscription(groups, found, capture), subscriptions.values()
            )
            remaining = [group for groups in one_by_one for group in groups]
            for part in pool.map(lambda group: self._read_group(group, capture), remaining):
                found.update(part)
        return found

    def _read_subscription(
        self,
        groups: Mapping[str, list[ResourceId]],
        found: dict[ResourceId, Cluster | Unknown],
        capture: Capture | None,
    ) -> list[list[ResourceId]]:
        """Read clusters in many resource groups at once; the resource groups that are to be read one by one."""
        one_by_one = list(groups.values())
        if len(one_by_one) <= GROUPS_IN_TURN:
            return one_by_one
        cluster_ids = [cluster_id for group in one_by_one for cluster_id in group]
        wanted, contents = set(cluster_ids), dict[ResourceId, JsonObject]()
        try:
            with translated("list", f"the clusters of subscription {cluster_ids[0].subscription}"):
                for content in self._reads.managed_clusters.list(cluster_ids[0].subscription):
                    if id_of(content) in wanted:
                        contents[id_of(content)] = CLUSTER_FIELDS.of(content)
        except ThrottledError:
            raise
        except FleetAutoUpgradeError:
            return one_by_one  # the app may have rights in some resource groups only
        found.update({cluster_id: _parse(cluster_id, contents.get(cluster_id), capture) for cluster_id in cluster_ids})
        return []

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
        with translated("list", f"the clusters of resource group {group}"):
            listed = self._reads.managed_clusters.list_by_resource_group(cluster_ids[0].subscription, group)
            return {id_of(content): CLUSTER_FIELDS.of(content) for content in listed}


def _parse(cluster_id: ResourceId, content: JsonObject | None, capture: Capture | None) -> Cluster | Unknown:
    if content is None:
        return not_found(cluster_id)
    cluster = parse_cluster(cluster_id, content)
    add_body(capture, Section.CLUSTERS, cluster_id, content, CLUSTER_FIELDS, cluster)
    return cluster
