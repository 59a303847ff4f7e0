"""Cluster mesh profiles of the preview: kept and shown; nothing connects clusters, so none can be applied."""

from __future__ import annotations

from typing import Final

from tools.emulator.arm import ArmRequest, ArmResponse, ArmRouter
from tools.emulator.arm.body import Field, object_at
from tools.emulator.fleet.async_writes import AsyncWrites, page_of
from tools.emulator.fleet.operations import Operations
from tools.emulator.fleet.resources import FLEET, Resources, show
from tools.emulator.fleet.rules.names import MAXIMUM_MESH_NAME, check_name
from tools.emulator.fleet.rules.refusals import NEWEST_PREVIEW
from tools.emulator.fleet.rules.strategies import check_selector
from tools.json_value import Json

_KIND: Final = "clusterMeshProfiles"
_NOT_CONNECTED: Final = "NotConnected"


class Meshes:
    """Routes for cluster mesh profiles. UNVERIFIED: that they are written by operations, as members are."""

    def __init__(self, resources: Resources, operations: Operations) -> None:
        self._resources = resources
        self._writes = AsyncWrites(resources, operations)

    def register(self, router: ArmRouter) -> None:
        """Add the routes."""
        mesh = f"{FLEET}/{_KIND}/{{name}}"
        for method, template, handler in (
            ("GET", f"{FLEET}/{_KIND}", self._list),
            ("GET", mesh, self._get),
            ("PUT", mesh, self._put),
            ("DELETE", mesh, self._delete),
        ):
            router.add(method, template, handler, api_versions=[NEWEST_PREVIEW])

    def _list(self, request: ArmRequest) -> ArmResponse:
        return page_of(request, self._writes.read_all(self._resources.fleet(request).meshes))

    def _get(self, request: ArmRequest) -> ArmResponse:
        fleet = self._resources.fleet(request)
        return ArmResponse(body=show(self._writes.read(request, fleet.meshes, _KIND)))

    def _put(self, request: ArmRequest) -> ArmResponse:
        fleet, name = self._resources.fleet(request), request.params["name"]
        check_name(name, MAXIMUM_MESH_NAME)
        properties = Field(request.object_body()).at("properties")
        check_selector(properties, request.api_version)
        existing = fleet.meshes.get(name.lower())
        self._writes.check_idle(existing)
        selector = properties.at("memberSelector")
        written: dict[str, Json] = {"memberSelector": selector.object()} if selector.is_given else {}
        mesh, is_new = self._resources.put(request, fleet, fleet.meshes, _KIND, written)
        headers = self._writes.begin(request, fleet, mesh, "Creating" if is_new else "Updating")
        mesh.properties["status"] = {**object_at(mesh.properties, "status"), "state": _NOT_CONNECTED}
        return ArmResponse(201 if is_new else 200, show(mesh), headers)

    def _delete(self, request: ArmRequest) -> ArmResponse:
        fleet = self._resources.fleet(request)
        response = self._writes.delete(request, fleet, fleet.meshes, "Deleting")
        mesh = fleet.meshes.get(request.params["name"].lower())
        if mesh is not None:
            mesh.properties["status"] = {**object_at(mesh.properties, "status"), "state": _NOT_CONNECTED}
            return ArmResponse(response.status, show(mesh), response.headers)
        return response
