"""Ports of the overview: the ledger's rows for people, and what Fleet knows of one run.

Every method may raise `TransientError`, `ThrottledError` or `AccessDeniedError` (`shared/errors.py`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from shared.core.model.ids import ResourceId
from shared.core.releases.releases import FirstSeen
from shared.overview.run_outline import RunOutline
from shared.ports import RecordedDecision, Trigger

if TYPE_CHECKING:
    from shared.documents.fleets import StoredFleet
    from shared.documents.runs import RunSummary


@dataclass(frozen=True, slots=True)
class NewerDecision:
    """A decision from after the last evaluation, without members, candidates and policies."""

    outcome: str
    reason: str
    sentence: str
    target: str
    """Empty without one."""
    until: datetime | None


@dataclass(frozen=True, slots=True)
class StoredOverview:
    """Some fleets as the last evaluation found them; the mappings are by the profile's id in lower case."""

    fleets: Sequence[StoredFleet]
    decisions: Mapping[str, NewerDecision]
    """The decisions that were made since, by an event or a person."""
    failures: Mapping[str, Trigger]
    """The last trigger of each profile, where it failed."""


@dataclass(frozen=True, slots=True)
class FleetMembers:
    """The names of a fleet's profiles and members, so that a cluster is found by its name."""

    id: ResourceId
    profiles: tuple[str, ...]
    members: tuple[tuple[str, str], ...]
    """Of each member its name, and that of its cluster, which may differ."""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """What could not be read: by which activity, when it was last tried, and the first of the sentences."""

    where: str
    at: datetime
    sentences: tuple[str, ...]
    count: int


class RunOutlineReader(Protocol):
    """Reads one update run with everything in it."""

    def read_outline(self, run_id: ResourceId) -> RunOutline:
        """The run as it is now.

        Raises:
            NotFoundError: it does not exist.
        """


class OverviewStore(Protocol):
    """What an evaluation leaves in the ledger for people."""

    def record_fleets(
        self,
        fleets: Sequence[StoredFleet],
        runs: Mapping[str, Sequence[RunSummary]],
        members: Sequence[FleetMembers],
        *,
        complete: bool,
    ) -> None:
        """Remember what an evaluation found, and write only what has changed.

        Args:
            fleets: the fleets that were evaluated.
            runs: the runs of each profile, by the profile's id in lower case.
            members: the members of each fleet.
            complete: whether these are all fleets, so that others are forgotten.
        """

    def read(self, evaluated_at: datetime | None) -> StoredOverview:
        """All fleets of the last evaluation, and the decisions after the moment when it began."""

    def read_fleet(self, fleet_id: ResourceId, evaluated_at: datetime | None) -> StoredOverview | None:
        """One fleet; None if it was not in the last evaluation."""

    def runs_of(self, profile_id: ResourceId) -> Sequence[RunSummary]:
        """The runs of a profile, as the last evaluation found them."""

    def members(self) -> Sequence[FleetMembers]:
        """The members of all fleets, as the last evaluation found them; a large fleet is in more than one part."""

    def decisions_on(self, fleet_id: ResourceId) -> Mapping[str, RecordedDecision]:
        """The last decisions on the fleet's profiles, by the profile's id in lower case."""

    def releases(self) -> FirstSeen:
        """When each release was first seen in each region, of all regions that were ever read."""

    def record_unreadable(self, unreadable: Unreadable) -> None:
        """Remember what an activity could not read; it replaces what the same activity could not read before."""

    def unreadable(self) -> Sequence[Unreadable]:
        """What each activity could not read."""

    def record_watch(self, at: datetime) -> None:
        """Remember a watch that succeeded."""

    def last_watch(self) -> datetime | None:
        """When the last watch that succeeded began."""
