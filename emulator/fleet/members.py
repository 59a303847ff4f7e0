"""Members of fleets."""

from __future__ import annotations

from emulator.arm import ArmRequest, ArmResponse, ArmRouter
from emulator.etag import check_preconditions
from emulator.fleet.content import object_at, text_at
from emulator.fleet.operations import Operations
from emulator.fleet.resources import API_VERSIONS, FLEET, Resources, listed, show
from emulator.fleet.rules import check_name, invalid
from emulator.json_value import Json
from emulator.state import FleetResource, ManagedCluster

_KIND = "members"


class Members:
    """Routes for members."""

    def __init__(self, resources: Resources, operations: Operations) -> None:
        self._resources = resources
        self._operations = operations

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
        return listed(request, self._resources.fleet(request).members.values())

    def _get(self, request: ArmRequest) -> ArmResponse:
        return ArmResponse(body=show(self._member(request)))

    def _put(self, request: ArmRequest) -> ArmResponse:
        fleet = self._resources.fleet(request)
        check_name(request.params["name"])
        properties = object_at(request.object_body(), "properties")
        cluster = self._cluster(text_at(properties, "clusterResourceId"))
        written: dict[str, Json] = {
            "clusterResourceId": text_at(properties, "clusterResourceId"),
            "labels": {**object_at(properties, "labels"), **_labels(cluster, request.params["name"])},
            "status": {},
        }
        if text_at(properties, "group"):
            check_name(text_at(properties, "group"))
            written["group"] = text_at(properties, "group")
        member, is_new = self._resources.put(request, fleet, fleet.members, _KIND, written)
        headers = self._operations.begin(request, fleet.region)
        return ArmResponse(201 if is_new else 200, _in_state(member, "Joining" if is_new else "Updating"), headers)

    def _patch(self, request: ArmRequest) -> ArmResponse:
        member = self._member(request)
        check_preconditions(request, member.etag)
        properties = object_at(request.object_body(), "properties")
        if text_at(properties, "group"):
            check_name(text_at(properties, "group"))
            member.properties["group"] = text_at(properties, "group")
        if "labels" in properties:
            own = {
                name: value
                for name, value in object_at(member.properties, "labels").items()
                if name.startswith("fleet.azure.com/")
            }
            member.properties["labels"] = {**object_at(properties, "labels"), **own}
        self._resources.changed(member)
        return ArmResponse(body=show(member))

    def _delete(self, request: ArmRequest) -> ArmResponse:
        fleet = self._resources.fleet(request)
        member = self._resources.delete(request, fleet.members)
        if member is None:
            return ArmResponse(204)
        headers = self._operations.begin(request, fleet.region, with_location=True)
        return ArmResponse(202, _in_state(member, "Leaving"), headers)

    def _member(self, request: ArmRequest) -> FleetResource:
        return self._resources.child(request, self._resources.fleet(request).members, _KIND)

    def _cluster(self, cluster_id: str) -> ManagedCluster:
        cluster = self._resources.estate.clusters.get(cluster_id.lower())
        if cluster is None:
            raise invalid(f"The cluster '{cluster_id}' does not exist.", "properties.clusterResourceId")
        return cluster


def _labels(cluster: ManagedCluster, member: str) -> dict[str, Json]:
    """The labels that the service adds itself."""
    return {
        "fleet.azure.com/cluster-name": cluster.name,
        "fleet.azure.com/location": cluster.region,
        "fleet.azure.com/member-name": member,
        "fleet.azure.com/resource-group": cluster.resource_group,
        "fleet.azure.com/subscription-id": cluster.id.split("/")[2],
    }


def _in_state(member: FleetResource, state: str) -> dict[str, Json]:
    shown = show(member)
    return {**shown, "properties": {**object_at(shown, "properties"), "provisioningState": state}}
