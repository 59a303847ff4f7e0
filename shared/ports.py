"""What the use cases need from the world. Adapters in `shared/azure` provide it; tests provide fakes.

Every method may raise `TransientError`, `ThrottledError` or `AccessDeniedError` (`shared/errors.py`) unless it says
otherwise; no type of an SDK goes through here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from shared.core.decision import Decision
from shared.core.model.catalog import Catalog
from shared.core.model.catalog_needs import RegionNeeds
from shared.core.model.fleet import Fleet
from shared.core.model.ids import ResourceId
from shared.core.model.profile import Profile
from shared.core.model.run_record import Intent, RunRecord
from shared.core.model.unknown import Unknown
from shared.core.model.update_run import UpdateRun
from shared.core.releases.releases import NewReleases
from shared.core.runs.specification import RunSpecification


class Clock(Protocol):
    """The time."""

    def now(self) -> datetime:
        """The current time, aware, in UTC."""


@dataclass(frozen=True, slots=True)
class Estate:
    """Every fleet the app looks after, from one sweep; it may lag behind by minutes."""

    fleets: tuple[Fleet, ...]
    unreadable: tuple[str, ...] = ()
    """One sentence for each resource that was there but could not be understood."""


class EstateReader(Protocol):
    """One sweep over everything, by Resource Graph."""

    def read(self) -> Estate:
        """All fleets with their members, clusters, strategies, profiles and runs."""


class FleetStore(Protocol):
    """Fleets as ARM knows them now, and the writes."""

    def read_fleet(self, profile_id: ResourceId) -> tuple[Profile, Fleet]:
        """The profile and its fleet: members with clusters, the profile's strategy, and all update runs.

        A cluster or strategy that cannot be read becomes `Unknown` there; one cluster spoils no other.

        Raises:
            NotFoundError: the profile or its fleet does not exist.
        """

    def read_profile(self, profile_id: ResourceId) -> Profile:
        """The profile alone.

        Raises:
            NotFoundError: it does not exist.
        """

    def read_maintenance_windows(
        self, cluster_ids: Iterable[ResourceId]
    ) -> Mapping[ResourceId, frozenset[str] | Unknown]:
        """The names of each cluster's maintenance configurations, in lower case; `Unknown` if they cannot be read."""

    def find_run(self, run_id: ResourceId) -> UpdateRun | None:
        """The run as it is now; None if it does not exist."""

    def create_run(self, fleet_id: ResourceId, specification: RunSpecification) -> bool:
        """Create the run under its own name, only if no run has that name; whether this call created it.

        Raises:
            UserMustFixError: Fleet refuses the run; the message is Fleet's.
        """

    def skip_members(self, run: UpdateRun, members: Sequence[str]) -> bool:
        """Have the members skipped, only if the run has not changed since it was read; whether that was so."""

    def start_run(self, run: UpdateRun) -> bool:
        """Start the run, only if it has not changed since it was read; whether that was so."""

    def stop_run(self, run: UpdateRun) -> bool:
        """Stop the run, only if it has not changed since it was read; whether that was so."""

    def generate_natively(self, profile_id: ResourceId) -> ResourceId:
        """Fleet's own `generateUpdateRun`: the id of the run it made, or of the one that was there already.

        Raises:
            UserMustFixError: Fleet refuses; the message is Fleet's.
        """


class CatalogReader(Protocol):
    """What regions offer."""

    def read(self, needs: Mapping[str, RegionNeeds]) -> Catalog:
        """Ask each region; a part that cannot be read is `Unknown` in the answer. Raises nothing of its own."""


class ReleaseTracker(Protocol):
    """AKS's public release tracker: a hint that makes us look sooner, never a source of a target."""

    def digest(self) -> str | None:
        """A text that changes whenever the tracker's data does; None if it cannot be read. Raises nothing."""


