"""How ARM responds on every route of Fleet and AKS: statuses, the model of the body, whether an operation begins."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto
from typing import Final, Literal, NotRequired, TypedDict

from azure.mgmt.containerservice import models as aks
from azure.mgmt.containerservicefleet import models as fleet


class Work(Enum):
    """How a request is carried out: at once, or by an operation whose URLs stand in headers of the response."""

    AT_ONCE = auto()
    OPERATION = auto()
    EITHER = auto()


@dataclass(frozen=True)
class Response:
    """A right response. `is_page`: the body is a list of `model`. Without a model there is no body."""

    statuses: frozenset[int]
    model: type[object] | None
    work: Work = Work.AT_ONCE
    is_page: bool = False


@dataclass(frozen=True)
class Route:
    """A method and the paths it is for. `is_fleet`: Fleet, as opposed to AKS, whose eTags and headers differ."""

    method: str
    path: re.Pattern[str]
    response: Response
    is_fleet: bool


class OperationStatus(TypedDict):
    """What polling an operation gives; the SDKs have no model of it."""

    name: str
    status: Literal["InProgress", "Succeeded", "Failed", "Canceled"]
    startTime: datetime
    endTime: NotRequired[datetime]
    error: NotRequired[fleet.ErrorDetail]


class FlatError(TypedDict):
    """How AKS refuses a write: without the `error` around it."""

    code: str
    details: None
    message: str
    subcode: str


class Tags(TypedDict):
    """The tags in `TagsResource`."""

    tags: dict[str, str]


class TagsResource(TypedDict):
    """The tags of a scope, as in `azure-mgmt-resource`."""

    id: str
    name: Literal["default"]
    type: Literal["Microsoft.Resources/tags"]
    properties: Tags


class MeshSelector(TypedDict):
    """Of a cluster mesh profile."""

    byLabel: str


class MeshStatus(TypedDict):
    """Of a cluster mesh profile."""

    state: Literal["NotConnected", "Applying", "Connected"]
    lastOperationId: str
    lastAppliedMemberSelector: NotRequired[MeshSelector]


class MeshProperties(TypedDict):
    """Of a cluster mesh profile, which the locked SDK does not have yet."""

    memberSelector: NotRequired[MeshSelector]
    provisioningState: str
    status: MeshStatus


class Mesh(TypedDict):
    """A cluster mesh profile, in the specification of 2026-06-02-preview."""

    eTag: str
    id: str
    name: str
    properties: MeshProperties
    systemData: fleet.SystemData
    type: Literal["Microsoft.ContainerService/fleets/clusterMeshProfiles"]


class Absent(TypedDict):
    """What the emulator never has."""


class NodeImage(TypedDict):
    """An item of `nodeImageVersions`, which exists in previews only and so in no SDK."""

    fullName: str
    os: str
    sku: str
    version: str


_SUBSCRIPTION: Final = "/subscriptions/{}"
_PROVIDER: Final = "providers/Microsoft.ContainerService"
_GROUP: Final = f"{_SUBSCRIPTION}/resourceGroups/{{}}/{_PROVIDER}"
_FLEET: Final = f"{_GROUP}/fleets/{{}}"
_CLUSTER: Final = f"{_GROUP}/managedClusters/{{}}"
_LOCATION: Final = f"{_SUBSCRIPTION}/{_PROVIDER}/locations/{{}}"


def _one(*statuses: int, of: type[object] | None, work: Work = Work.AT_ONCE) -> Response:
    return Response(frozenset(statuses), of, work)


def _page(of: type[object]) -> Response:
    return Response(frozenset({200}), of, is_page=True)


def _fleet_routes() -> Iterator[tuple[str, str, Response]]:
    """Statuses as recorded, and 204 for deleting what is not there."""
    yield from _crud(_FLEET, fleet.Fleet, put=Work.OPERATION, patch=Work.AT_ONCE, delete=(202, 204))
    yield "GET", f"{_SUBSCRIPTION}/{_PROVIDER}/fleets", _page(fleet.Fleet)
    yield "POST", f"{_FLEET}/listCredentials", _one(200, of=fleet.FleetCredentialResults)
    member = f"{_FLEET}/members/{{}}"
    yield from _crud(member, fleet.FleetMember, put=Work.OPERATION, patch=Work.AT_ONCE, delete=(202, 204))
    yield from _crud(f"{_FLEET}/updateStrategies/{{}}", fleet.FleetUpdateStrategy, delete=(200, 204))
    run = f"{_FLEET}/updateRuns/{{}}"
    yield from _crud(run, fleet.UpdateRun, delete=(200, 204))
    for action in ("start", "stop", "skip"):
        yield "POST", f"{run}/{action}", _one(200, of=fleet.UpdateRun)
    gates = f"{_FLEET}/gates"
    yield "GET", gates, _page(fleet.Gate)
    yield "GET", f"{gates}/{{}}", _one(200, of=fleet.Gate)
    yield "PATCH", f"{gates}/{{}}", _one(200, of=fleet.Gate)
    profile = f"{_FLEET}/autoUpgradeProfiles/{{}}"
    yield from _crud(profile, fleet.AutoUpgradeProfile, delete=(204,))
    yield "POST", f"{profile}/generateUpdateRun", _one(200, of=fleet.GenerateResponse)
    mesh = f"{_FLEET}/clusterMeshProfiles/{{}}"
    yield from _crud(mesh, Mesh, delete=(204,))
    yield "POST", f"{mesh}/apply", _one(200, of=Mesh)
    namespace, model = f"{_FLEET}/managedNamespaces/{{}}", fleet.FleetManagedNamespace
    yield from _crud(namespace, model, put=Work.EITHER, patch=Work.EITHER, delete=(202, 204))


def _crud(
    path: str,
    model: type[object],
    *,
    put: Work = Work.AT_ONCE,
    patch: Work | None = None,
    delete: tuple[int, ...],
) -> Iterator[tuple[str, str, Response]]:
    yield "GET", path.rpartition("/")[0], _page(model)
    yield "GET", path, _one(200, of=model)
    yield "PUT", path, _one(200, 201, of=model, work=put)
    if patch is not None:
        yield "PATCH", path, _one(200, 202, of=model, work=patch)
    begins_operation = 202 in delete
    yield "DELETE", path, _one(*delete, of=model, work=Work.OPERATION if begins_operation else Work.AT_ONCE)


def _aks_routes() -> Iterator[tuple[str, str, Response]]:
    """AKS, and the operations of both, whose responses are of the same form."""
    yield "GET", f"{_SUBSCRIPTION}/{_PROVIDER}/managedClusters", _page(aks.ManagedCluster)
    yield "GET", f"{_GROUP}/managedClusters", _page(aks.ManagedCluster)
    yield "GET", _CLUSTER, _one(200, of=aks.ManagedCluster)
    yield "PUT", _CLUSTER, _one(200, 201, of=aks.ManagedCluster, work=Work.OPERATION)
    yield "PATCH", _CLUSTER, _one(200, of=aks.ManagedCluster)
    yield "DELETE", _CLUSTER, _one(202, 204, of=None, work=Work.OPERATION)
    for action in ("listClusterUserCredential", "listClusterAdminCredential"):
        yield "POST", f"{_CLUSTER}/{action}", _one(200, of=aks.CredentialResults)
    yield "GET", f"{_CLUSTER}/upgradeProfiles/default", _one(200, of=aks.ManagedClusterUpgradeProfile)
    yield "GET", f"{_CLUSTER}/agentPools", _page(aks.AgentPool)
    yield "GET", f"{_CLUSTER}/agentPools/{{}}", _one(200, of=aks.AgentPool)
    yield "PUT", f"{_CLUSTER}/agentPools/{{}}", _one(200, 201, of=aks.AgentPool, work=Work.OPERATION)
    yield "DELETE", f"{_CLUSTER}/agentPools/{{}}", _one(202, 204, of=None, work=Work.OPERATION)
    yield "GET", f"{_CLUSTER}/agentPools/{{}}/upgradeProfiles/default", _one(200, of=aks.AgentPoolUpgradeProfile)
    for action in ("start", "stop"):
        yield "POST", f"{_CLUSTER}/{action}", _one(202, of=None, work=Work.OPERATION)
    action = f"{_CLUSTER}/agentPools/{{}}/upgradeNodeImageVersion"
    yield "POST", action, _one(202, of=aks.AgentPool, work=Work.OPERATION)
    yield "GET", f"{_LOCATION}/operations/{{}}", _one(200, of=OperationStatus)
    yield "GET", f"{_LOCATION}/operationresults/{{}}", _one(202, 204, of=OperationStatus)
    yield "GET", f"{_LOCATION}/nodeImageVersions", _page(NodeImage)
    yield "GET", f"{_LOCATION}/kubernetesVersions", _one(200, of=aks.KubernetesVersionListResult)
    configuration = f"{_CLUSTER}/maintenanceConfigurations/{{}}"
    yield "GET", configuration.rpartition("/")[0], _page(aks.MaintenanceConfiguration)
    yield "GET", configuration, _one(200, of=aks.MaintenanceConfiguration)
    yield "PUT", configuration, _one(200, of=aks.MaintenanceConfiguration)
    yield "DELETE", configuration, _one(200, 204, of=None)


def _extension_routes() -> Iterator[tuple[str, str, Response]]:
    """ARM's own extensions of resources."""
    for scope in (f"{_GROUP}/{{}}/{{}}", f"{_GROUP}/{{}}/{{}}/{{}}/{{}}"):
        for method in ("GET", "PUT", "PATCH"):
            yield method, f"{scope}/providers/Microsoft.Resources/tags/default", _one(200, of=TagsResource)
        yield "DELETE", f"{scope}/providers/Microsoft.Resources/tags/default", _one(200, of=None)
    for kind in ("locks", "roleAssignments"):
        yield "GET", f"{_GROUP}/{{}}/{{}}/providers/Microsoft.Authorization/{kind}", _page(Absent)


