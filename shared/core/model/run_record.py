"""What this app remembers of an update run that it generated."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Intent(StrEnum):
    """Why a run of ours was created."""

    UPGRADE = "upgrade"
    """By a trigger, or on demand with `start`: it is to be started."""
    REVIEW = "review"
    """On demand, for a person to look at: no trigger ever starts it."""


@dataclass(frozen=True, slots=True)
class RunRecord:
    """What this app remembers of a run it generated and ARM cannot tell."""

    intent: Intent
    skipped: frozenset[str] = frozenset()
    """Members the app had skipped in the run, by name in lower case."""
    restarts: int = 0
    """How often the app restarted it, or was about to."""
    restarted_failure: datetime | None = None
    """When the run had failed that the last restart was for: a restart that never came to be can be told by it."""
    trace_parent: str = ""
    """The trace that generated the run, for watching to go on with; nothing is decided on it."""
