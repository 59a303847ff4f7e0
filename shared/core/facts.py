"""Facts: everything that one profile is decided on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from shared.core.model.catalog import Catalog
from shared.core.model.fleet import Fleet
from shared.core.model.ids import ResourceId
from shared.core.model.profile import Profile
from shared.core.model.run_record import Intent, RunRecords
from shared.core.policies.sources import NO_SOURCES, PolicySources
from shared.core.releases.releases import FirstSeen


@dataclass(frozen=True, slots=True)
class Facts:
    """The profile, its fleet as read from Azure, what the regions offer, the app's records, and the time."""

    profile: Profile
    fleet: Fleet
    catalog: Catalog
    now: datetime
    run_records: RunRecords = field(default_factory=dict)
    policy_sources: PolicySources = NO_SOURCES
    first_seen: FirstSeen = field(default_factory=dict)
    """When the app first saw each release, by region and release key; needed where a soak is in force."""
    waiting_since: Mapping[ResourceId, datetime] = field(default_factory=dict)
    """Since when profiles wait for busy clusters, by profile of the fleet."""
    on_demand: Intent | None = None
    """What a person asked for: `REVIEW`: a run to look at, `UPGRADE`: a run that is started; None for a trigger.

    On demand a disabled profile is decided as well, and nothing waits for an unfinished run, for busy clusters, or
    a pause before a retry.
    """
