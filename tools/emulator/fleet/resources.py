"""What all resource types of the provider share: finding, showing and writing them."""

from __future__ import annotations

from typing import Final

from tools.emulator.arm import (
    ArmError,
    ArmRequest,
    resource_not_found,
    system_data,
)
from tools.emulator.arm.preconditions import check_preconditions
from tools.emulator.arm.resource_groups import find_group
from tools.emulator.clock import SimulatedClock
from tools.emulator.etag import new_etag
from tools.emulator.fleet.canonical import canonical
from tools.emulator.state import Estate, Fleet, FleetResource
from tools.json_value import Json

API_VERSIONS: Final = (
    "2025-03-01",
    "2025-04-01-preview",
    "2025-08-01-preview",
    "2026-02-01-preview",
    "2026-03-02-preview",
    "2026-06-01",
    "2026-06-02-preview",
)
MESH_API_VERSIONS: Final = ("2026-03-02-preview", "2026-06-02-preview")
"""Those that have cluster mesh profiles."""
GROUP_LABEL_SINCE: Final = "2026-03-02-preview"
"""Of the recordings, those with this api-version and later show a member's update group as a label, too."""
PROVIDER: Final = "Microsoft.ContainerService"
SUBSCRIPTION: Final = "/subscriptions/{subscription}"
FLEETS: Final = f"{SUBSCRIPTION}/resourceGroups/{{group}}/providers/{PROVIDER}/fleets"
FLEET: Final = f"{FLEETS}/{{fleet}}"

Children = dict[str, FleetResource]


class Resources:
    """The estate, as the routes see it."""

    def __init__(self, estate: Estate, clock: SimulatedClock) -> None:
        self.estate = estate
        self.clock = clock

    def find_fleet(self, request: ArmRequest) -> Fleet | None:
        """The fleet in the path, if it exists."""
        return self.estate.fleets.get(self.fleet_id(request).lower())

    def fleet(self, request: ArmRequest) -> Fleet:
        """The fleet in the path.

        Raises:
            ArmError: 404, it or its resource group does not exist.
        """
        fleet = self.find_fleet(request)
        if fleet is None:
            find_group(self.estate, request.params["group"])
            raise resource_not_found(f"{PROVIDER}/fleets/{request.params['fleet']}", request.params["group"])
        return fleet

    def fleet_id(self, request: ArmRequest) -> str:
        """The id that the path means."""
        subscription, group, fleet = (request.params[name] for name in ("subscription", "group", "fleet"))
        return f"/subscriptions/{subscription}/resourceGroups/{group}/providers/{PROVIDER}/fleets/{fleet}"

    def child(self, request: ArmRequest, children: Children, kind: str) -> FleetResource:
        """A child in the path.

        Raises:
            ArmError: 404, it does not exist.
        """
        name = request.params["name"]
        child = children.get(name.lower())
        if child is None:
            resource = f"{PROVIDER}/fleets/{request.params['fleet']}/{kind}/{name}"
            raise resource_not_found(resource, request.params["group"])
        return child

    def put(
        self,
        request: ArmRequest,
        fleet: Fleet,
        children: Children,
        kind: str,
        properties: dict[str, Json],
    ) -> tuple[FleetResource, bool]:
        """Create or replace the child in the path, if the request's conditions hold; it, and whether it is new.

        Raises:
            ArmError: 412 they do not hold, 409 the fleet is being deleted.
        """
        name = request.params["name"]
        existing = children.get(name.lower())
        check_preconditions(request, existing.etag if existing is not None else None)
        return self.write(fleet, children, kind, name, properties)

    def write(
        self, fleet: Fleet, children: Children, kind: str, name: str, properties: dict[str, Json]
    ) -> tuple[FleetResource, bool]:
        """Create or replace a child; the child, and whether it is new.

        Raises:
            ArmError: 409, the fleet is being deleted.
        """
        if fleet.provisioning_state == "Deleting":
            raise ArmError(409, "OperationNotAllowed", f"The fleet '{fleet.name}' is being deleted.")
        now, existing = self.clock.now(), children.get(name.lower())
        child = existing or FleetResource(
            id=f"{fleet.id}/{kind}/{name}",
            name=name,
            type=f"{PROVIDER}/fleets/{kind}",
            properties={},
            etag="",
            created_at=now,
            modified_at=now,
        )
        child.properties = {**properties, "provisioningState": "Succeeded"}
        children[name.lower()] = child
        self.changed(child)
        return child, existing is None

    def delete(self, request: ArmRequest, children: Children) -> FleetResource | None:
        """Delete a child, if the request's conditions hold; None if there was none."""
        child = children.get(request.params["name"].lower())
        check_preconditions(request, child.etag if child is not None else None)
        if child is not None:
            del children[child.name.lower()]
            self.estate.touch()
        return child

    def changed(self, child: FleetResource) -> None:
        """Note that a child was written."""
        child.modified_at = self.clock.now()
        child.etag = new_etag(child.modified_at)
        self.estate.touch()


def show(child: FleetResource) -> dict[str, Json]:
    """A child as ARM shows it, keys in alphabetical order; only a tracked one has a location and tags."""
    tracked: dict[str, Json] = {} if child.location is None else {"location": child.location, "tags": {**child.tags}}
    shown: dict[str, Json] = {
        "eTag": child.etag,
        "id": child.id,
        "name": child.name,
        "properties": child.properties,
        "systemData": system_data(child.created_at, child.modified_at),
        "type": child.type,
        **tracked,
    }
    return canonical(shown)
