"""A world file: the types, the rules that a single value has to follow, and the schema that editors use."""

from __future__ import annotations

from typing import Annotated, ClassVar, Final, Literal, TypeAlias

from pydantic import AfterValidator, ConfigDict, Field, JsonValue, TypeAdapter

from tools.documents import CamelCaseDocument, Form, Time, invalid
from tools.emulator.aks.busy import RestingState, TransitionalState, is_in_progress
from tools.emulator.aks.maintenance_model import MaintenanceConfigurations
from tools.emulator.world.faults import WorldFaults
from tools.emulator.world.values import Amount, Count, Region
from tools.releases.versions import ImageVersion, Minor, Patch

_NAME: Final = Form("^[a-z0-9]([-a-z0-9]*[a-z0-9])?$", "a name of lower-case letters, digits and hyphens")
Name: TypeAlias = Annotated[str, _NAME, Field(max_length=50)]
Guid: TypeAlias = Annotated[
    str, Form("^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$", "a GUID in lower case, such as az account show prints")
]
Concurrency: TypeAlias = Annotated[str, Form("^([1-9][0-9]*|([1-9][0-9]?|100)%)$", 'a count or a percentage: "50%"')]
AllowedFailures: TypeAlias = Annotated[
    str, Form("^(0|[1-9][0-9]*|(0|[1-9][0-9]?|100)%)$", 'a count or a percentage: "10%"')
]


def _each_once(regions: list[str]) -> list[str]:
    for index, region in enumerate(regions):
        if region in regions[:index]:
            raise invalid(f"'{region}' is listed twice", index)
    return regions


class WorldPool(CamelCaseDocument):
    """A node pool."""

    name: Name
    family: Annotated[str, Form("^[A-Za-z0-9]+(-[A-Za-z0-9]+)+$", "a family such as AKSUbuntu-2204gen2containerd")]
    """The node image without its version, such as AKSUbuntu-2204gen2containerd; those of Arm have gen2arm64 in it."""
    node_image: ImageVersion | None = None
    """The image's version; default: the cluster's, or the newest in the region."""
    mode: Literal["System", "User", "Gateway", "Machines", "ManagedSystem"] = "System"
    """Update runs upgrade no pool of mode Machines or ManagedSystem."""
    provisioning_state: RestingState | TransitionalState = "Succeeded"
    count: Count = 3
    """Nodes."""
    snapshot: str | None = None
    """The id of the node pool snapshot that it was created from."""


class WorldMember(CamelCaseDocument):
    """A member and its cluster."""

    name: Name
    """Of the member and of its cluster."""
    group: Name | None = None
    """The update group, as strategies name it."""
    labels: dict[str, str] = Field(default_factory=dict)
    """Labels beside those that the service adds; strategies may select by them."""
    region: Region
    """One of `regions`."""
    kubernetes_version: Patch = "1.30.5"
    """Of the control plane and all pools."""
    cluster_type: Literal["managedClusters", "connectedClusters", "provisionedClusters"] = "managedClusters"
    """connectedClusters is Arc-enabled Kubernetes, provisionedClusters AKS on another platform: both without pools."""
    pools: list[WorldPool] = Field(default_factory=list)
    joins: Time | None = None
    """When the cluster is created and joins the fleet; default: it exists from the start."""
    provisioning_state: RestingState | TransitionalState = "Succeeded"
    busy_until: Time | None = None
    """When the operations end that its state and those of its pools are in progress of; default: they do not end."""
    power_state: Literal["Running", "Stopped"] = "Running"
    support_plan: Literal["KubernetesOfficial", "AKSLongTermSupport"] = "KubernetesOfficial"
    node_image: ImageVersion | None = None
    """Of the pools that name no image."""
    node_provisioning: Literal["Manual", "Auto"] | None = None
    """Auto: node auto-provisioning; default: Auto for sku Automatic, else Manual."""
    sku: Literal["Base", "Automatic"] = "Base"
    upgrade_channel: Literal["rapid", "stable", "patch", "node-image", "none"] | None = None
    """Default: stable for sku Automatic, else nothing is set."""
    node_os_upgrade_channel: Literal["None", "Unmanaged", "NodeImage", "SecurityPatch"] | None = Field(
        default=None, validation_alias="nodeOSUpgradeChannel"
    )
    """Default: NodeImage for sku Automatic, else None."""
    maintenance_configurations: MaintenanceConfigurations | None = None
    """By name, each with its `properties` as AKS has them."""
    tags: dict[str, str] = Field(default_factory=dict)

    @property
    def is_automatic(self) -> bool:
        """Whether it is an AKS Automatic cluster."""
        return self.sku == "Automatic"

    @property
    def is_busy(self) -> bool:
        """Whether an operation is in progress on the cluster or a pool."""
        return any(map(is_in_progress, (self.provisioning_state, *(pool.provisioning_state for pool in self.pools))))


