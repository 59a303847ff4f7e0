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
    SCHEDULED_START = "ScheduledStart"
    """A gate that completes by itself at its time."""
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
    """A gate that is pending; `group` is empty for one of a stage, `timing` is `Before` or `After`."""

    gate_id: str
    display_name: str
    stage: str
    group: str
    timing: str
    since: datetime | None
    is_scheduled: bool = False
    """Whether it completes at a time; otherwise it waits for approval."""
    opens_at: datetime | None = None
    """For a scheduled gate: that time; None if its schedule cannot be parsed."""

    @property
    def wait(self) -> Wait:
        """What the run waits for there. A scheduled gate is no wait before its time."""
        if self.is_scheduled:
            return Wait(PendingReason.SCHEDULED_START, self.opens_at)
        return Wait(PendingReason.GATE, self.since)

    def days(self, now: datetime) -> float:
        """How long it has been waiting."""
        return self.wait.days(now)

    def __str__(self) -> str:
        name = f"gate '{self.display_name}'" if self.display_name else "a gate"
        place = f"group {self.group}" if self.group else f"stage {self.stage}"
        return f"{name} {self.timing.lower()} {place}"


@dataclass(frozen=True, slots=True)
class Failures:
    """How many members of a stage have failed, and how many may without failing the run."""

    count: int
    allowed: int


@dataclass(frozen=True, slots=True)
class RunProgress:
    """The states of a run's stages by name, the gates and the members that are pending, and the failures."""

    stage_states: Mapping[str, str] = field(default_factory=dict)
    pending_gates: tuple[PendingGate, ...] = ()
    pending_members: tuple[Wait, ...] = ()
    failures: Mapping[str, Failures] = field(default_factory=dict)
    """Of the stages in which members have failed, by the stage's name; Fleet reports them in its preview alone."""
    started_at: datetime | None = None
    """When the run was started; None before that, or if Fleet does not report it."""

    @property
    def gates_to_approve(self) -> tuple[PendingGate, ...]:
        """The pending gates that wait for approval."""
        return tuple(gate for gate in self.pending_gates if not gate.is_scheduled)

    def longest_wait(self, now: datetime) -> Wait:
        """What the run has been waiting for longest; unknown where nothing in it is pending."""
        waits = [gate.wait for gate in self.pending_gates]
        return max([*waits, *self.pending_members], key=lambda wait: wait.days(now), default=_NOTHING)


_NOTHING = Wait(PendingReason.UNKNOWN, None)
NO_PROGRESS = RunProgress()
