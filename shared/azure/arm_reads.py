"""Reads of Azure Resource Manager as the JSON that they are, on the same pipeline as the SDK's clients.

The SDK's models are not used for what may be long: making them takes 4 ms a cluster, so that a list of 1,000 clusters
took longer than everything else from a release to a started run (`tools/benchmarks/latency.py`). The groups and methods
have the SDK's names. Of Resource Graph's rows, the SDK copies every value one by one, which was most of a sweep's time.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

from azure.core.exceptions import (
    ClientAuthenticationError,
    HttpResponseError,
    ResourceNotFoundError,
    map_error,
)
from azure.core.pipeline.policies import ContentDecodePolicy
from azure.core.rest import HttpRequest, HttpResponse
from azure.mgmt.core import ARMPipelineClient
from azure.mgmt.core.exceptions import ARMErrorFormat

from shared.azure import api_versions
from shared.azure.aks.parse_cluster import CLUSTER_FIELDS
from shared.azure.arm_pipeline import make_policies
from shared.azure.connection import Connection
from shared.azure.fleet.parse_fleet import MEMBER_FIELDS
from shared.azure.fleet.parse_update_run import RUN_FIELDS
from shared.azure.json_value import JsonObject, objects_at, text_at
from shared.azure.projected_json import ProjectedJson, json_object
from shared.azure.projection import Projection

_ERRORS = {401: ClientAuthenticationError, 404: ResourceNotFoundError}
_RESOURCE_GRAPH = "/providers/Microsoft.ResourceGraph/resources"
_PROVIDER = "providers/Microsoft.ContainerService"


def fields_in_list(fields: Projection) -> ProjectedJson:
    """The fields of resources in the pages of a list."""
    return ProjectedJson(Projection("nextLink", *(f"value[].{path}" for path in fields.paths)))


_CLUSTERS, _MEMBERS, _RUNS = map(fields_in_list, (CLUSTER_FIELDS, MEMBER_FIELDS, RUN_FIELDS))


class ArmReads:
    """One client covers all subscriptions; safe to use from several threads.

    Its methods raise `HttpResponseError` for a refusal or a response that is no JSON object, and `AzureError` for none.
    """

    def __init__(self, connection: Connection) -> None:
        decoded_here = [policy for policy in make_policies(connection) if not isinstance(policy, ContentDecodePolicy)]
        self._pipeline: ARMPipelineClient[HttpRequest, HttpResponse] = ARMPipelineClient(
            base_url=connection.settings.arm_endpoint, policies=decoded_here, transport=connection.transport()
        )
        fleet = connection.settings.fleet_api_version
        self.managed_clusters = _ManagedClusters(self)
        self.fleet_members = _FleetChildren(self, "members", fleet, _MEMBERS)
        self.update_runs = _UpdateRuns(self, "updateRuns", fleet, _RUNS)

    def resources(self, query: Mapping[str, object]) -> bytes:
        """The response of Resource Graph to a query: one page, as text."""
        version = {"api-version": api_versions.RESOURCE_GRAPH}
        return self._send(HttpRequest("POST", _RESOURCE_GRAPH, params=version, json=dict(query)))

    def get(self, path: str, api_version: str) -> JsonObject:
        """A resource."""
        return json_object(self._send(HttpRequest("GET", path, params={"api-version": api_version})))

    def list(self, path: str, api_version: str, fields: ProjectedJson) -> Iterator[JsonObject]:
        """The resources of a list with these fields, as `fields_in_list` has them, page by page."""
        page = fields.read(self._send(HttpRequest("GET", path, params={"api-version": api_version})))
        yield from objects_at(page, "value")
        while following := text_at(page, "nextLink"):
            page = fields.read(self._send(HttpRequest("GET", _with_version(following, api_version))))
            yield from objects_at(page, "value")

    def _send(self, request: HttpRequest) -> bytes:
        request.url = self._pipeline.format_url(request.url)
        response = self._pipeline.send_request(request)
        if response.status_code != 200:
            map_error(status_code=response.status_code, response=response, error_map=_ERRORS)
            raise HttpResponseError(response=response, error_format=ARMErrorFormat)
        return response.content


@dataclass(frozen=True, slots=True)
class _ManagedClusters:
    reads: ArmReads

    def list(self, subscription: str) -> Iterator[JsonObject]:
        """The clusters of a subscription."""
        path = _path("subscriptions", subscription, _PROVIDER, "managedClusters")
        return self.reads.list(path, api_versions.AKS, _CLUSTERS)

    def list_by_resource_group(self, subscription: str, group: str) -> Iterator[JsonObject]:
        """The clusters of a resource group."""
        path = _path("subscriptions", subscription, "resourceGroups", group, _PROVIDER, "managedClusters")
        return self.reads.list(path, api_versions.AKS, _CLUSTERS)


@dataclass(frozen=True, slots=True)
class _FleetChildren:
    reads: ArmReads
    kind: str
    api_version: str
    fields: ProjectedJson

    def list_by_fleet(self, subscription: str, group: str, fleet: str) -> Iterator[JsonObject]:
        """All children of this kind."""
        return self.reads.list(self.path(subscription, group, fleet), self.api_version, self.fields)

    def path(self, subscription: str, group: str, fleet: str, *name: str) -> str:
        """The path of the list, or of one child."""
        parts = ("subscriptions", subscription, "resourceGroups", group, _PROVIDER, "fleets", fleet, self.kind)
        return _path(*parts, *name)


@dataclass(frozen=True, slots=True)
class _UpdateRuns(_FleetChildren):
    def get(self, subscription: str, group: str, fleet: str, name: str) -> JsonObject:
        """One update run."""
        return self.reads.get(self.path(subscription, group, fleet, name), self.api_version)


def _with_version(url: str, api_version: str) -> str:
    """The URL of another page, in the same api-version, as the SDK asks for it."""
    parts = urlsplit(url)
    query = [(name, value) for name, value in parse_qsl(parts.query) if name.lower() != "api-version"]
    return urlunsplit(parts._replace(query=urlencode([*query, ("api-version", api_version)], safe="$")))


def _path(*parts: str) -> str:
    return "".join(f"/{part if part == _PROVIDER else quote(part, safe='')}" for part in parts)
