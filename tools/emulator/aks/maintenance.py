"""Maintenance configurations of clusters: they say when a cluster may be upgraded."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Final

from tools.documents import DocumentError, place
from tools.emulator.aks import api_versions
from tools.emulator.aks.clusters import CLUSTER, PROVIDER, Clusters
from tools.emulator.aks.maintenance_reading import complete
from tools.emulator.arm import (
    ArmError,
    ArmRequest,
    ArmResponse,
    ArmRouter,
    list_page,
    resource_not_found,
)
from tools.emulator.specification import check_specified
from tools.emulator.state import MAINTENANCE_CONFIGURATIONS, Estate, ManagedCluster
from tools.json_value import Json

_KIND: Final = "maintenanceConfigurations"
_NAMES: Final = {name.lower(): name for name in MAINTENANCE_CONFIGURATIONS}


class MaintenanceConfigurations:
    """Routes for maintenance configurations. `now` gives a window its start date where it has none."""

    def __init__(self, estate: Estate, clusters: Clusters, now: Callable[[], datetime]) -> None:
        self._estate = estate
        self._clusters = clusters
        self._now = now

    def register(self, router: ArmRouter) -> None:
        """Add the routes."""
        configuration = f"{CLUSTER}/{_KIND}/{{name}}"
        for method, template, handler in (
            ("GET", f"{CLUSTER}/{_KIND}", self._list),
            ("GET", configuration, self._get),
            ("PUT", configuration, self._put),
            ("DELETE", configuration, self._delete),
        ):
            router.add(method, template, handler, api_versions=api_versions.ALL)

    def _list(self, request: ArmRequest) -> ArmResponse:
        cluster = self._clusters.get(request)
        shown: list[Json] = [_show(cluster, name) for name in cluster.maintenance_configurations]
        return ArmResponse(body=list_page(request, shown))

    def _get(self, request: ArmRequest) -> ArmResponse:
        cluster, name = self._clusters.get(request), _name(request)
        if name not in cluster.maintenance_configurations:
            resource = f"{PROVIDER}/managedClusters/{cluster.name}/{_KIND}/{name}"
            raise resource_not_found(resource, cluster.resource_group)
        return ArmResponse(body=_show(cluster, name))

    def _put(self, request: ArmRequest) -> ArmResponse:
        """Returns 200 for a new one as well. UNVERIFIED: the code and the words for one that is not right."""
        cluster, name = self._clusters.get(request), _name(request)
        try:
            properties = complete(name, request.object_body().get("properties"), self._now())
        except DocumentError as error:
            target = place(("properties", *(error.path or ())))
            raise ArmError(400, "InvalidParameter", f"{target}: {error.message}.", target=target) from error
        check_specified(request)
        cluster.maintenance_configurations[name] = properties
        self._estate.touch()
        return ArmResponse(body=_show(cluster, name))

    def _delete(self, request: ArmRequest) -> ArmResponse:
        cluster, name = self._clusters.get(request), _name(request)
        if cluster.maintenance_configurations.pop(name, None) is None:
            return ArmResponse(204)  # UNVERIFIED: ARM's habit
        self._estate.touch()
        return ArmResponse(200)


def _name(request: ArmRequest) -> str:
    """The name in the path, in AKS's case.

    Raises:
        ArmError: 400, a configuration cannot be called so. UNVERIFIED: the code and the words.
    """
    name = _NAMES.get(request.params["name"].lower())
    if name is None:
        raise ArmError(
            400,
            "InvalidParameter",
            f"The name '{request.params['name']}' must be one of {', '.join(MAINTENANCE_CONFIGURATIONS)}.",
            target="configName",
        )
    return name


def _show(cluster: ManagedCluster, name: str) -> dict[str, Json]:
    """Without `type` and `systemData`, as recorded."""
    properties = cluster.maintenance_configurations[name]
    return {"id": f"{cluster.id}/{_KIND}/{name}", "name": name, "properties": properties}
