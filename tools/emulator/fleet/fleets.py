"""Fleets themselves."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Final

from tools.emulator.arm import ArmError, ArmRequest, ArmResponse, ArmRouter, list_page, system_data
from tools.emulator.arm.body import Field, text_at
from tools.emulator.arm.locations import location_of
from tools.emulator.arm.preconditions import check_preconditions
from tools.emulator.arm.resource_groups import check_writable, find_group
from tools.emulator.arm.tag_rules import tags_of
from tools.emulator.etag import new_etag
from tools.emulator.fleet.canonical import canonical
from tools.emulator.fleet.hub import created_hub, credentials, hub_profile
from tools.emulator.fleet.operations import Operations
from tools.emulator.fleet.resources import API_VERSIONS, FLEET, FLEETS, PROVIDER, SUBSCRIPTION, Resources
from tools.emulator.fleet.rules.fleets import check_hub, check_identity
from tools.emulator.fleet.rules.names import MAXIMUM_FLEET_NAME, check_name
from tools.emulator.specification import check_specified
from tools.emulator.state import Fleet
from tools.json_value import Json

_TYPE: Final = f"{PROVIDER}/fleets"
_NO_IDENTITY: Final[dict[str, Json]] = {"type": "None"}
_CONFIGURATION: Final = {"fleet-configuration-version": "v20260520.1"}
"""A header of every GET of a fleet, as recorded in July 2026 (the extension's `test_fleet_cluster_mesh`)."""
_IDENTITY_STAYS_SINCE: Final = "2026-02-01-preview"
"""Before, a fleet's identity of type None was gone after a PATCH; in the newer recording it stayed."""


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
            ("POST", f"{FLEET}/listCredentials", self._credentials),
        ):
            router.add(method, template, handler, api_versions=API_VERSIONS)

    def _list(self, request: ArmRequest) -> ArmResponse:
        group = request.params.get("group", "").lower()
        if group:
            find_group(self._resources.estate, request.params["group"])
        fleets = self._resources.estate.fleets
        for fleet in list(fleets.values()):
            self._operations.count_read(fleet.id)
        shown: list[Json] = [_show(fleet) for fleet in fleets.values() if group in {"", fleet.resource_group.lower()}]
        headers = {"x-ms-original-request-ids": ", ".join(_request_ids(fleets.values(), group))} if shown else {}
        return ArmResponse(body=list_page(request, shown), headers=headers)

    def _get(self, request: ArmRequest) -> ArmResponse:
        self._operations.count_read(self._resources.fleet(request).id)
        return ArmResponse(body=_show(self._resources.fleet(request)), headers=_CONFIGURATION)

    def _put(self, request: ArmRequest) -> ArmResponse:
        name, now = request.params["fleet"], self._resources.clock.now()
        body = Field(request.object_body())
        check_name(name, MAXIMUM_FLEET_NAME)
        check_writable(self._resources.estate, request.params["group"])
        existing = self._resources.find_fleet(request)
        check_preconditions(request, existing.etag if existing is not None else None)
        here = existing.region if existing is not None else None
        region = location_of(body, self._resources.estate.regions, _TYPE, here, name)
        tags, identity, hub = tags_of(body.at("tags")), body.at("identity"), body.at("properties", "hubProfile")
        check_identity(identity)
        check_hub(hub, existing)
        check_specified(request)
        if existing is not None:
            self._operations.check_idle(existing.id)
        fleet = existing or Fleet(
            id=self._resources.fleet_id(request),
            name=name,
            resource_group=request.params["group"],
            region=region,
            tags={},
            etag="",
            created_at=now,
            modified_at=now,
        )
        self._resources.estate.fleets[fleet.id.lower()] = fleet
        fleet.tags, fleet.identity = tags, self._identity(identity, fleet)
        fleet.hub_profile = hub_profile(hub, fleet.hub_profile)
        headers = self._begin(request, fleet, "Updating" if existing is not None else "Creating")
        return ArmResponse(200 if existing else 201, _show(fleet), headers)

    def _patch(self, request: ArmRequest) -> ArmResponse:
        """Tags and identity; nothing else is patched.

        UNVERIFIED: that all tags are replaced; no recording patches a fleet that has others.
        """
        fleet = self._resources.fleet(request)
        check_preconditions(request, fleet.etag)
        body = Field(request.object_body())
        tags, identity = body.at("tags"), body.at("identity")
        check_identity(identity)
        new_tags = tags_of(tags)
        self._operations.check_idle(fleet.id)
        if identity.is_given:
            fleet.identity = self._identity(identity, fleet)
        if fleet.identity == _NO_IDENTITY and request.api_version < _IDENTITY_STAYS_SINCE:
            fleet.identity = None
        if tags.is_given:
            fleet.tags = new_tags
        if tags.is_given or identity.is_given:
            self._changed(fleet)
        return ArmResponse(body=_show(fleet))

    def _delete(self, request: ArmRequest) -> ArmResponse:
        """Deleted with all that is in it. UNVERIFIED: that it can still have members."""
        fleet = self._resources.find_fleet(request)
        check_preconditions(request, fleet.etag if fleet is not None else None)
        if fleet is None:
            return ArmResponse(204)
        in_progress = self._operations.deletion(fleet.id)
        if in_progress is not None:
            return ArmResponse(202, _show(fleet), in_progress.headers)
        self._operations.check_idle(fleet.id)
        leaving = [
            member.name
            for member in fleet.members.values()
            if text_at(member.properties, "provisioningState") == "Leaving"
        ]
        if leaving:
            raise ArmError(
                409,
                "OperationNotAllowed",
                f"The fleet '{fleet.name}' cannot be deleted while members are leaving it: {', '.join(leaving)}.",
            )
        headers = self._begin(request, fleet, "Deleting")
        return ArmResponse(202, _show(fleet), headers)

    def _credentials(self, request: ArmRequest) -> ArmResponse:
        return ArmResponse(body=credentials(self._resources.fleet(request), self._resources.estate.tenant))

    def _begin(self, request: ArmRequest, fleet: Fleet, state: str) -> dict[str, str]:
        is_deletion = state == "Deleting"

        def finish() -> None:
            if is_deletion:
                self._resources.estate.delete_fleet(fleet)
            else:
                fleet.provisioning_state = "Succeeded"
                if fleet.hub_profile is not None:
                    fleet.hub_profile = created_hub(fleet.hub_profile, fleet.id, fleet.region)
                self._changed(fleet)

        operation = self._operations.begin(request, fleet.region, fleet.id, finish, is_deletion=is_deletion)
        fleet.provisioning_state = state
        fleet.last_operation_id = operation.name
        self._changed(fleet)
        return operation.headers

    def _changed(self, fleet: Fleet) -> None:
        fleet.modified_at = self._resources.clock.now()
        fleet.etag = new_etag(fleet.modified_at)
        self._resources.estate.touch()

    def _identity(self, identity: Field, fleet: Fleet) -> dict[str, Json] | None:
        """An identity as it is shown; a system-assigned one has its ids."""
        if not identity.is_given:
            return None
        kind = identity.at("type").text()
        shown: dict[str, Json] = {"type": kind}
        if "SystemAssigned" in kind:
            shown["principalId"] = str(uuid.uuid5(uuid.NAMESPACE_URL, fleet.id.lower()))
            shown["tenantId"] = self._resources.estate.tenant
        users = identity.at("userAssignedIdentities").object()
        if users:
            shown["userAssignedIdentities"] = {user: _user(user) for user in users}
        return dict(sorted(shown.items()))


