"""Policies refine a profile: a value for each key of `docs/configuration.md`; the first of each is the default."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum


class Regions(StrEnum):
    """In how many regions of the scope a version must be offered."""

    COMMON = "common"
    ANY = "any"
    """At least one. Members whose region does not offer the version yet are skipped in the run, and caught up later."""


class ActiveRun(StrEnum):
    """What an unfinished run of the same profile means for a newer target."""

    WAIT = "wait"
    REPLACE = "replace"
    """It is stopped, and the newer one is started once Fleet no longer works on the clusters."""
    IGNORE = "ignore"


class StoppedClusters(StrEnum):
    """What a stopped cluster means for the run."""

    SKIP = "skip"
    FAIL = "fail"
    """Nothing is generated while one is stopped: a run with it would fail half-way."""


class BusyClusters(StrEnum):
    """What happens, once the wait for them is over, to clusters that are still busy."""

    SKIP = "skip"
    """The run starts without them, and they are caught up later."""
    UPGRADE = "upgrade"
    """The run starts with them; AKS may refuse the second operation, and Fleet then fails the run."""


class CatchUp(StrEnum):
    """What is done for members that are more than one minor behind."""

    OFF = "off"
    STEPWISE = "stepwise"


class Split(StrEnum):
    """Whether control planes and nodes are upgraded by one run or by two."""

    OFF = "off"
    CONTROL_PLANE_FIRST = "control-plane-first"


class Start(StrEnum):
    """Whether a triggered evaluation starts what it generates."""

    AUTO = "auto"
    MANUAL = "manual"


class Generator(StrEnum):
    """Who writes the run."""

    COMPOSE = "compose"
    NATIVE = "native"
    """Fleet's own generateUpdateRun; what comes back is checked against the decision before it is started."""


@dataclass(frozen=True, order=True, slots=True)
class DateRange:
    """Whole days in UTC, the first and the last included."""

    first: date
    last: date

    def covers(self, moment: datetime) -> bool:
        """Whether the moment lies in the range."""
        return self.first <= moment.astimezone(UTC).date() <= self.last

    def __str__(self) -> str:
        return f"{self.first}/{self.last}"


@dataclass(frozen=True, slots=True)
class Policy:
    """The policies in force for one profile."""

    regions: Regions = Regions.COMMON
    soak: timedelta = timedelta(0)
    """How long a target must have been available in the scope's regions before it is used."""
    freeze: tuple[DateRange, ...] = ()
    """When nothing is generated or started."""
    active_run: ActiveRun = ActiveRun.WAIT
    stopped_clusters: StoppedClusters = StoppedClusters.SKIP
    busy_clusters: BusyClusters = BusyClusters.SKIP
    busy_wait: timedelta = timedelta(hours=6)
    """How long a run waits for busy clusters before it is started."""
    catch_up: CatchUp = CatchUp.OFF
    split: Split = Split.OFF
    retry: int = 0
    """How often a failed run is restarted."""
    start: Start = Start.AUTO
    generator: Generator = Generator.COMPOSE


DEFAULT_POLICY = Policy()
