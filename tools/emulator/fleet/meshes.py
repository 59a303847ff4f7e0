"""Cluster mesh profiles of the previews: written at once, applied a little later; no cluster is connected.

Statuses, bodies and times are those of the CLI extension's recorded `test_fleet_cluster_mesh` (2026-05-12, api-version
2026-03-02-preview). Its `apply` was over within two minutes.
"""

from __future__ import annotations

import uuid
from functools import partial
from typing import Final

from tools.emulator.arm import ArmError, ArmRequest, ArmResponse, ArmRouter, list_page
from tools.emulator.arm.body import Field, object_at, text_at
from tools.emulator.fleet.mesh_members import NOT_CONNECTED, connect, connected_to, selected_by
from tools.emulator.fleet.operations import Operations
from tools.emulator.fleet.resources import FLEET, MESH_API_VERSIONS, Resources, show
from tools.emulator.fleet.rules.names import MAXIMUM_MESH_NAME, check_name
from tools.emulator.fleet.rules.strategies import check_selector_form
from tools.emulator.specification import check_specified
from tools.emulator.state import Fleet, FleetResource
from tools.json_value import Json

_KIND: Final = "clusterMeshProfiles"
_APPLYING: Final = "Applying"


class Meshes:
    """Routes for cluster mesh profiles."""

    def __init__(self, resources: Resources, operations: Operations) -> None:
        self._resources = resources
        self._operations = operations

    def register(self, router: ArmRouter) -> None:
        """Add the routes."""
        mesh = f"{FLEET}/{_KIND}/{{name}}"
        for method, template, handler in (
            ("GET", f"{FLEET}/{_KIND}", self._list),
            ("GET", mesh, self._get),
            ("PUT", mesh, self._put),
            ("DELETE", mesh, self._delete),
            ("POST", f"{mesh}/apply", self._apply),
        ):
            router.add(method, template, handler, api_versions=MESH_API_VERSIONS)

    def _list(self, request: ArmRequest) -> ArmResponse:
        meshes = self._resources.fleet(request).meshes.values()
        return ArmResponse(body=list_page(request, [show(mesh) for mesh in meshes]))

    def _get(self, request: ArmRequest) -> ArmResponse:
        """A read counts: a client that waits sees the mesh being applied once, also while the clock stands still."""
        mesh = self._resources.child(request, self._resources.fleet(request).meshes, _KIND)
        shown = show(mesh)
        self._operations.count_read(mesh.id)
        return ArmResponse(body=shown)

    def _put(self, request: ArmRequest) -> ArmResponse:
        fleet, name = self._resources.fleet(request), request.params["name"]
        check_name(name, MAXIMUM_MESH_NAME)
        selector = Field(request.object_body()).at("properties", "memberSelector")
        check_selector_form(selector)
        check_specified(request)
        existing = fleet.meshes.get(name.lower())
        if existing is not None:
            self._operations.check_idle(existing.id)
        written: dict[str, Json] = {"memberSelector": selector.object()} if selector.is_given else {}
        known = {} if existing is None else object_at(existing.properties, "status")
        written["status"] = {"state": NOT_CONNECTED, **known, "lastOperationId": str(uuid.uuid4())}
        mesh, is_new = self._resources.put(request, fleet, fleet.meshes, _KIND, written)
        mesh.created_at = mesh.modified_at  # as recorded: a second PUT changes it too
        return ArmResponse(201 if is_new else 200, show(mesh))

    def _delete(self, request: ArmRequest) -> ArmResponse:
        """204, whether there was one or not. UNVERIFIED: that one with members is refused; they would be stranded."""
        fleet = self._resources.fleet(request)
        mesh = fleet.meshes.get(request.params["name"].lower())
        if mesh is not None:
            self._operations.check_idle(mesh.id)
            members = ", ".join(member.name for member in connected_to(fleet, mesh))
            if members:
                raise ArmError(
                    409,
                    "OperationNotAllowed",
                    f"The cluster mesh profile '{mesh.name}' cannot be deleted while members are in it: {members}.",
                )
        self._resources.delete(request, fleet.meshes)
        return ArmResponse(204)

    def _apply(self, request: ArmRequest) -> ArmResponse:
        """Connect the selected members, disconnect the others. UNVERIFIED: how one of another mesh is refused.

        That the clusters need Cilium and one network is not looked at.
        """
        fleet = self._resources.fleet(request)
        mesh = self._resources.child(request, fleet.meshes, _KIND)
        self._operations.check_idle(mesh.id)
        for member in selected_by(fleet, mesh):
            other = text_at(member.properties, "meshProperties", "clusterMeshProfileResourceId")
            if other.lower() not in {"", mesh.id.lower()}:
                raise ArmError(
                    409,
                    "OperationNotAllowed",
                    f"The member '{member.name}' is in the cluster mesh profile '{other.rpartition('/')[2]}'.",
                )
        operation = self._operations.begin(request, fleet.region, mesh.id, partial(self._applied, fleet, mesh))
        status: dict[str, Json] = {"lastOperationId": operation.name, "state": _APPLYING}
        if "memberSelector" in mesh.properties:
            status["lastAppliedMemberSelector"] = mesh.properties["memberSelector"]
        mesh.properties["status"] = status
        self._resources.changed(mesh)
        return ArmResponse(body=show(mesh))

    def _applied(self, fleet: Fleet, mesh: FleetResource) -> None:
        now = self._resources.clock.now()
        for member in connect(fleet, mesh, now):
            self._resources.changed(member)
        state = "Connected" if connected_to(fleet, mesh) else NOT_CONNECTED
        mesh.properties["status"] = {**object_at(mesh.properties, "status"), "state": state}
        self._resources.changed(mesh)
