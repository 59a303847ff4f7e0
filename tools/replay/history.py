"""What came of a replay: the runs, and how the clusters stood after each moment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from shared.core.model.update_run import UpgradeType
from shared.core.reasons import Outcome, Reason
from tools.replay.levels import Level, Levels, is_above
from tools.replay.start_version import StartVersion

STANDING_STILL = frozenset({Outcome.BLOCKED, Outcome.WAITING})
"""Outcomes that the report explains."""


@dataclass(frozen=True, slots=True)
class GeneratedRun:
    """A run that would have been generated, and what it brought."""

    at: datetime
    upgrade_type: UpgradeType
    kubernetes_version: str | None
    node_images: dict[str, str]
    """Versions by family: those chosen, or what the clusters of the run got."""
    reason: Reason
    behind: timedelta
    """Since what the channel asks for first rose above what the slowest cluster had."""
    reached: Levels
    """What the slowest cluster has after it."""


@dataclass(frozen=True, slots=True)
class Observation:
    """The state once nothing more follows at a moment."""

    at: datetime
    outcome: Outcome
    reason: Reason
    sentence: str
    target: Levels
    """What the channel asks for where everything published is in force at once and no policy holds it back."""
    lowest: Levels
    """What the slowest cluster has."""
    has_run: bool = False
    """Whether a run was generated at this moment."""

    @property
    def is_behind(self) -> bool:
        """Whether the channel asks for more than the slowest cluster has."""
        return is_above(self.target, self.lowest)


@dataclass(frozen=True, slots=True)
class Span:
    """From one moment to another; without an end it was going on when the replay ended."""

    since: datetime
    until: datetime | None

    def lasts(self, ends: datetime) -> timedelta:
        """How long, at most to the replay's end."""
        return (self.until or ends) - self.since


@dataclass(frozen=True, slots=True)
class Standstill:
    """The engine was blocked or waiting for one reason all the time."""

    span: Span
    outcome: Outcome
    reason: Reason
    sentence: str
    """As it was said first."""


@dataclass(frozen=True, slots=True)
class History:
    """A whole replay."""

    starts: datetime
    ends: datetime
    start: StartVersion
    runs: Sequence[GeneratedRun]
    observations: Sequence[Observation]
    """In order, one a moment, none after the end."""

    @property
    def last(self) -> Observation:
        """How it ended."""
        return self.observations[-1]

    @property
    def behind(self) -> list[Span]:
        """When the clusters were behind what the channel asked for."""
        spans: list[Span] = []
        since: datetime | None = None
        for observation in self.observations:
            if observation.is_behind and since is None:
                since = observation.at
            elif not observation.is_behind and since is not None:
                spans.append(Span(since, observation.at))
                since = None
        return [*spans, Span(since, None)] if since is not None else spans

    @property
    def standstills(self) -> list[Standstill]:
        """When the engine was blocked or waiting; a run, or another reason, begins a new one."""
        found: list[Standstill] = []
        first: Observation | None = None
        for observation in self.observations:
            if first is not None and not observation.has_run and observation.reason is first.reason:
                continue
            if first is not None:
                found.append(_standstill(first, observation.at))
            first = observation if observation.outcome in STANDING_STILL else None
        return [*found, _standstill(first, None)] if first is not None else found

    def levels(self) -> dict[str, list[Level]]:
        """Every level that was asked for or had, by family, lowest first."""
        met: dict[str, set[Level]] = {}
        for observation in self.observations:
            for levels in (observation.target, observation.lowest):
                for family, level in levels.items():
                    met.setdefault(family, set()).add(level)
        return {family: sorted(found) for family, found in met.items()}


def _standstill(first: Observation, until: datetime | None) -> Standstill:
    return Standstill(Span(first.at, until), first.outcome, first.reason, first.sentence)
