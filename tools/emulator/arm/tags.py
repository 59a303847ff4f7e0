"""Tags as an extension of resources: `Microsoft.Resources/tags/default` below the id of a scope.

Requests and bodies are those of the REST API of `Microsoft.Resources`, 2021-04-01 and later. UNVERIFIED: that a change
is done at once (ARM may also accept it with 202), also while an operation on the resource is in progress.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Final, TypeAlias

from tools.emulator.arm.body import Field
from tools.emulator.arm.errors import ArmError, resource_not_found
from tools.emulator.arm.message import ArmRequest, ArmResponse
from tools.emulator.arm.resource_groups import API_VERSIONS, find_group
from tools.emulator.arm.router import ArmRouter
from tools.emulator.arm.tag_rules import OPERATIONS, changed_tags, check_count, tags_of
from tools.emulator.etag import new_etag
from tools.emulator.state import Estate, Fleet, FleetResource, ManagedCluster, ResourceGroup
from tools.json_value import Json

_SUBSCRIPTION: Final = "/subscriptions/{subscription}"
_GROUP: Final = f"{_SUBSCRIPTION}/resourceGroups/{{group}}"
_RESOURCE: Final = f"{_GROUP}/providers/{{provider}}/{{type}}/{{name}}"
_SCOPES: Final = (_SUBSCRIPTION, _GROUP, _RESOURCE, f"{_RESOURCE}/{{child_type}}/{{child}}")
_TAGS: Final = "/providers/Microsoft.Resources/tags/default"
_SINCE: Final = "2019-10-01"

_Tagged: TypeAlias = Estate | ResourceGroup | Fleet | FleetResource | ManagedCluster


class Tags:
    """Routes for the tags of the subscription, of groups and of tracked resources."""

    def __init__(self, estate: Estate, now: Callable[[], datetime]) -> None:
        self._estate = estate
        self._now = now

    def register(self, router: ArmRouter) -> None:
        """Add the routes."""
        versions = [version for version in API_VERSIONS if version >= _SINCE]
        for scope in _SCOPES:
            for method, handler in (
                ("GET", self._get),
                ("PUT", self._put),
                ("PATCH", self._patch),
                ("DELETE", self._delete),
            ):
                router.add(method, f"{scope}{_TAGS}", handler, api_versions=versions)

    def _get(self, request: ArmRequest) -> ArmResponse:
        return _shown(request, self._find(request))

    def _put(self, request: ArmRequest) -> ArmResponse:
        tagged, given = self._find(request), Field(request.object_body()).at("properties", "tags")
        self._write(tagged, tags_of(given))
        return _shown(request, tagged)

    def _patch(self, request: ArmRequest) -> ArmResponse:
        tagged, body = self._find(request), Field(request.object_body())
        operation, given = body.at("operation"), body.at("properties", "tags")
        if operation.text() not in OPERATIONS:  # UNVERIFIED: the code and the words
            raise ArmError(
                400,
                "InvalidParameter",
                f"'{operation.text()}' is not a value of 'operation'; it must be one of {', '.join(OPERATIONS)}.",
                target=operation.path,
            )
        tags = changed_tags(operation.text(), tagged.tags, tags_of(given))
        check_count(tags, given.path)
        self._write(tagged, tags)
        return _shown(request, tagged)

    def _delete(self, request: ArmRequest) -> ArmResponse:
        self._write(self._find(request), {})
        return ArmResponse(200)

    def _write(self, tagged: _Tagged, tags: dict[str, str]) -> None:
        """Have something have exactly these tags; what has an eTag gets another one."""
        tagged.tags = tags
        version = self._estate.touch()
        if isinstance(tagged, ManagedCluster):
            tagged.version = version
        if isinstance(tagged, Fleet | FleetResource):
            tagged.modified_at = self._now()
            tagged.etag = new_etag(tagged.modified_at)

    def _find(self, request: ArmRequest) -> _Tagged:
        """What has the id of the path's scope.

        Raises:
            ArmError: 404, there is nothing, or its resource group does not exist; 400, it cannot have tags.
        """
        if "group" not in request.params:
            return self._estate
        group = find_group(self._estate, request.params["group"])
        if "provider" not in request.params:
            return group
        if "child" in request.params:
            return self._child(request, group)
        scope = _scope(request).lower()
        found = self._estate.fleets.get(scope) or self._estate.clusters.get(scope)
        if found is None:
            provider, kind, name = (request.params[part] for part in ("provider", "type", "name"))
            raise resource_not_found(f"{provider}/{kind}/{name}", group.name)
        return found

    def _child(self, request: ArmRequest, group: ResourceGroup) -> FleetResource:
        """A managed namespace; all other children are no tracked resources. UNVERIFIED: ARM's refusal of tags there."""
        parent, _, child = _scope(request).rpartition(f"/{request.params['child_type']}/")
        fleet = self._estate.fleets.get(parent.lower())
        if request.params["child_type"].lower() != "managednamespaces":
            raise ArmError(400, "TagsNotSupported", f"The resource '{_scope(request)}' does not support tags.")
        found = None if fleet is None else fleet.namespaces.get(child.lower())
        if found is None:
            path = "/".join(request.params[part] for part in ("provider", "type", "name", "child_type", "child"))
            raise resource_not_found(path, group.name)
        return found


def _scope(request: ArmRequest) -> str:
    return request.path[: -len(_TAGS)]


def _shown(request: ArmRequest, tagged: _Tagged) -> ArmResponse:
    body: dict[str, Json] = {
        "id": f"{_scope(request)}{_TAGS}",
        "name": "default",
        "type": "Microsoft.Resources/tags",
        "properties": {"tags": {**tagged.tags}},
    }
    return ArmResponse(body=body)