def _routes() -> Iterator[Route]:
    for is_fleet, routes in ((True, _fleet_routes()), (False, (*_aks_routes(), *_extension_routes()))):
        for method, template, response in routes:
            pattern = re.compile(re.escape(template).replace(r"\{\}", "[^/]+"), re.IGNORECASE)
            yield Route(method, pattern, response, is_fleet)


ROUTES: Final = tuple(_routes())

_RESOURCES: Final = (
    fleet.AutoUpgradeProfile,
    fleet.Fleet,
    fleet.FleetManagedNamespace,
    fleet.FleetMember,
    fleet.FleetUpdateStrategy,
    fleet.UpdateRun,
)
ALWAYS: Final[Mapping[type[object], tuple[str, ...]]] = {
    **dict.fromkeys(_RESOURCES, ("eTag", "id", "name", "properties", "systemData", "type")),
    fleet.Gate: ("eTag", "id", "name", "properties", "type"),  # no systemData before somebody approves it
    fleet.AutoUpgradeProfileProperties: ("disabled", "provisioningState"),
    fleet.FleetManagedNamespaceProperties: ("provisioningState",),
    fleet.FleetMemberProperties: ("provisioningState",),
    fleet.FleetProperties: ("provisioningState",),
    fleet.FleetUpdateStrategyProperties: ("provisioningState",),
    fleet.GateProperties: ("provisioningState",),
    fleet.SystemData: (
        *("createdAt", "createdBy", "createdByType"),
        *("lastModifiedAt", "lastModifiedBy", "lastModifiedByType"),
    ),
    fleet.UpdateRunProperties: ("provisioningState", "status"),
    fleet.UpdateRunStatus: ("nodeImageSelection", "stages", "status"),
    fleet.UpdateStageStatus: ("groups", "name", "status"),
    fleet.UpdateGroupStatus: ("name", "status"),
    fleet.MemberUpdateStatus: ("clusterResourceId", "name", "status"),
    fleet.UpdateRunGateStatus: ("status",),
    fleet.UpdateStatus: ("state",),
    fleet.WaitStatus: ("status", "waitDurationInSeconds"),
    fleet.ErrorDetail: ("code", "message"),
    aks.ManagedCluster: ("eTag", "id", "name", "properties", "type"),
    aks.ManagedClusterProperties: ("currentKubernetesVersion", "kubernetesVersion", "powerState", "provisioningState"),
    aks.AgentPool: ("id", "name", "properties", "type"),
    aks.MaintenanceConfiguration: ("id", "name", "properties"),
    aks.KubernetesVersionListResult: ("values",),
}
"""Keys that every response has, though the SDKs' models call them optional."""
