"""Which members a cluster mesh profile selects, which are in it, and how they come and go."""

from __future__ import annotations

from datetime import datetime
from itertools import count
from typing import Final

from tools.emulator.arm import ArmRequest, json_time
from tools.emulator.arm.body import integer_at, object_at, text_at
from tools.emulator.fleet.list_filter import mesh_condition
from tools.emulator.fleet.rules import invalid
from tools.emulator.label_selector import parse_selector
from tools.emulator.state import Fleet, FleetResource
from tools.json_value import Json

NOT_CONNECTED: Final = "NotConnected"


def selected_by(fleet: Fleet, mesh: FleetResource) -> list[FleetResource]:
    """The members whose labels the mesh's selector matches; none without a selector. UNVERIFIED: the latter."""
    selector = parse_selector(text_at(mesh.properties, "memberSelector", "byLabel"))
    if selector is None:
        return []
    return [member for member in fleet.members.values() if selector(object_at(member.properties, "labels"))]


def connected_to(fleet: Fleet, mesh: FleetResource) -> list[FleetResource]:
    """The members that are in the mesh."""
    return [
        member
        for member in fleet.members.values()
        if text_at(member.properties, "meshProperties", "clusterMeshProfileResourceId").lower() == mesh.id.lower()
    ]


def connect(fleet: Fleet, mesh: FleetResource, now: datetime) -> list[FleetResource]:
    """Have the selected members, and no others, be in the mesh; those that this changes."""
    selected, connected = selected_by(fleet, mesh), connected_to(fleet, mesh)
    leaving = [member for member in connected if member not in selected]
    joining = [member for member in selected if member not in connected]
    for member in leaving:
        del member.properties["meshProperties"]
    taken = {integer_at(member.properties, "meshProperties", "ciliumProperties", "id") for member in connected}
    free = (number for number in count(1) if number not in taken)
    for member, number in zip(joining, free, strict=False):
        cilium: dict[str, Json] = {"id": number, "name": f"{member.name}{number}"}
        member.properties["meshProperties"] = {
            "ciliumProperties": cilium,
            "clusterMeshProfileResourceId": mesh.id,
            "status": {"lastUpdatedAt": json_time(now, 9), "state": "Connected"},
        }
    return [*leaving, *joining]


def members_of_mesh(request: ArmRequest, fleet: Fleet) -> list[FleetResource] | None:
    """The members that a `$filter` for a mesh asks for; None if it asks for something else.

    `clusterMeshProfile eq NAME`: those in it. `clusterMeshProfile.Selector eq NAME`: those that it selects.

    Raises:
        ArmError: 400, there is no such mesh. UNVERIFIED: the response to it.
    """
    wanted = mesh_condition(request.query.get("$filter", ""))
    if wanted is None:
        return None
    name, is_selection = wanted
    mesh = fleet.meshes.get(name.lower())
    if mesh is None:
        raise invalid(f"The fleet has no cluster mesh profile '{name}'.", "$filter")
    return selected_by(fleet, mesh) if is_selection else connected_to(fleet, mesh)