class WorldScheduledStart(CamelCaseDocument):
    """When a gate completes, as ARM has it."""

    start_day: Literal["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
    start_time: Annotated[str, Form(r"^([01][0-9]|2[0-3]):[0-5][0-9]$", "a time such as 22:30")]
    utc_offset: Annotated[str, Form(r"^[+-]((0[0-9]|1[0-3]):[0-5][0-9]|14:00)$", "an offset such as +02:00")]


class WorldGate(CamelCaseDocument):
    """An approval or a time to wait for."""

    display_name: Annotated[str, Field(min_length=1, max_length=100)] | None = None
    type: Literal["Approval", "ScheduledStart"]
    scheduled_start_configuration: WorldScheduledStart | None = None
    """For ScheduledStart."""


class WorldSelector(CamelCaseDocument):
    """How members are selected, as ARM has it."""

    by_label: Annotated[str, Field(min_length=1, max_length=512)]
    """A Kubernetes label selector, such as env=prod."""


class WorldGroup(CamelCaseDocument):
    """A group of a stage, as ARM has it."""

    name: Name
    member_selector: WorldSelector | None = None
    """Selects members by labels instead of by the group's name."""
    max_allowed_failures: AllowedFailures | None = None
    """How many clusters can fail before the group fails: a count or N%."""
    max_concurrency: Concurrency | None = None
    """How many clusters at once: a count or N%."""
    before_gates: list[WorldGate] = Field(default_factory=list)
    after_gates: list[WorldGate] = Field(default_factory=list)


class WorldStage(CamelCaseDocument):
    """A stage, as ARM has it."""

    name: Name
    groups: list[WorldGroup] = Field(default_factory=list)
    """At least one, unless the stage has a memberSelector."""
    member_selector: WorldSelector | None = None
    """Selects the members that the stage has."""
    max_concurrency: Concurrency | None = None
    """How many clusters at once: a count or N%."""
    max_allowed_failures: AllowedFailures | None = None
    """How many clusters can fail before the stage fails: a count or N%."""
    before_gates: list[WorldGate] = Field(default_factory=list)
    after_gates: list[WorldGate] = Field(default_factory=list)
    after_stage_wait_in_seconds: Count = 0

    def as_arm(self) -> dict[str, JsonValue]:
        """As it was written."""
        return self.model_dump(by_alias=True, exclude_unset=True)


class WorldStrategy(CamelCaseDocument):
    """An update strategy."""

    name: Name
    stages: list[WorldStage] = Field(min_length=1)


class WorldProfile(CamelCaseDocument):
    """An auto-upgrade profile."""

    name: Name
    channel: Literal["Rapid", "Stable", "TargetKubernetesVersion", "NodeImage", "SecurityPatch"]
    update_strategy: Name | None = None
    """One of the fleet's strategies; default: all members, one by one."""
    node_image_selection: Literal["Latest", "Consistent"] | None = None
    target_kubernetes_version: Minor | None = None
    """For TargetKubernetesVersion; in quotes: "1.34"."""
    long_term_support: bool | None = None
    disabled: bool = False


class WorldFleet(CamelCaseDocument):
    """A fleet."""

    name: Annotated[str, _NAME, Field(max_length=63)]
    resource_group: Annotated[str, Form(r"^[-\w().]{1,90}$", "the name of a resource group")]
    """Of the fleet and of its members' clusters."""
    region: Region
    """One of `regions`."""
    tags: dict[str, str] = Field(default_factory=dict)
    """The app's policies are tags of the fleet."""
    native_auto_upgrade: bool = False
    """Whether enabled profiles generate runs at releases, as they do in Azure; default: only the app does."""
    members: list[WorldMember] = Field(default_factory=list)
    strategies: list[WorldStrategy] = Field(default_factory=list)
    profiles: list[WorldProfile] = Field(default_factory=list)


class WorldTiming(CamelCaseDocument):
    """How long upgrades take, in simulated minutes."""

    control_plane_minutes: Amount = 20.0
    pool_minutes: Amount = 10.0


class World(CamelCaseDocument):
    """The emulator's initial state: regions, fleets, members and their clusters, strategies, profiles, and faults."""

    model_config = ConfigDict(
        title="A world of the emulator",
        json_schema_extra={"patternProperties": {"^x-": {"description": "Anything, for anchors to refer to."}}},
    )
    extension_prefix: ClassVar[str] = "x-"

    regions: Annotated[
        list[Region], AfterValidator(_each_once), Field(min_length=1, json_schema_extra={"uniqueItems": True})
    ]
    """In the order in which releases reach them."""
    subscription: Guid
    """The one that contains everything."""
    tenant: Guid
    start: Time | None = None
    """The simulated time to begin at; default: where the timeline begins."""
    timing: WorldTiming = WorldTiming()
    """How long upgrades take."""
    full_clusters: bool = False
    """Whether clusters show further properties, 7 kB of them with three pools, as real ones do: for measurements."""
    fleets: list[WorldFleet]
    faults: WorldFaults = WorldFaults()
    """What goes wrong."""


WORLD: TypeAdapter[World] = TypeAdapter(World)
