"""The state of a run at work, and how it is shown in the run's `status`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from tools.emulator.arm import json_time
from tools.emulator.state import Fleet, FleetResource
from tools.emulator.update_runs.scheduled_start import ScheduledStart
from tools.json_value import Json

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

    def hold(self) -> None:
        """Wait at one of its gates: pending, and without a start if nothing in it has begun (as recorded)."""
        self.state, self.completed_at = PENDING, None

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
class GateRun:
    """A gate before or after a stage or a group; `gate_id` is there once the run has reached it.

    `group` is None for a gate of a stage, `timing` is `Before` or `After`.
    """

    display_name: str
    type: str
    stage: str
    group: str | None
    timing: str
    scheduled_start: ScheduledStart | None = None
    """When it completes without approval; None for one that waits for approval."""
    gate_id: str | None = None
    progress: Progress = field(default_factory=Progress)

    @property
    def is_over(self) -> bool:
        """Whether it is completed or skipped."""
        return self.progress.state in FINISHED

    @property
    def named(self) -> dict[str, Json]:
        """The display name as a property, which is absent where the gate has none."""
        return {"displayName": self.display_name} if self.display_name else {}

    def to_json(self) -> dict[str, Json]:
        """As `UpdateRunGateStatus`."""
        shown: dict[str, Json] = {**self.named, "status": self.progress.to_json()}
        if self.gate_id is not None:
            shown["gateId"] = self.gate_id
        return shown


@dataclass
class Gates:
    """The gates of a stage or a group."""

    before: list[GateRun] = field(default_factory=list)
    after: list[GateRun] = field(default_factory=list)

    def __iter__(self) -> Iterator[GateRun]:
        yield from self.before
        yield from self.after

    def states(self) -> list[str]:
        """Of all of them."""
        return [gate.progress.state for gate in self]

    def to_json(self) -> dict[str, Json]:
        """As a stage's or group's status has them. UNVERIFIED: that the keys are absent where there are none."""
        lists = {"beforeGates": self.before, "afterGates": self.after}
        return {key: [gate.to_json() for gate in gates] for key, gates in lists.items() if gates}


@dataclass
class MemberRun:
    """A member in a run. By `attempt`, a callback of an earlier try finds that it is too late."""

    name: str
    cluster_id: str
    progress: Progress = field(default_factory=Progress)
    message: str = ""
    attempt: int = 0
    is_due: bool = False
    """Whether it is pending and to be checked again."""
    operation_id: str | None = None
    """Of the upgrade, from when it began."""

    def to_json(self) -> dict[str, Json]:
        """As `MemberUpdateStatus`."""
        shown: dict[str, Json] = {
            "name": self.name,
            "clusterResourceId": self.cluster_id,
            "status": self.progress.to_json(),
        }
        if self.operation_id is not None:
            shown["operationId"] = self.operation_id
        if self.message:
            shown["message"] = self.message
        return shown


@dataclass
class GroupRun:
    """A group in a stage."""

    name: str
    max_concurrency: int
    members: list[MemberRun]
    gates: Gates = field(default_factory=Gates)
    progress: Progress = field(default_factory=Progress)
    max_allowed_failures: int | None = None
    """None if the strategy sets no limit for it."""

    @property
    def failure_count(self) -> int:
        """Members that have failed."""
        return sum(member.progress.state == FAILED for member in self.members)

    def to_json(self) -> dict[str, Json]:
        """As `UpdateGroupStatus`; a group without members has no such key."""
        shown: dict[str, Json] = {
            "name": self.name,
            "status": self.progress.to_json(),
            "maxConcurrency": self.max_concurrency,
            "maxAllowedFailures": self.max_allowed_failures or 0,
            "failureCount": self.failure_count,
            **self.gates.to_json(),
        }
        if self.members:
            shown["members"] = [member.to_json() for member in self.members]
        return shown


@dataclass
class StageRun:
    """A stage; `wait` is what follows its groups."""

    name: str
    max_concurrency: int
    max_allowed_failures: int | None
    """None if the strategy sets no limit for it."""
    wait_seconds: int
    groups: list[GroupRun]
    gates: Gates = field(default_factory=Gates)
    progress: Progress = field(default_factory=Progress)
    wait: Progress = field(default_factory=Progress)

    def members(self) -> Iterator[MemberRun]:
        """Those of all groups."""
        for group in self.groups:
            yield from group.members

    def all_gates(self) -> Iterator[GateRun]:
        """The stage's own and those of its groups."""
        yield from self.gates
        for group in self.groups:
            yield from group.gates

    @property
    def failure_count(self) -> int:
        """Members that have failed."""
        return sum(group.failure_count for group in self.groups)

    @property
    def is_within_limit(self) -> bool:
        """Whether no more members have failed than the stage allows, and each of its groups.

        UNVERIFIED: that a limit of one alone is enough to tolerate a failure.
        """
        limits = [(self.max_allowed_failures, self.failure_count)]
        for group in self.groups:
            own = group.max_allowed_failures
            limits.append((0 if own is None and self.max_allowed_failures is None else own, group.failure_count))
        return all(limit is None or count <= limit for limit, count in limits)

    def to_json(self) -> dict[str, Json]:
        """As `UpdateStageStatus`."""
        shown: dict[str, Json] = {
            "name": self.name,
            "status": self.progress.to_json(),
            "maxConcurrency": self.max_concurrency,
            "maxAllowedFailures": self.max_allowed_failures or 0,
            "failureCount": self.failure_count,
            **self.gates.to_json(),
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
    patched_on: str = ""
    """For a run of channel SecurityPatch: the date of the patches, as node images have it; else empty."""
    progress: Progress = field(default_factory=Progress)
    is_stopping: bool = False
    has_failed: bool = False

    def members(self) -> Iterator[MemberRun]:
        """Those of all stages."""
        for stage in self.stages:
            yield from stage.members()

    def groups(self) -> Iterator[GroupRun]:
        """Those of all stages."""
        for stage in self.stages:
            yield from stage.groups

    def gates(self) -> Iterator[GateRun]:
        """Those of all stages and groups."""
        for stage in self.stages:
            yield from stage.all_gates()

    def to_json(self) -> dict[str, Json]:
        """As `UpdateRunStatus`."""
        picked: list[Json] = [{"version": f"{family}-{version}"} for family, version in sorted(self.images.items())]
        return {
            "status": self.progress.to_json(),
            "failureCount": sum(stage.failure_count for stage in self.stages),
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
