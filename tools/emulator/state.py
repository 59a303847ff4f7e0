"""The emulated estate: plain, mutable state, changed only on the event loop's thread.

Code that changes an object calls `Estate.touch`, so that Resource Graph and caches see it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from tools.json_value import Json

MAINTENANCE_CONFIGURATIONS: Final = ("default", "aksManagedAutoUpgradeSchedule", "aksManagedNodeOSUpgradeSchedule")
"""The names a maintenance configuration can have."""


@dataclass
class AgentPool:
    """A node pool; `image` is `family-version`, as AKS reports it."""

    name: str
    family: str
    kubernetes_version: str
    image: str
    mode: str = "System"
    count: int = 3
    snapshot_id: str | None = None
    provisioning_state: str = "Succeeded"
    vm_size: str = "Standard_D4ds_v5"

    @property
    def is_movable(self) -> bool:
        """Whether an upgrade of the pool exists.

        Pools of mode Machines contain machines with a life cycle each (github.com/Azure/azure-cli pull request 33693).
        UNVERIFIED: that update runs leave pools of mode ManagedSystem to AKS.
        """
        return self.mode not in {"Machines", "ManagedSystem"}

    @property
    def image_version(self) -> str:
        """The version of the image, such as `202607.09.0`; with the date of its security patches if it has some."""
        return self.image.removeprefix(f"{self.family}-")


@dataclass
class OrderedFailures:
    """How many of the next upgrades by an update run fail, and the provisioning state they leave the cluster in."""

    times: int = 0
    provisioning_state: str = "Failed"


@dataclass
class ManagedCluster:
    """An AKS cluster. `id` is as AKS hands it out, with `resourcegroups` in lower case."""

    id: str
    name: str
    resource_group: str
    region: str
    kubernetes_version: str
    pools: list[AgentPool]
    support_plan: str = "KubernetesOfficial"
    power_state: str = "Running"
    provisioning_state: str = "Succeeded"
    busy_until: datetime | None = None
    """When what is in progress ends; None if nothing is, or if only a change ends it."""
    requested_version: str = ""
    """As the last request had it: the goal of an upgrade, or a minor version; empty if it was the present version."""
    node_provisioning: str = "Manual"
    sku_name: str = "Base"
    sku_tier: str = ""
    """As the owner asked for it; empty: the one that goes with the support plan."""
    upgrade_channel: str | None = None
    """The cluster's own automatic upgrade; None where none is set."""
    node_os_upgrade_channel: str = "None"
    maintenance_configurations: dict[str, Json] = field(default_factory=dict)
    """`properties` by name."""
    failures: OrderedFailures = field(default_factory=OrderedFailures)
    tags: dict[str, str] = field(default_factory=dict)
    shows_everything: bool = False
    """Whether its properties have what no client here uses, as those of a real cluster do."""
    version: int = 0
    """Changes with every change; part of its eTag."""

    @property
    def tier(self) -> str:
        """The tier of its SKU; long-term support is in Premium only."""
        return "Premium" if self.support_plan == "AKSLongTermSupport" else self.sku_tier or "Standard"


@dataclass
class ConnectedCluster:
    """A Kubernetes cluster outside AKS in Azure: Arc-enabled, or AKS on another platform."""

    id: str
    name: str
    type: str
    resource_group: str
    region: str


@dataclass
class FleetResource:
    """A child of a fleet as ARM shows it: the envelope's parts and `properties` as JSON."""

    id: str
    name: str
    type: str
    properties: dict[str, Json]
    etag: str
    created_at: datetime
    modified_at: datetime
    location: str | None = None
    """The region of a tracked child, such as a managed namespace; None for all others."""
    tags: dict[str, str] = field(default_factory=dict)
    """Of a tracked child."""


@dataclass
class Fleet:
    """A fleet and its children, each by its name in lower case."""

    id: str
    name: str
    resource_group: str
    region: str
    tags: dict[str, str]
    etag: str
    created_at: datetime
    modified_at: datetime
    provisioning_state: str = "Succeeded"
    has_native_auto_upgrade: bool = False
    """Whether its enabled profiles fire by themselves at a release, as in Azure."""
    members: dict[str, FleetResource] = field(default_factory=dict)
    strategies: dict[str, FleetResource] = field(default_factory=dict)
    profiles: dict[str, FleetResource] = field(default_factory=dict)
    runs: dict[str, FleetResource] = field(default_factory=dict)
    gates: dict[str, FleetResource] = field(default_factory=dict)
    namespaces: dict[str, FleetResource] = field(default_factory=dict)
    meshes: dict[str, FleetResource] = field(default_factory=dict)
    identity: dict[str, Json] | None = None
    """As ARM shows it; None where nothing is shown."""
    hub_profile: dict[str, Json] | None = None
    """As ARM shows it; None for a fleet without a hub."""
    last_operation_id: str = ""


@dataclass
class ResourceGroup:
    """A resource group; `region` is where its description is kept, its resources may be anywhere."""

    name: str
    region: str
    tags: dict[str, str] = field(default_factory=dict)
    managed_by: str | None = None
    provisioning_state: str = "Succeeded"


@dataclass
class Timing:
    """How long upgrades take, in simulated minutes."""

    control_plane_minutes: float = 20.0
    pool_minutes: float = 10.0


@dataclass
class Estate:
    """Everything there is."""

    subscription: str
    tenant: str
    regions: tuple[str, ...]
    """In the order in which releases reach them."""
    timing: Timing
    tags: dict[str, str] = field(default_factory=dict)
    """Of the subscription."""
    resource_groups: dict[str, ResourceGroup] = field(default_factory=dict)
    """By name in lower case."""
    fleets: dict[str, Fleet] = field(default_factory=dict)
    """By id in lower case."""
    clusters: dict[str, ManagedCluster] = field(default_factory=dict)
    """By id in lower case."""
    connected_clusters: dict[str, ConnectedCluster] = field(default_factory=dict)
    """By id in lower case."""
    version: int = 0
    on_fleet_deleted: list[Callable[[Fleet], None]] = field(default_factory=list)
    """Called with each fleet that was deleted."""

    def have_group(self, name: str, region: str) -> None:
        """Create a resource group in a region if it does not exist."""
        self.resource_groups.setdefault(name.lower(), ResourceGroup(name, region))

    def delete_fleet(self, fleet: Fleet) -> None:
        """Delete a fleet with all that is in it, if it exists."""
        if self.fleets.pop(fleet.id.lower(), None) is not None:
            for listener in self.on_fleet_deleted:
                listener(fleet)
            self.touch()

    def touch(self) -> int:
        """Note that something changed; the new version of everything."""
        self.version += 1
        return self.version
