"""The resources of the simulated Azure, and their bodies in ARM's form."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

Body = dict[str, object]

BEGINNING = datetime(2026, 8, 2, 22, 30, tzinfo=UTC)
"""Before midnight, so that freezes, which are whole days, begin and end while there are faults."""
SUBSCRIPTION = "00000000-0000-0000-0000-000000000001"
GROUP = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/shops"
PROVIDER = f"{GROUP}/providers/Microsoft.ContainerService"
FLEET = f"{PROVIDER}/fleets/retail"
FAMILY = "AKSUbuntu-2204gen2containerd"

NOT_STARTED, RUNNING, PENDING, STOPPING = "NotStarted", "Running", "Pending", "Stopping"
STOPPED, FAILED, COMPLETED, SKIPPED = "Stopped", "Failed", "Completed", "Skipped"
APPROVED = COMPLETED
"""The state of a gate that was approved."""
UNFINISHED = frozenset({RUNNING, PENDING, STOPPING})
"""States in which Fleet works on a run."""
FINISHED = frozenset({COMPLETED, SKIPPED})


class Refused(Exception):  # noqa: N818 - what Azure does; no error of the simulation
    """Azure refuses a request."""

    def __init__(self, status: int, code: str, message: str) -> None:
        self.status, self.code = status, code
        super().__init__(message)


def text_of(time: float) -> str:
    """A time of the simulation, in seconds, as ARM writes it."""
    return (BEGINNING + timedelta(seconds=time)).isoformat().replace("+00:00", "Z")


def parts(version: str) -> tuple[int, ...]:
    """The numbers of a version or of a node image's version."""
    return tuple(int(part) for part in version.split("."))


def minor(version: str) -> tuple[int, ...]:
    """Major and minor of a version."""
    return parts(version)[:2]


@dataclass
class Cluster:
    """A managed cluster with one node pool."""

    name: str
    region: str
    version: str
    """Of the control plane."""
    node_version: str
    image: str
    """The version of the node image."""
    is_stopped: bool = False
    state: str = "Succeeded"
    changed_at: float = -1e9
    """When it was last stopped or failed, or was started or repaired."""
    failures: int = 0
    """How many of the next upgrades fail."""

    @property
    def id(self) -> str:
        """Its resource id."""
        return f"{PROVIDER}/managedClusters/{self.name}"

    def body(self) -> Body:
        """In ARM's form."""
        pool: Body = {
            "name": "system",
            "mode": "System",
            "osSKU": "Ubuntu2204",
            "currentOrchestratorVersion": self.node_version,
            "nodeImageVersion": f"{FAMILY}-{self.image}",
            "provisioningState": self.state if self.state != "Failed" else "Succeeded",
        }
        properties: Body = {
            "currentKubernetesVersion": self.version,
            "supportPlan": "KubernetesOfficial",
            "powerState": {"code": "Stopped" if self.is_stopped else "Running"},
            "provisioningState": self.state,
            "agentPoolProfiles": [pool],
        }
        return {"id": self.id, "location": self.region, "properties": properties}


@dataclass
class Profile:
    """An auto-upgrade profile."""

    name: str
    channel: str
    disabled: bool = False
    strategy: str = ""
    target: str = ""

    @property
    def id(self) -> str:
        """Its resource id."""
        return f"{FLEET}/autoUpgradeProfiles/{self.name}"

    def body(self) -> Body:
        """In ARM's form."""
        properties: Body = {"channel": self.channel, "disabled": self.disabled}
        if self.strategy:
            properties["updateStrategyId"] = f"{FLEET}/updateStrategies/{self.strategy}"
        if self.target:
            properties["targetKubernetesVersion"] = self.target
        return {"id": self.id, "properties": properties}


@dataclass
class MemberRun:
    """A member in a run."""

    name: str
    state: str = NOT_STARTED
    attempt: int = 0
    """Counts what is begun, so that what comes too late changes nothing."""
    skipped_by: str = ""
    """Who had it skipped: `person` or `app`; empty if no one or Fleet."""


