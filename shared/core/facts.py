"""Everything one profile is decided on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from shared.core.model.catalog import Catalog
from shared.core.model.fleet import Fleet
from shared.core.model.profile import Profile
from shared.core.model.run_record import RunRecord
from shared.core.policies.sources import NO_SOURCES, PolicySources
from shared.core.releases.releases import FirstSeen


@dataclass(frozen=True, slots=True)
class Facts:
    """The profile, its fleet as it is, what the regions offer, what was done before, and the time."""

    profile: Profile
    fleet: Fleet
    catalog: Catalog
    now: datetime
    run_records: Mapping[str, RunRecord] = field(default_factory=dict)
    """By the run's name in lower case."""
    policy_sources: PolicySources = NO_SOURCES
    first_seen: FirstSeen = field(default_factory=dict)
    """When each release was first seen, by region and release key; needed where a soak is in force."""
    on_demand: bool = False
    """Whether a person asked: then a disabled profile counts, and nothing unfinished is waited for."""
