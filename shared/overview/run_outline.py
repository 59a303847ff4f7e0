"""The outline of an update run: its stages, groups, members and gates, for people; no decision depends on it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from shared.core.model.update_run import UpdateRun


@dataclass(frozen=True, slots=True)
class GateOutline:
    """A gate before or after a stage or group; its state as Fleet writes it."""

    gate_id: str
    display_name: str
    timing: str
    state: str
    started_at: datetime | None
    completed_at: datetime | None


@dataclass(frozen=True, slots=True)
class MemberOutline:
    """A member; `message` is what Fleet reports of it, empty for nothing."""

    name: str
    cluster_id: str
    state: str
    message: str
    started_at: datetime | None
    completed_at: datetime | None


@dataclass(frozen=True, slots=True)
class GroupOutline:
    """A group of a stage."""

    name: str
    state: str
    gates: tuple[GateOutline, ...]
    members: tuple[MemberOutline, ...]


@dataclass(frozen=True, slots=True)
class StageOutline:
    """A stage; `wait_seconds` is the pause after it."""

    name: str
    state: str
    started_at: datetime | None
    completed_at: datetime | None
    wait_seconds: int
    gates: tuple[GateOutline, ...]
    groups: tuple[GroupOutline, ...]


@dataclass(frozen=True, slots=True)
class RunOutline:
    """A run with everything in it."""

    run: UpdateRun
    stages: tuple[StageOutline, ...]
