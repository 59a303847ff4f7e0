"""Managed namespaces: kept and shown; no hub cluster carries anything out."""

from __future__ import annotations

from typing import Final

from tools.emulator.arm import ArmError, ArmRequest, ArmResponse, ArmRouter, list_page
from tools.emulator.arm.body import Field
from tools.emulator.arm.locations import location_of
from tools.emulator.arm.preconditions import check_preconditions
from tools.emulator.arm.tag_rules import tags_of
from tools.emulator.fleet.async_writes import AsyncWrites
from tools.emulator.fleet.operations import Operations
from tools.emulator.fleet.resources import API_VERSIONS, FLEET, PROVIDER, Resources, show
from tools.emulator.fleet.rules.names import MAXIMUM_NAMESPACE_NAME, check_name
from tools.emulator.fleet.rules.namespaces import check_namespace
from tools.emulator.specification import check_specified
from tools.json_value import Json

_KIND: Final = "managedNamespaces"
_SINCE: Final = "2025-08-01-preview"
_WRITABLE: Final = ("adoptionPolicy", "deletePolicy", "managedNamespaceProperties", "propagationPolicy")


class Namespaces:
    """Routes for managed namespaces."""

    def __init__(self, resources: Resources, operations: Operations) -> None:
        self._resources = resources
        self._writes = AsyncWrites(resources, operations)

    def register(self, router: ArmRouter) -> None:
        """Add the routes."""
        namespace = f"{FLEET}/{_KIND}/{{name}}"
        versions = [version for version in API_VERSIONS if version >= _SINCE]
        for method, template, handler in (
            ("GET", f"{FLEET}/{_KIND}", self._list),
            ("GET", namespace, self._get),
            ("PUT", namespace, self._put),
            ("PATCH", namespace, self._patch),
            ("DELETE", namespace, self._delete),
        ):
            router.add(method, template, handler, api_versions=versions)

    def _list(self, request: ArmRequest) -> ArmResponse:
        namespaces = self._writes.read_all(self._resources.fleet(request).namespaces)
        shown: list[Json] = [show(namespace) for namespace in namespaces]
        return ArmResponse(body=list_page(request, shown))

    def _get(self, request: ArmRequest) -> ArmResponse:
        fleet = self._resources.fleet(request)
        return ArmResponse(body=show(self._writes.read(request, fleet.namespaces, _KIND)))

    def _put(self, request: ArmRequest) -> ArmResponse:
        fleet, name = self._resources.fleet(request), request.params["name"]
        check_name(name, MAXIMUM_NAMESPACE_NAME)
        body = Field(request.object_body())
        if fleet.hub_profile is None:  # UNVERIFIED: the response; a namespace is managed from the hub cluster
            raise ArmError(409, "OperationNotAllowed", f"The fleet '{fleet.name}' has no hub cluster.")
        existing = fleet.namespaces.get(name.lower())
        here = existing.location if existing is not None else None
        location = location_of(body, self._resources.estate.regions, f"{PROVIDER}/fleets/{_KIND}", here, name)
        tags = tags_of(body.at("tags"))
        properties = body.at("properties").object()
        check_namespace(properties)
        check_specified(request)
        self._writes.check_idle(existing)
        written: dict[str, Json] = {key: properties[key] for key in _WRITABLE if properties.get(key) is not None}
        namespace, is_new = self._resources.put(request, fleet, fleet.namespaces, _KIND, written)
        namespace.location, namespace.tags = location, tags
        headers = self._writes.begin(request, fleet, namespace, "Creating" if is_new else "Updating")
        return ArmResponse(201 if is_new else 200, show(namespace), headers)

    def _patch(self, request: ArmRequest) -> ArmResponse:
        """Tags, all of them, at once. UNVERIFIED: whether by an operation."""
        namespace = self._resources.child(request, self._resources.fleet(request).namespaces, _KIND)
        check_preconditions(request, namespace.etag)
        tags = Field(request.object_body()).at("tags")
        self._writes.check_idle(namespace)
        if tags.is_given:
            namespace.tags = tags_of(tags)
            self._resources.changed(namespace)
        return ArmResponse(body=show(namespace))

    def _delete(self, request: ArmRequest) -> ArmResponse:
        fleet = self._resources.fleet(request)
        return self._writes.delete(request, fleet, fleet.namespaces, "Deleting")
