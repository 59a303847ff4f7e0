"""Reads the maintenance configurations of clusters: one list for each cluster, since ARM has none for several."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from shared.azure.aks.parse_maintenance import MAINTENANCE_FIELDS, parse_maintenance_configurations
from shared.azure.clients import PerSubscription
from shared.azure.sdk_errors import translated
from shared.capture import Capture, unknown
from shared.core.model.ids import ResourceId
from shared.core.model.unknown import Unknown
from shared.errors import FleetAutoUpgradeError
from shared.threads import TracedThreads

WORKERS = 8


class MaintenanceReader:
    """Configurations that could not be read become `Unknown`, and affect no other cluster."""

    def __init__(self, clients: PerSubscription) -> None:
        self._clients = clients

    def read(
        self, cluster_ids: Iterable[ResourceId], capture: Capture | None = None
    ) -> Mapping[ResourceId, frozenset[str] | Unknown]:
        """The names of each cluster's maintenance configurations, in lower case; `Unknown` if they cannot be read."""
        wanted = list(cluster_ids)
        with TracedThreads(max_workers=WORKERS) as pool:
            return dict(zip(wanted, pool.map(lambda one: self._names(one, capture), wanted), strict=True))

    def _names(self, cluster_id: ResourceId, capture: Capture | None) -> frozenset[str] | Unknown:
        client = self._clients.aks(cluster_id.subscription)
        try:
            with translated("list", f"the maintenance configurations of {cluster_id}"):
                listed = client.maintenance_configurations.list_by_managed_cluster(
                    cluster_id.resource_group, cluster_id.name
                )
                content = {"value": [item.as_dict() for item in listed]}
        except FleetAutoUpgradeError as error:
            if capture is not None:
                capture.maintenance_configurations(cluster_id, unknown(str(error)))
            return Unknown(str(error))
        if capture is not None:
            capture.maintenance_configurations(cluster_id, MAINTENANCE_FIELDS.of(content))
        return parse_maintenance_configurations(content)
