"""The progress of an update run: the states of its stages, and what it waits for since when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from shared.core.model.times import days_since


class PendingReason(StrEnum):
    """What a pending run waits for."""

    GATE = "Gate"
    MAINTENANCE_WINDOW = "MaintenanceWindow"
    REGION = "Region"
    """A region does not offer the version or the image yet."""
    UNKNOWN = "Unknown"
    """Fleet reports a reason that this app does not know."""


@dataclass(frozen=True, slots=True)
class Wait:
    """A member or gate that is pending; `since` is None if Fleet does not report it."""

    reason: PendingReason
    since: datetime | None

    def days(self, now: datetime) -> float:
        """How long it has been pending."""
        return days_since(self.since, now)


@dataclass(frozen=True, slots=True)
class PendingGate:
    """A gate that waits for approval; `group` is empty for one of a stage, `timing` is `Before` or `After`."""

    gate_id: str
    display_name: str
    stage: str
    group: str
    timing: str
    since: datetime | None

    def days(self, now: datetime) -> float:
        """How long it has been waiting."""
        return days_since(self.since, now)


@dataclass(frozen=True, slots=True)
class RunProgress:
    """The states of a run's stages by name, the gates that wait for approval, and the members that are pending."""

    stage_states: Mapping[str, str] = field(default_factory=dict)
    pending_gates: tuple[PendingGate, ...] = ()
    pending_members: tuple[Wait, ...] = ()

    def longest_wait(self, now: datetime) -> Wait:
        """What the run has been waiting for longest; unknown where nothing in it is pending."""
        waits = [Wait(PendingReason.GATE, gate.since) for gate in self.pending_gates]
        return max([*waits, *self.pending_members], key=lambda wait: wait.days(now), default=_NOTHING)


_NOTHING = Wait(PendingReason.UNKNOWN, None)
NO_PROGRESS = RunProgress()
