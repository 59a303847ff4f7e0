"""Everything one profile is decided on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from shared.core.model.catalog import Catalog
from shared.core.model.fleet import Fleet
from shared.core.model.profile import Profile
from shared.core.model.update_run import Intent
from shared.core.policies.sources import NO_SOURCES, PolicySources
from shared.core.releases.soak import FirstSeen


@dataclass(frozen=True, slots=True)
class RunRecord:
    """What this app remembers of a run it generated and ARM cannot tell."""

    intent: Intent
    left_out: frozenset[str] = frozenset()
    """Members the app had skipped in the run, by name in lower case."""
    restarts: int = 0
    """How often the app restarted it, or was about to."""
    restarted_failure: datetime | None = None
    """When the run had failed that the last restart was for: a restart that never came to be can be told by it."""
    trace_parent: str = ""
    """The trace that generated the run, for watching to go on with; nothing is decided on it."""


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