class EventPublisher(Protocol):
    """The app's own Event Grid topic."""

    def publish_new_releases(self, news: Sequence[NewReleases], now: datetime) -> None:
        """One `FleetAutoUpgrade.ReleaseDetected` event a region."""

    def publish_due(self, profile_ids: Sequence[ResourceId], now: datetime) -> None:
        """One `FleetAutoUpgrade.ProfileDue` event a profile."""


@dataclass(frozen=True, slots=True)
class CatalogReading:
    """When all catalogs were last read, and what the release tracker looked like then."""

    at: datetime
    digest: str | None


@dataclass(frozen=True, slots=True)
class Trigger:
    """The last time a trigger set about generating or starting a run of a profile, and what came of it."""

    at: datetime
    versions: tuple[str, ...]
    """The Kubernetes version, or the node images, that it was about."""
    error_code: str | None = None
    """None if it succeeded."""
    error_message: str = ""


@dataclass(frozen=True, slots=True)
class RecordedDecision:
    """The last decision on a profile, as it is shown, and since when it has stood."""

    at: datetime
    trigger: str
    content: Mapping[str, object]


class Ledger(Protocol):
    """What ARM cannot remember."""

    def first_seen(self, region: str) -> Mapping[str, datetime]:
        """When each release was first seen in the region, by the release's key."""

    def record_new_releases(self, news: NewReleases, now: datetime) -> None:
        """Remember when each release was first seen in the region; repeating it changes nothing."""

    def last_reading(self) -> CatalogReading | None:
        """The last complete reading of all catalogs."""

    def record_reading(self, reading: CatalogReading) -> None:
        """Remember a complete reading."""

    def record_detection(self, at: datetime) -> None:
        """Remember a detection that ended well, whether it had to look or not."""

    def last_detection(self) -> datetime | None:
        """When the last detection that ended well began."""

    def run_records(self, fleet_ids: Iterable[ResourceId]) -> Mapping[ResourceId, Mapping[str, RunRecord]]:
        """What is remembered of each fleet's runs, by the run's name in lower case."""

    def claim_run(
        self,
        run_id: ResourceId,
        profile_id: ResourceId,
        record: RunRecord,
        now: datetime,
        may_take_over: Callable[[], bool],
    ) -> datetime:
        """Claim the creation of a run with an intent; the time until which the caller may create it.

        A claim of the same intent is shared: creating is idempotent. A claim of the other intent is respected while it
        holds. After that it is taken over only if `may_take_over` says so, asked then (the run is not there), so that
        a run made for review is never taken for one to start.

        Raises:
            NotReadyError: a claim of the other intent holds, or its run is there.
        """

    def record_skipped(self, run_id: ResourceId, intent: Intent, members: frozenset[str]) -> None:
        """Add members that the app is about to have skipped in a claimed run, by name in lower case."""

    def record_restart(self, run_id: ResourceId, number: int, failed_at: datetime | None) -> bool:
        """Note that the app is about to restart a failed run; False if another restart was noted meanwhile.

        Args:
            run_id: the run.
            number: the number of the restart, from 1 on. Noting the same restart of the same failure again is fine.
            failed_at: when the run failed.
        """

    def record_trigger(self, profile_id: ResourceId, trigger: Trigger) -> None:
        """Remember the last time that something was done for the profile; the last writer wins."""

    def last_trigger(self, profile_id: ResourceId) -> Trigger | None:
        """The last time that something was done for the profile."""

    def last_decision(self, profile_id: ResourceId) -> RecordedDecision | None:
        """The last decision on the profile."""

    def record_decisions(self, decisions: Sequence[Decision], trigger: str, now: datetime) -> Sequence[Decision]:
        """Remember the last decision of each profile; returns those that differ from what was remembered.

        What it was chosen from makes no difference by itself: a new preview somewhere changes no decision.
        """

    def last_evaluation(self) -> datetime | None:
        """When the last complete evaluation of everything began."""

    def record_evaluation(self, began_at: datetime) -> None:
        """Remember a complete evaluation of everything."""
