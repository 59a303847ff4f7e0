"""A fleet as read from Azure: members with their clusters, strategies, profiles and update runs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from shared.core.model.catalog import SupportPlan
from shared.core.model.ids import ResourceId
from shared.core.model.kubernetes_version import KubernetesVersion
from shared.core.model.label_selector import LabelSelector
from shared.core.model.node_image import NodeImage
from shared.core.model.profile import Profile
from shared.core.model.unknown import Unknown, Unparsed
from shared.core.model.update_run import UpdateRun

JOINED_STATES = frozenset({"Succeeded", "Updating"})
"""A member is joined once its creation succeeded; `Updating` is a change of a joined one."""


_AT_REST = frozenset({"succeeded", "failed", "canceled"})
"""Provisioning states in which no operation is under way on a cluster or pool (AKS REST documentation)."""


@dataclass(frozen=True, slots=True)
class NodePool:
    """An agent pool; `image` is None while AKS reports none (a pool being created)."""

    name: str
    kubernetes_version: KubernetesVersion | Unparsed | None
    image: NodeImage | Unparsed | None
    is_from_snapshot: bool = False
    """Whether it was made from a node pool snapshot (`creationData`), and keeps the snapshot's image."""
    os_sku: str = ""
    """Its operating system, as AKS names it (`osSKU`); empty if AKS reports none."""
    provisioning_state: str | None = None
    """None if AKS reports none; the cluster's state then counts alone."""


@dataclass(frozen=True, slots=True)
class FixedPool:
    """An agent pool that no run upgrades, by its mode.

    `Machines` refuses upgrades of the pool (Azure CLI, pull request 33693); AKS upgrades `ManagedSystem` itself, and
    supports no upgrade of it (AKS documentation of managed system node pools).
    """

    name: str
    mode: str


@dataclass(frozen=True, slots=True)
class Cluster:
    """A managed cluster; versions are what runs (`currentKubernetesVersion`), not what was asked for."""

    id: ResourceId
    region: str
    kubernetes_version: KubernetesVersion | Unparsed
    support_plan: SupportPlan | Unparsed = SupportPlan.KUBERNETES_OFFICIAL
    is_stopped: bool = False
    node_pools: tuple[NodePool, ...] = ()
    """The pools that runs upgrade."""
    fixed_pools: tuple[FixedPool, ...] = ()
    """The other pools: no part of any comparison."""
    provisioning_state: str = "Succeeded"
    has_node_auto_provisioning: bool = False
    """Whether node auto-provisioning manages the nodes: Fleet upgrades only the control plane of such a cluster."""
    upgrade_channel: str = ""
    """The cluster's own auto-upgrade channel in lower case; empty if it is off."""
    node_os_upgrade_channel: str = ""
    """The cluster's own channel for node images in lower case; empty if it is off."""
    maintenance_windows: frozenset[str] | Unknown | None = None
    """Names of its maintenance configurations; None if they were not read, as in a sweep."""

    @property
    def operation_under_way(self) -> str | None:
        """What is busy, and its state, such as `node pool np1 (Upgrading)`; None if everything is at rest.

        AKS refuses a second operation on a cluster, also on another pool, with 409 `OperationNotAllowed`. A state that
        is not known to be at rest counts as an operation.
        """
        pools = ((f"node pool {pool.name}", pool.provisioning_state) for pool in self.node_pools)
        for what, state in [("the cluster", self.provisioning_state), *pools]:
            if state is not None and state.casefold() not in _AT_REST:
                return f"{what} ({state})"
        return None


@dataclass(frozen=True, slots=True)
class UnsupportedCluster:
    """A cluster that may be a member, and that update runs do not support: Arc-enabled, or AKS on another platform."""

    type: str
    """The resource's type, as `ResourceId.type` has it."""


@dataclass(frozen=True, slots=True)
class Member:
    """A cluster's membership in a fleet."""

    name: str
    group: str | None
    provisioning_state: str
    cluster_id: ResourceId
    cluster: Cluster | UnsupportedCluster | Unknown
    labels: Mapping[str, str] = field(default_factory=dict)
    """Its own and those that Fleet adds, such as `fleet.azure.com/location`."""

    @property
    def is_joined(self) -> bool:
        """Whether Fleet counts the member in."""
        return self.provisioning_state in JOINED_STATES


@dataclass(frozen=True, slots=True)
class UpdateGroup:
    """A group of a stage: it selects members by their update group, or by labels if it has a selector."""

    name: str
    selector: LabelSelector | None = None

    def selects(self, member: Member) -> bool:
        """Whether the member is in the group; with a selector the name is only an identifier (Fleet's API)."""
        if self.selector is not None:
            return self.selector.matches(member.labels)
        return member.group == self.name


@dataclass(frozen=True, slots=True)
class UpdateStage:
    """A stage of a strategy: its selector filters the members first, then its groups select among them."""

    groups: tuple[UpdateGroup, ...]
    selector: LabelSelector | None = None

    def selects(self, member: Member) -> bool:
        """Whether the member is in the stage; without groups all filtered members are (Fleet's API)."""
        if self.selector is not None and not self.selector.matches(member.labels):
            return False
        return not self.groups or any(group.selects(member) for group in self.groups)


@dataclass(frozen=True, slots=True)
class UpdateStrategy:
    """An update strategy."""

    id: ResourceId
    stages: tuple[UpdateStage, ...]

    def selects(self, member: Member) -> bool:
        """Whether a run with this strategy has the member."""
        return any(stage.selects(member) for stage in self.stages)


@dataclass(frozen=True, slots=True)
class Fleet:
    """Everything of one fleet that decisions need."""

    id: ResourceId
    tags: Mapping[str, str] = field(default_factory=dict)
    members: tuple[Member, ...] = ()
    strategies: Mapping[ResourceId, UpdateStrategy | Unknown] = field(default_factory=dict)
    profiles: tuple[Profile, ...] = ()
    update_runs: tuple[UpdateRun, ...] = ()
    is_preview: bool = False
    """Whether it was read in Fleet's preview api-version, which alone shows how strategies select by labels."""

    @property
    def clusters(self) -> tuple[Cluster, ...]:
        """The clusters of all joined members that could be read."""
        return clusters_of(self.members)


def clusters_of(members: Iterable[Member]) -> tuple[Cluster, ...]:
    """The clusters of those members that are joined and whose cluster could be read."""
    return tuple(member.cluster for member in members if member.is_joined and isinstance(member.cluster, Cluster))
