"""Fleets themselves."""

from __future__ import annotations

from emulator.arm import ArmError, ArmRequest, ArmResponse, ArmRouter, list_page, system_data
from emulator.etag import check_preconditions, new_etag
from emulator.fleet.content import object_at, text_at
from emulator.fleet.operations import Operations
from emulator.fleet.resources import API_VERSIONS, FLEET, FLEETS, PROVIDER, SUBSCRIPTION, Resources
from emulator.fleet.rules import MAXIMUM_FLEET_NAME, check_name
from emulator.json_value import Json
from emulator.state import Fleet


class Fleets:
    """Routes for fleets."""

    def __init__(self, resources: Resources, operations: Operations) -> None:
        self._resources = resources
        self._operations = operations

    def register(self, router: ArmRouter) -> None:
        """Add the routes."""
        everywhere = f"{SUBSCRIPTION}/providers/{PROVIDER}/fleets"
        for method, template, handler in (
            ("GET", everywhere, self._list),
            ("GET", FLEETS, self._list),
            ("GET", FLEET, self._get),
            ("PUT", FLEET, self._put),
            ("PATCH", FLEET, self._patch),
            ("DELETE", FLEET, self._delete),
        ):
            router.add(method, template, handler, api_versions=API_VERSIONS)

    def _list(self, request: ArmRequest) -> ArmResponse:
        group = request.params.get("group", "").lower()
        fleets = self._resources.estate.fleets.values()
        shown: list[Json] = [_show(fleet) for fleet in fleets if group in {"", fleet.resource_group.lower()}]
        return ArmResponse(body=list_page(request, shown))

    def _get(self, request: ArmRequest) -> ArmResponse:
        return ArmResponse(body=_show(self._resources.fleet(request)))

    def _put(self, request: ArmRequest) -> ArmResponse:
        name, body, now = request.params["fleet"], request.object_body(), self._resources.clock.now()
        check_name(name, MAXIMUM_FLEET_NAME)
        existing = self._resources.find_fleet(request)
        check_preconditions(request, existing.etag if existing is not None else None)
        if existing is None and not text_at(body, "location"):
            raise ArmError(400, "LocationRequired", "The location property is required for this definition.")
        fleet = existing or Fleet(
            id=self._resources.fleet_id(request),
            name=name,
            resource_group=request.params["group"],
            region=text_at(body, "location").replace(" ", "").lower(),
            tags={},
            etag="",
            created_at=now,
            modified_at=now,
        )
        self._resources.estate.fleets[fleet.id.lower()] = fleet
        self._write(fleet, object_at(body, "tags"))
        state = "Updating" if existing is not None else "Creating"
        headers = self._operations.begin(request, fleet.region)
        return ArmResponse(200 if existing else 201, _show(fleet, state), headers)

    def _patch(self, request: ArmRequest) -> ArmResponse:
        fleet = self._resources.fleet(request)
        check_preconditions(request, fleet.etag)
        body = request.object_body()
        if "tags" in body:  # all of them are replaced. UNVERIFIED: no recording patches a fleet that has others
            self._write(fleet, object_at(body, "tags"))
        return ArmResponse(body=_show(fleet))

    def _delete(self, request: ArmRequest) -> ArmResponse:
        fleet = self._resources.find_fleet(request)
        check_preconditions(request, fleet.etag if fleet is not None else None)
        if fleet is None:
            return ArmResponse(204)
        del self._resources.estate.fleets[fleet.id.lower()]
        self._resources.estate.touch()
        headers = self._operations.begin(request, fleet.region, with_location=True)
        return ArmResponse(202, _show(fleet, "Deleting"), headers)

    def _write(self, fleet: Fleet, tags: dict[str, Json]) -> None:
        fleet.tags = {name: text_at(tags, name) for name in tags}
        fleet.modified_at = self._resources.clock.now()
        fleet.etag = new_etag(fleet.modified_at)
        self._resources.estate.touch()


def _show(fleet: Fleet, state: str | None = None) -> dict[str, Json]:
    return {
        "eTag": fleet.etag,
        "id": fleet.id,
        "location": fleet.region,
        "name": fleet.name,
        "properties": {"provisioningState": state or fleet.provisioning_state, "status": {}},
        "systemData": system_data(fleet.created_at, fleet.modified_at),
        "tags": {**fleet.tags},
        "type": f"{PROVIDER}/fleets",
    }
