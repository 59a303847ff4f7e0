"""The ports that a use case works with, passed as one value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from shared.overview.store import OverviewStore, RunOutlineReader
from shared.ports import (
    CatalogReader,
    Clock,
    EstateReader,
    EventPublisher,
    FleetStore,
    Ledger,
    ReleaseTracker,
    WorkQueues,
)
from shared.profile_port import ProfileStore
from shared.use_cases.recent_fleets import RecentFleets


@dataclass(frozen=True, slots=True)
class Services:
    """All ports, and the defaults of policies."""

    clock: Clock
    estate: EstateReader
    fleets: FleetStore
    catalogs: CatalogReader
    ledger: Ledger
    events: EventPublisher
    queues: WorkQueues
    tracker: ReleaseTracker
    overview: OverviewStore
    outlines: RunOutlineReader
    profiles: ProfileStore
    policy_defaults: Mapping[str, str] = field(default_factory=dict)
    """Policies by key, as the app's settings have them."""
    recent: RecentFleets = field(default_factory=RecentFleets)
    """What the last evaluation of this process read."""
