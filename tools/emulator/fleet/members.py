"""Members of fleets."""

from __future__ import annotations

from typing import Final

from tools.emulator.arm import ArmRequest, ArmResponse, ArmRouter, list_page
from tools.emulator.arm.body import Field, object_at
from tools.emulator.arm.preconditions import check_preconditions
from tools.emulator.fleet.async_writes import AsyncWrites
from tools.emulator.fleet.list_filter import filtered
from tools.emulator.fleet.mesh_members import members_of_mesh
from tools.emulator.fleet.operations import Operations
from tools.emulator.fleet.resources import (
    API_VERSIONS,
    FLEET,
    GROUP_LABEL_SINCE,
    MESH_API_VERSIONS,
    Resources,
    show,
)
from tools.emulator.fleet.rules import check_name
from tools.emulator.fleet.rules.members import check_group_and_labels, cluster_of
from tools.emulator.specification import check_specified
from tools.emulator.state import ConnectedCluster, FleetResource, ManagedCluster
from tools.json_value import Json

_KIND: Final = "members"
_FILTERS: Final = ("group", "provisioningState")
_MESH: Final = "meshProperties"
_SERVICE_LABELS: Final = "fleet.azure.com/"
_GROUP_LABEL: Final = f"{_SERVICE_LABELS}group"


class Members:
    """Routes for members."""

    def __init__(self, resources: Resources, operations: Operations) -> None:
        self._resources = resources
        self._writes = AsyncWrites(resources, operations)

    def register(self, router: ArmRouter) -> None:
        """Add the routes."""
        member = f"{FLEET}/{_KIND}/{{name}}"
        for method, template, handler in (
            ("GET", f"{FLEET}/{_KIND}", self._list),
            ("GET", member, self._get),
            ("PUT", member, self._put),
            ("PATCH", member, self._patch),
            ("DELETE", member, self._delete),
        ):
            router.add(method, template, handler, api_versions=API_VERSIONS)

    def _list(self, request: ArmRequest) -> ArmResponse:
        fleet = self._resources.fleet(request)
        members = self._writes.read_all(fleet.members)
        wanted = members_of_mesh(request, fleet) if request.api_version in MESH_API_VERSIONS else None
        wanted = filtered(request, members, _FILTERS) if wanted is None else wanted
        shown: list[Json] = [_show(request.api_version, member) for member in wanted]
        return ArmResponse(body=list_page(request, shown))

    def _get(self, request: ArmRequest) -> ArmResponse:
        fleet = self._resources.fleet(request)
        return ArmResponse(body=_show(request.api_version, self._writes.read(request, fleet.members, _KIND)))

    def _put(self, request: ArmRequest) -> ArmResponse:
        fleet = self._resources.fleet(request)
        name = request.params["name"]
        check_name(name)
        properties = Field(request.object_body()).at("properties")
        existing = fleet.members.get(name.lower())
        check_group_and_labels(properties, request.api_version)
        cluster = cluster_of(properties, self._resources.estate, existing, fleet.region)
        self._writes.check_idle(existing)
        check_specified(request)
        labels: dict[str, Json] = {**_own(properties.at("labels").object()), **_service_labels(cluster, name)}
        written: dict[str, Json] = {
            "clusterResourceId": properties.at("clusterResourceId").text(),
            "labels": labels,
        }
        if properties.at("group").text():
            written["group"] = properties.at("group").text()
        if existing is not None and _MESH in existing.properties:
            written[_MESH] = existing.properties[_MESH]
        member, is_new = self._resources.put(request, fleet, fleet.members, _KIND, written)
        _label_group(member, request.api_version)
        headers = self._writes.begin(request, fleet, member, "Joining" if is_new else "Updating")
        return ArmResponse(201 if is_new else 200, _show(request.api_version, member), headers)

    def _patch(self, request: ArmRequest) -> ArmResponse:
        """Group and labels, at once. UNVERIFIED: that an empty group removes it, and labels replace all earlier ones.

        `createdAt` of a patched member changed as well when it was recorded.
        """
        member = self._resources.child(request, self._resources.fleet(request).members, _KIND)
        check_preconditions(request, member.etag)
        properties = Field(request.object_body()).at("properties")
        check_group_and_labels(properties, request.api_version)
        self._writes.check_idle(member)
        if "group" in properties.object():
            member.properties.pop("group", None)
            if properties.at("group").text():
                member.properties["group"] = properties.at("group").text()
        if "labels" in properties.object():
            known = object_at(member.properties, "labels")
            added = {name: value for name, value in known.items() if name.startswith(_SERVICE_LABELS)}
            member.properties["labels"] = {**_own(properties.at("labels").object()), **added}
        _label_group(member, request.api_version)
        self._resources.changed(member)
        member.created_at = member.modified_at
        return ArmResponse(body=_show(request.api_version, member))

    def _delete(self, request: ArmRequest) -> ArmResponse:
        fleet = self._resources.fleet(request)
        return self._writes.delete(request, fleet, fleet.members, "Leaving")


def _show(api_version: str, member: FleetResource) -> dict[str, Json]:
    """A member as ARM shows it; what mesh it is in only where the api-version has meshes."""
    shown = show(member)
    if api_version not in MESH_API_VERSIONS:
        properties = object_at(shown, "properties")
        shown["properties"] = {key: value for key, value in properties.items() if key != _MESH}
    return shown


def _label_group(member: FleetResource, api_version: str) -> None:
    """Set the label of the update group, which newer recordings have; without a group there is none."""
    labels = {key: value for key, value in object_at(member.properties, "labels").items() if key != _GROUP_LABEL}
    if "group" in member.properties and api_version >= GROUP_LABEL_SINCE:
        labels[_GROUP_LABEL] = member.properties["group"]
    member.properties["labels"] = labels


def _own(labels: dict[str, Json]) -> dict[str, Json]:
    """A caller's labels; those of the service are its own to set, so that a member read and sent back is taken."""
    return {name: value for name, value in labels.items() if not name.startswith(_SERVICE_LABELS)}


def _service_labels(cluster: ManagedCluster | ConnectedCluster, member: str) -> dict[str, Json]:
    """The labels that the service adds itself."""
    return {
        f"{_SERVICE_LABELS}cluster-name": cluster.name,
        f"{_SERVICE_LABELS}location": cluster.region,
        f"{_SERVICE_LABELS}member-name": member,
        f"{_SERVICE_LABELS}resource-group": cluster.resource_group,
        f"{_SERVICE_LABELS}subscription-id": cluster.id.split("/")[2],
    }
