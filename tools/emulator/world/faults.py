"""What goes wrong in a world."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from tools.documents import CamelCaseDocument, Form, Time
from tools.emulator.aks.busy import TransitionalState
from tools.emulator.request_fault import RequestFault
from tools.emulator.resource_graph.quota import QUERIES, WINDOW_SECONDS
from tools.emulator.world.values import Amount, Positive, Rate, Region

Member: TypeAlias = Annotated[str, Form("^[^/]+/[^/]+$", "FLEET/MEMBER")]


class SlowRegion(CamelCaseDocument):
    """A region that gets releases late."""

    release_delay_days: Amount
    """Days after its turn at which a release arrives."""


class FailingUpgrades(CamelCaseDocument):
    """Upgrades of a member's cluster by an update run that fail."""

    member: Member
    """FLEET/MEMBER"""
    times: Positive = 1
    """How many of the next upgrades fail."""
    provisioning_state: Literal["Succeeded", "Failed"] = "Failed"
    """The state that the cluster has afterwards."""


class InterferingOperation(CamelCaseDocument):
    """An operation on a member's cluster that no update run began; AKS refuses it if another one is in progress."""

    member: Member
    """FLEET/MEMBER"""
    begins: Time
    ends: Time | None = None
    """Default: only a change from outside ends it."""
    provisioning_state: TransitionalState = "Updating"
    """The state that the cluster has meanwhile."""


class RateLimit(CamelCaseDocument):
    """A bucket of requests; what is not given is as documented."""

    size: Positive | None = None
    """How many requests at once."""
    refill_per_second: Rate | None = None
    """How many more are allowed a second."""


class QueryQuota(CamelCaseDocument):
    """The rate limit of Resource Graph."""

    queries: Positive = QUERIES
    seconds: Rate = WINDOW_SECONDS


class Throttling(CamelCaseDocument):
    """Enforces the rate limits of ARM and Resource Graph, in real time; {}: the documented ones."""

    reads: RateLimit = RateLimit()
    """Default: 250 requests, 25 more a second."""
    writes: RateLimit = RateLimit()
    """Default: 200 requests, 10 more a second."""
    deletes: RateLimit = RateLimit()
    """Default: 200 requests, 10 more a second."""
    resource_graph: QueryQuota = QueryQuota()
    """Default: 15 queries in 5 seconds."""


class Latency(CamelCaseDocument):
    """How late every response is, in real time."""

    milliseconds: Amount


class WorldFaults(CamelCaseDocument):
    """What goes wrong."""

    regions: dict[Region, SlowRegion] = Field(default_factory=dict)
    """Regions that get releases late, by name."""
    upgrades: list[FailingUpgrades] = Field(default_factory=list)
    """Clusters whose next upgrades by an update run fail."""
    operations: list[InterferingOperation] = Field(default_factory=list)
    """Operations that make clusters busy; update runs fail their members meanwhile."""
    requests: list[RequestFault] = Field(default_factory=list)
    """Faults that requests meet, each request the first that fits; as in PUT /emulator/faults."""
    latency: Latency | None = None
    throttling: Throttling | None = None
    """Default: no rate limit is enforced."""
