"""A world, as typed values."""

from __future__ import annotations

from datetime import datetime
from typing import NotRequired, TypedDict

from tools.emulator.arm.values import parse_time
from tools.json_value import Json


class PoolDocument(TypedDict):
    """A node pool."""

    name: str
    family: str
    nodeImage: NotRequired[str]
    mode: NotRequired[str]
    count: NotRequired[int]
    snapshot: NotRequired[str]


class MemberDocument(TypedDict):
    """A member and its cluster."""

    name: str
    region: str
    pools: list[PoolDocument]
    group: NotRequired[str]
    kubernetesVersion: NotRequired[str]
    joins: NotRequired[str]
    powerState: NotRequired[str]
    supportPlan: NotRequired[str]
    nodeImage: NotRequired[str]
    nodeProvisioning: NotRequired[str]
    sku: NotRequired[str]
    upgradeChannel: NotRequired[str]
    nodeOSUpgradeChannel: NotRequired[str]
    maintenanceConfigurations: NotRequired[dict[str, Json]]
    tags: NotRequired[dict[str, str]]


class GroupDocument(TypedDict):
    """A group of a stage, as far as it is checked here."""

    name: str


class StageDocument(TypedDict):
    """A stage as ARM has it, as far as it is checked here."""

    name: str
    groups: list[GroupDocument]


class StrategyDocument(TypedDict):
    """An update strategy; `stages` as ARM has them."""

    name: str
    stages: list[StageDocument]


class ProfileDocument(TypedDict):
    """An auto-upgrade profile."""

    name: str
    channel: str
    updateStrategy: NotRequired[str]
    nodeImageSelection: NotRequired[str]
    targetKubernetesVersion: NotRequired[str | None]
    longTermSupport: NotRequired[bool]
    disabled: NotRequired[bool]


class FleetDocument(TypedDict):
    """A fleet."""

    name: str
    resourceGroup: str
    region: str
    tags: NotRequired[dict[str, str]]
    nativeAutoUpgrade: NotRequired[bool]
    members: NotRequired[list[MemberDocument]]
    strategies: NotRequired[list[StrategyDocument]]
    profiles: NotRequired[list[ProfileDocument]]


class TimingDocument(TypedDict):
    """How long upgrades take."""

    controlPlaneMinutes: NotRequired[float]
    poolMinutes: NotRequired[float]


class RegionFaultDocument(TypedDict):
    """How slow a region is."""

    releaseDelayDays: float


class UpgradeFaultDocument(TypedDict):
    """Upgrades that fail; `member` is `FLEET/MEMBER`."""

    member: str
    times: NotRequired[int]
    provisioningState: NotRequired[str]


class BucketDocument(TypedDict):
    """A rate limit of ARM."""

    size: NotRequired[int]
    refillPerSecond: NotRequired[float]


class QueryQuotaDocument(TypedDict):
    """The rate limit of Resource Graph."""

    queries: NotRequired[int]
    seconds: NotRequired[float]


class ThrottlingDocument(TypedDict):
    """The rate limits that are on."""

    reads: NotRequired[BucketDocument]
    writes: NotRequired[BucketDocument]
    deletes: NotRequired[BucketDocument]
    resourceGraph: NotRequired[QueryQuotaDocument]


class LatencyDocument(TypedDict):
    """What every answer is late."""

    milliseconds: float


class FaultsDocument(TypedDict):
    """What goes wrong; `requests` as the control route takes them."""

    regions: NotRequired[dict[str, RegionFaultDocument]]
    upgrades: NotRequired[list[UpgradeFaultDocument]]
    requests: NotRequired[list[Json]]
    latency: NotRequired[LatencyDocument]
    throttling: NotRequired[ThrottlingDocument]


class WorldDocument(TypedDict):
    """All of it."""

    regions: list[str]
    subscription: str
    tenant: str
    fleets: list[FleetDocument]
    start: NotRequired[str]
    timing: NotRequired[TimingDocument]
    faults: NotRequired[FaultsDocument]


def joining_time(member: MemberDocument) -> datetime | None:
    """When the member joins its fleet, None if it is there from the start."""
    joins = member.get("joins")
    return None if joins is None else parse_time(joins)


def starting_time(world: WorldDocument) -> datetime | None:
    """The simulated time at which the world begins, None if it does not say."""
    start = world.get("start")
    return None if start is None else parse_time(start)