@dataclass
class Run:
    """An update run: stages of members; the members of a stage are upgraded at once, or one by one."""

    name: str
    kind: str
    version: str
    selection: str
    images: tuple[str, ...]
    strategy: str
    stages: list[list[MemberRun]]
    profile_id: str = ""
    """The profile that Fleet generated it for; empty if it did not."""
    state: str = NOT_STARTED
    etag: str = ""
    created_at: float = 0.0
    completed_at: float | None = None
    approval: str = ""
    """State of the gate before the second stage; empty if there is none."""
    selected: str = ""
    """The node image that Fleet selected when it was started."""
    is_stopping: bool = False
    stopped_by: str = ""
    """The kind of actor that stopped it last."""
    has_failed: bool = False

    @property
    def id(self) -> str:
        """Its resource id."""
        return f"{FLEET}/updateRuns/{self.name}"

    @property
    def gate_id(self) -> str:
        """The id of its gate."""
        return f"{FLEET}/gates/{self.name}"

    @property
    def content(self) -> tuple[str, str, str, tuple[str, ...], str]:
        """What it does: two runs with the same content do the same."""
        return self.kind, self.version, self.selection, self.images, self.strategy

    def members(self) -> Iterable[MemberRun]:
        """All members, in order."""
        return (member for stage in self.stages for member in stage)

    def body(self) -> Body:
        """In ARM's form."""
        upgrade: Body = {"type": self.kind}
        if self.version:
            upgrade["kubernetesVersion"] = self.version
        update: Body = {"upgrade": upgrade}
        if self.selection:
            update["nodeImageSelection"] = {
                "type": self.selection,
                "customNodeImageVersions": [{"version": image} for image in self.images],
            }
        properties: Body = {"managedClusterUpdate": update, "status": self._status()}
        if self.profile_id:
            properties["autoUpgradeProfileId"] = self.profile_id
        if self.strategy:
            properties["updateStrategyId"] = f"{FLEET}/updateStrategies/{self.strategy}"
        created: Body = {"createdAt": text_of(self.created_at)}
        return {"id": self.id, "eTag": self.etag, "systemData": created, "properties": properties}

    def _status(self) -> Body:
        status: Body = {"state": self.state}
        if self.completed_at is not None:
            status["completedTime"] = text_of(self.completed_at)
        stages = [self._stage(number, stage) for number, stage in enumerate(self.stages)]
        shown: Body = {"status": status, "stages": stages}
        if self.selected and self.selection != "Custom":
            shown["nodeImageSelection"] = {"selectedNodeImageVersions": [{"version": f"{FAMILY}-{self.selected}"}]}
        return shown

    def _stage(self, number: int, stage: list[MemberRun]) -> Body:
        members = [{"name": member.name, "status": {"state": member.state}} for member in stage]
        body: Body = {
            "name": f"stage{number}",
            "status": {"state": self.state},
            "groups": [{"name": "group", "members": members}],
        }
        if self.approval and number == 1:
            gate: Body = {"displayName": "approve", "gateId": self.gate_id, "status": {"state": self.approval}}
            body["beforeGates"] = [gate]
        return body


@dataclass
class Member:
    """A cluster's membership in the fleet, of an update group."""

    name: str
    cluster: str
    group: str

    @property
    def id(self) -> str:
        """Its resource id."""
        return f"{FLEET}/members/{self.name}"

    def body(self) -> Body:
        """In ARM's form."""
        properties: Body = {
            "clusterResourceId": f"{PROVIDER}/managedClusters/{self.cluster}",
            "group": self.group,
            "provisioningState": "Succeeded",
        }
        return {"id": self.id, "properties": properties}


@dataclass
class Strategy:
    """An update strategy: a stage for each update group."""

    name: str
    groups: tuple[str, ...]
    needs_approval: bool = False
    """Whether the second stage waits for an approval."""

    @property
    def id(self) -> str:
        """Its resource id."""
        return f"{FLEET}/updateStrategies/{self.name}"

    def body(self) -> Body:
        """In ARM's form."""
        stages: list[Body] = [{"name": f"stage-{group}", "groups": [{"name": group}]} for group in self.groups]
        if self.needs_approval:
            stages[1]["beforeGates"] = [{"displayName": "approve", "type": "Approval"}]
        return {"id": self.id, "properties": {"strategy": {"stages": stages}}}


@dataclass
class Offers:
    """What the regions offer."""

    versions: dict[str, set[str]] = field(default_factory=dict)
    images: dict[str, str] = field(default_factory=dict)
    """The newest node image of each region."""
    images_changed_at: float = -1e9

    def is_offered(self, run: Run, cluster: Cluster) -> bool:
        """Whether the cluster's region offers the version that the run brings."""
        return not run.version or run.version in self.versions[cluster.region]

    def body(self, region: str) -> Body:
        """A region's Kubernetes versions, in ARM's form."""
        minors: dict[str, dict[str, object]] = {}
        for version in sorted(self.versions[region], key=parts):
            minors.setdefault(".".join(version.split(".")[:2]), {})[version] = {}
        return {
            "values": [
                {
                    "version": name,
                    "capabilities": {"supportPlan": ["KubernetesOfficial"]},
                    "patchVersions": patches,
                }
                for name, patches in minors.items()
            ]
        }
