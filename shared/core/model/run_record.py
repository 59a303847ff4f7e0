"""Run records: what this app records about update runs, because ARM does not know it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from shared.core.model.ids import ResourceId
from shared.core.model.unknown import Unknown


class Intent(StrEnum):
    """What a run was created for."""

    UPGRADE = "upgrade"
    """To be started: by a trigger, or on demand with `start`."""
    REVIEW = "review"
    """For a person to review: no trigger ever starts it."""


@dataclass(frozen=True, slots=True)
class NativeCall:
    """A call to Fleet to generate a run, which Fleet chooses, and which it names."""

    profile_id: ResourceId
    until: datetime
    """When the claim ends that the call was made under."""
    beside: frozenset[str]
    """The profile's runs that were not started before the call, by name and creation."""


@dataclass(frozen=True, slots=True)
class StopNote:
    """A stop by the app, for a newer target."""

    noted_at: datetime
    target: str
    """The newer target, for people."""
    is_made: bool = False
    """Whether it is known that Fleet accepted it."""
    stopped_at: datetime | None = None
    """When the run ended by it; None until that is seen, or if Fleet does not report it."""


@dataclass(frozen=True, slots=True)
class Caller:
    """A person or program that Microsoft Entra ID has authenticated."""

    name: str
    id: str
    """The object id."""


@dataclass(frozen=True, slots=True)
class RunRecord:
    """The app's record of one run."""

    intent: Intent
    skipped: frozenset[str] = frozenset()
    """Members that the app skipped in the run, by name in lower case."""
    restarts: int = 0
    """How often the app restarted it; a restart is recorded before it is made."""
    restarted_failure: datetime | None = None
    """When the run had failed that the last recorded restart is for; it shows whether that restart was made."""
    generated: str = ""
    """The name, in lower case, of the run that Fleet itself generated for it; empty if it was not asked to."""
    trace_parent: str = ""
    """The trace that generated the run, for telemetry; no decision depends on it."""
    created_at: datetime | None = None
    """When the run was created that it is about; None if nothing was recorded of it but the claim."""
    stop: StopNote | None = None
    """The last stop by the app, which it noted before it made it."""
    call: NativeCall | None = None
    """How Fleet was asked to generate it; None if it was not."""
    requested_by: Caller | None = None
    """Who requested the run, for people; None for a trigger, and for a caller with a function key alone."""


RunRecords = Mapping[str, RunRecord | Unknown]
"""Of a fleet's runs, by the run's name in lower case; `Unknown` for one that cannot be read."""
