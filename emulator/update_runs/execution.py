"""The state of a run at work, and how it is shown in the run's `status`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from emulator.arm import json_time
from emulator.json_value import Json
from emulator.state import Fleet, FleetResource

NOT_STARTED, RUNNING, PENDING = "NotStarted", "Running", "Pending"
STOPPING, STOPPED, SKIPPED, FAILED, COMPLETED = "Stopping", "Stopped", "Skipped", "Failed", "Completed"
FINISHED = frozenset({COMPLETED, SKIPPED})
"""States in which nothing is left to do."""


@dataclass
class Progress:
    """A state with its times; `error` is ARM's `{code, message}`."""

    state: str = NOT_STARTED
    started_at: datetime | None = None
    completed_at: datetime | None = None
    error: dict[str, Json] | None = None

    def move(self, state: str, now: datetime) -> bool:
        """Take another state; whether it was another. What is skipped never started."""
        if state == self.state:
            return False
        self.state = state
        if state in {RUNNING, PENDING} and self.started_at is None:
            self.started_at = now
        self.completed_at = now if state in {COMPLETED, SKIPPED, FAILED, STOPPED} else None
        return True

    def to_json(self) -> dict[str, Json]:
        """As `UpdateStatus`."""
        shown: dict[str, Json] = {"state": self.state}
        if self.started_at is not None:
            shown["startTime"] = json_time(self.started_at, digits=9)
        if self.completed_at is not None:
            shown["completedTime"] = json_time(self.completed_at, digits=9)
        if self.error is not None:
            shown["error"] = self.error
        return shown


@dataclass
class MemberRun:
    """A member in a run. `attempt` tells a callback of an earlier try that it is too late."""

    name: str
    cluster_id: str
    progress: Progress = field(default_factory=Progress)
    message: str = ""
    attempt: int = 0

    def to_json(self) -> dict[str, Json]:
        """As `MemberUpdateStatus`."""
        shown: dict[str, Json] = {
            "name": self.name,
            "clusterResourceId": self.cluster_id,
            "status": self.progress.to_json(),
        }
        if self.message:
            shown["message"] = self.message
        return shown


@dataclass
class GroupRun:
    """A group in a stage."""

    name: str
    max_concurrency: int
    members: list[MemberRun]
    progress: Progress = field(default_factory=Progress)

    def to_json(self) -> dict[str, Json]:
        """As `UpdateGroupStatus`; a group without members has no such key."""
        shown: dict[str, Json] = {
            "name": self.name,
            "status": self.progress.to_json(),
            "maxConcurrency": self.max_concurrency,
        }
        if self.members:
            shown["members"] = [member.to_json() for member in self.members]
        return shown


@dataclass
class StageRun:
    """A stage; `wait` is what follows its groups.

    UNVERIFIED: how the service shows the failures a stage allows and those it has had; here it does not.
    """

    name: str
    max_concurrency: int
    max_allowed_failures: int
    wait_seconds: int
    groups: list[GroupRun]
    progress: Progress = field(default_factory=Progress)
    wait: Progress = field(default_factory=Progress)

    def members(self) -> Iterator[MemberRun]:
        """Those of all groups."""
        for group in self.groups:
            yield from group.members

    @property
    def is_within_limit(self) -> bool:
        """Whether no more members have failed than the stage allows."""
        return sum(member.progress.state == FAILED for member in self.members()) <= self.max_allowed_failures

    def to_json(self) -> dict[str, Json]:
        """As `UpdateStageStatus`."""
        shown: dict[str, Json] = {
            "name": self.name,
            "status": self.progress.to_json(),
            "maxConcurrency": self.max_concurrency,
            "groups": [group.to_json() for group in self.groups],
        }
        if self.wait_seconds:
            shown["afterStageWaitStatus"] = {
                "status": self.wait.to_json(),
                "waitDurationInSeconds": self.wait_seconds,
            }
        return shown


@dataclass
class Execution:
    """A run with everything in it."""

    fleet: Fleet
    run: FleetResource
    upgrade_type: str
    kubernetes_version: str | None
    image_selection: str
    images: dict[str, str]
    """Image versions by family: listed (Custom) or picked at the start (Consistent)."""
    stages: list[StageRun]
    progress: Progress = field(default_factory=Progress)
    is_stopping: bool = False
    has_failed: bool = False

    def members(self) -> Iterator[MemberRun]:
        """Those of all stages."""
        for stage in self.stages:
            yield from stage.members()

    def targets(self, kind: str, name: str) -> list[MemberRun] | None:
        """The members of a `Member`, `Group` or `Stage`; None if there is nothing of that name."""
        if kind == "Stage":
            parts = [list(stage.members()) for stage in self.stages if stage.name == name]
        elif kind == "Group":
            parts = [group.members for stage in self.stages for group in stage.groups if group.name == name]
        elif kind == "Member":
            parts = [[member] for member in self.members() if member.name == name]
        else:
            parts = []
        return [member for part in parts for member in part] if parts else None

    def to_json(self) -> dict[str, Json]:
        """As `UpdateRunStatus`."""
        picked: list[Json] = [{"version": f"{family}-{version}"} for family, version in sorted(self.images.items())]
        return {
            "status": self.progress.to_json(),
            "nodeImageSelection": {"selectedNodeImageVersions": picked} if picked else {},
            "stages": [stage.to_json() for stage in self.stages],
        }


def roll_up(states: Iterable[str]) -> str:
    """The state of a whole from those of its parts."""
    found = set(states)
    if not found or found == {SKIPPED}:
        return SKIPPED
    if found <= FINISHED:
        return COMPLETED
    if found == {NOT_STARTED}:
        return NOT_STARTED
    if RUNNING in found:
        return STOPPING if FAILED in found else RUNNING
    if FAILED in found:
        return FAILED
    if PENDING in found:
        return PENDING
    return RUNNING if found & FINISHED and NOT_STARTED in found else NOT_STARTED