def _request_ids(fleets: Iterable[Fleet], group: str) -> list[str]:
    """An id for each region that a list was gathered from, as recorded: those that have one of its fleets."""
    regions = {fleet.region for fleet in fleets if group in {"", fleet.resource_group.lower()}}
    return [str(uuid.uuid4()) for _ in regions]


def _user(identity_id: str) -> dict[str, Json]:
    derived = [
        str(uuid.uuid5(uuid.NAMESPACE_URL, f"{part}{identity_id.lower()}")) for part in ("client:", "principal:")
    ]
    return {"clientId": derived[0], "principalId": derived[1]}


def _show(fleet: Fleet) -> dict[str, Json]:
    """A fleet as ARM shows it, keys in alphabetical order; what it does not have is omitted, tags included."""
    status: dict[str, Json] = {"lastOperationId": fleet.last_operation_id} if fleet.last_operation_id else {}
    hub: dict[str, Json] = {} if fleet.hub_profile is None else {"hubProfile": fleet.hub_profile}
    identity: dict[str, Json] = {} if fleet.identity is None else {"identity": fleet.identity}
    tags: dict[str, Json] = {"tags": {**fleet.tags}} if fleet.tags else {}
    shown: dict[str, Json] = {
        "eTag": fleet.etag,
        "id": fleet.id,
        **identity,
        "location": fleet.region,
        "name": fleet.name,
        "properties": {**hub, "provisioningState": fleet.provisioning_state, "status": status},
        "systemData": system_data(fleet.created_at, fleet.modified_at),
        **tags,
        "type": _TYPE,
    }
    return canonical(shown)
