"""The estate as rows of Resource Graph."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from functools import partial
from typing import Final

from tools.emulator.aks import cluster_json
from tools.emulator.resource_graph import Tables
from tools.emulator.state import ConnectedCluster, Estate, Fleet, FleetResource, ManagedCluster
from tools.json_value import Json

_FLEET_TYPE: Final = "microsoft.containerservice/fleets"
_CLUSTER_TYPE: Final = "microsoft.containerservice/managedclusters"


class GraphRows:
    """Makes the tables anew when the estate has changed, and only the rows whose objects have."""

    def __init__(self, estate: Estate) -> None:
        self._estate = estate
        self._tables: Tables | None = None
        self._rows: dict[str, tuple[Hashable, dict[str, Json]]] = {}

    def tables(self) -> Tables:
        """The current tables."""
        if self._tables is None or self._tables.version != self._estate.version:
            previous, self._rows = self._rows, {}
            fleets = list(self._estate.fleets.values())
            self._tables = Tables(
                version=self._estate.version,
                resources=[
                    *(
                        self._row(previous, fleet.id, _fleet_state(fleet), partial(self._fleet, fleet))
                        for fleet in fleets
                    ),
                    *(
                        self._row(previous, cluster.id, _cluster_state(cluster), partial(self._cluster, cluster))
                        for cluster in self._estate.clusters.values()
                    ),
                    *(
                        self._row(previous, connected.id, connected.region, partial(self._connected, connected))
                        for connected in self._estate.connected_clusters.values()
                    ),
                ],
                aksresources=[
                    self._row(previous, child.id, (child.etag, child.modified_at), partial(self._child, child, fleet))
                    for fleet in fleets
                    for child in _children(fleet)
                ],
            )
        return self._tables

    def _row(
        self,
        previous: dict[str, tuple[Hashable, dict[str, Json]]],
        key: str,
        state: Hashable,
        make: Callable[[], dict[str, Json]],
    ) -> dict[str, Json]:
        known = previous.get(key)
        row = known if known is not None and known[0] == state else (state, make())
        self._rows[key] = row
        return row[1]

    def _fleet(self, fleet: Fleet) -> dict[str, Json]:
        return {
            **self._envelope(fleet.id, fleet.name, _FLEET_TYPE, fleet.resource_group),
            "location": fleet.region,
            "tags": {**fleet.tags},
            "properties": {"provisioningState": fleet.provisioning_state},
        }

    def _cluster(self, cluster: ManagedCluster) -> dict[str, Json]:
        shown = cluster_json(cluster)
        return {
            **self._envelope(cluster.id, cluster.name, _CLUSTER_TYPE, cluster.resource_group),
            **{name: shown[name] for name in ("location", "kind", "sku", "tags", "identity", "properties")},
        }

    def _connected(self, cluster: ConnectedCluster) -> dict[str, Json]:
        return {
            **self._envelope(cluster.id, cluster.name, cluster.type.lower(), cluster.resource_group),
            "location": cluster.region,
            "properties": {"provisioningState": "Succeeded"},
        }

    def _child(self, child: FleetResource, fleet: Fleet) -> dict[str, Json]:
        return {
            **self._envelope(child.id, child.name, child.type.lower(), fleet.resource_group),
            "properties": child.properties,
        }

    def _envelope(self, resource_id: str, name: str, kind: str, group: str) -> dict[str, Json]:
        return {
            "id": resource_id,
            "name": name,
            "type": kind,
            "tenantId": self._estate.tenant,
            "resourceGroup": group.lower(),
            "subscriptionId": self._estate.subscription,
        }


def _children(fleet: Fleet) -> Iterator[FleetResource]:
    for children in (fleet.members, fleet.strategies, fleet.profiles, fleet.runs):
        yield from children.values()


def _fleet_state(fleet: Fleet) -> Hashable:
    return fleet.etag, fleet.provisioning_state, tuple(sorted(fleet.tags.items()))


def _cluster_state(cluster: ManagedCluster) -> Hashable:
    """Of what is shown, all that can change, also without a new `version`."""
    pools = tuple(
        (
            pool.name,
            pool.mode,
            pool.kubernetes_version,
            pool.image,
            pool.count,
            pool.snapshot_id,
            pool.provisioning_state,
        )
        for pool in cluster.pools
    )
    return (
        cluster.version,
        cluster.kubernetes_version,
        cluster.power_state,
        cluster.provisioning_state,
        cluster.support_plan,
        cluster.node_provisioning,
        cluster.upgrade_channel,
        cluster.node_os_upgrade_channel,
        pools,
    )
