"""What the use cases need from the world. Adapters in `shared/azure` provide it; tests provide fakes.

Every method may raise `TransientError`, `ThrottledError` or `AccessDeniedError` (`shared/errors.py`) unless it says
otherwise; no type of an SDK goes through here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from shared.capture import Capture
from shared.core.decision import Decision
from shared.core.model.catalog import Catalog
from shared.core.model.catalog_needs import RegionNeeds
from shared.core.model.fleet import Fleet, Member, UpdateStrategy
from shared.core.model.ids import ResourceId
from shared.core.model.profile import Profile
from shared.core.model.run_record import RunRecords
from shared.core.model.unknown import Unknown
from shared.core.model.update_run import UpdateRun
from shared.core.releases.releases import FirstSeen, NewReleases
from shared.core.runs.specification import RunSpecification
from shared.evaluation_state import EvaluationState
from shared.existing import Existing
from shared.run_ledger import RunLedger


class Clock(Protocol):
    """The time."""

    def now(self) -> datetime:
        """The current time, aware, in UTC."""


@dataclass(frozen=True, slots=True)
class Estate:
    """All fleets that the app manages, from one sweep of Resource Graph, which may lag by minutes."""

    fleets: tuple[Fleet, ...]
    unreadable: tuple[str, ...] = ()
    """One sentence for each resource that was listed but could not be parsed."""


class EstateReader(Protocol):
    """Reads everything in one sweep of Resource Graph."""

    def read(self) -> Estate:
        """All fleets with their members, clusters, strategies, profiles and runs."""

    def has_runs_to_watch(self, ended_since: datetime, failed_since: datetime) -> bool:
        """Whether an update run is in progress, or ended or failed since then: one query, which may lag."""

    def manages(self, fleet_id: ResourceId) -> bool:
        """Whether the fleet is within the scope of the settings, whether or not it exists."""


class FleetReader(Protocol):
    """Reads what a profile is decided on; what is read is added to `capture`, if there is one."""

    def read_fleet(self, profile_id: ResourceId, capture: Capture | None = None) -> tuple[Profile, Fleet]:
        """The profile and its fleet: members with clusters, the profile's strategy, and all update runs.

        A cluster or strategy that cannot be read becomes `Unknown`, and affects no other.

        Raises:
            NotFoundError: the profile or its fleet does not exist.
        """

    def read_maintenance_windows(
        self, cluster_ids: Iterable[ResourceId], capture: Capture | None = None
    ) -> Mapping[ResourceId, frozenset[str] | Unknown]:
        """The names of each cluster's maintenance configurations, in lower case; `Unknown` if they cannot be read."""


@dataclass(frozen=True, slots=True)
class KnownFleet:
    """What changes seldom in a fleet, as it was read a short while ago."""

    members: tuple[Member, ...]
    """What their clusters are is not known any more."""
    strategies: Mapping[ResourceId, UpdateStrategy]


class FleetStore(FleetReader, Protocol):
    """Reads fleets fresh from ARM, and writes update runs."""

    def read_fleet(
        self, profile_id: ResourceId, capture: Capture | None = None, known: KnownFleet | None = None
    ) -> tuple[Profile, Fleet]:
        """The same; members and strategies that are `known` are not read again. Clusters always are."""

    def read_profile(self, profile_id: ResourceId) -> Profile:
        """The profile alone.

        Raises:
            NotFoundError: it does not exist.
        """

    def read_runs(self, fleet_id: ResourceId) -> Sequence[UpdateRun]:
        """All update runs of the fleet as they are now."""

    def find_run(self, run_id: ResourceId) -> UpdateRun | None:
        """The run as it is now; None if it does not exist."""

    def create_run(self, fleet_id: ResourceId, specification: RunSpecification) -> UpdateRun | None:
        """Create the run only if no run has its name. Returns it if this call created it.

        The run is as Fleet's response has it, which may lack parts; its etag is empty if it was not in the response.

        Raises:
            UserMustFixError: Fleet refuses the run; the message is Fleet's.
        """

    def skip_members(self, run: UpdateRun, members: Sequence[str]) -> bool:
        """Skip the members, only if the run has not changed since it was read. Returns whether it was unchanged."""

    def start_run(self, run: UpdateRun) -> bool:
        """Start the run, only if it has not changed since it was read. Returns whether it was unchanged."""

    def stop_run(self, run: UpdateRun) -> bool:
        """Stop the run, only if it has not changed since it was read. Returns whether it was unchanged."""

    def generate_natively(self, profile_id: ResourceId) -> ResourceId:
        """Call Fleet's own `generateUpdateRun`. Returns the id of the run, which may have existed before.

        Raises:
            UserMustFixError: Fleet refuses; the message is Fleet's.
        """


class CatalogReader(Protocol):
    """What regions offer."""

    def read(self, needs: Mapping[str, RegionNeeds], capture: Capture | None = None) -> Catalog:
        """Read what each region offers, and add it to a capture; a part that cannot be read is `Unknown`, no error."""


class ReleaseTracker(Protocol):
    """AKS's public release tracker: a hint to read the catalogs sooner, never the source of a target."""

    def digest(self) -> str | None:
        """A hash of the tracker's data; None if the data cannot be read. Raises nothing."""


class EventPublisher(Protocol):
    """The app's own Event Grid topic."""

    def publish_new_releases(self, new_releases: Sequence[NewReleases], now: datetime) -> None:
        """Publish one `FleetAutoUpgrade.ReleaseDetected` event for each region."""


class WorkQueues(Protocol):
    """The app's queues. Each message is handled at least once, in any order, in the trace in which it was sent."""

    def evaluate_estate(self) -> None:
        """Send a message to evaluate all profiles, if that is wanted by then."""

    def evaluate_profiles(self, profile_ids: Sequence[ResourceId]) -> None:
        """Send a message for each profile, to decide it and act on the decision. If one fails, others may be sent."""

    def watch_gates(self, run_id: ResourceId) -> None:
        """Send a message to read the gates of an update run."""

    def waiting_messages(self) -> Mapping[str, int]:
        """About how many messages each queue has."""

    def poison_messages(self) -> Mapping[str, int]:
        """About how many messages of each queue failed too often, and wait for a person."""


@dataclass(frozen=True, slots=True)
class CatalogReading:
    """When all catalogs were last read, and the hash of the release tracker's data then."""

    at: datetime
    digest: str | None


@dataclass(frozen=True, slots=True)
class Trigger:
    """The last time that a trigger tried to generate or start a run of a profile, and the result."""

    at: datetime
    versions: tuple[str, ...]
    """The Kubernetes version or the node images of the run."""
    error_code: str | None = None
    """None if it succeeded."""
    error_message: str = ""


@dataclass(frozen=True, slots=True)
class RecordedDecision:
    """The last decision on a profile as JSON, and since when it applies."""

    at: datetime
    trigger: str
    content: Mapping[str, object]


class LedgerReader(Protocol):
    """What the ledger knows that a profile is decided on."""

    def first_seen_in(self, regions: Iterable[str]) -> FirstSeen:
        """When each release was first seen in each of the regions, by the release's key."""

    def run_records(self, fleet_ids: Iterable[ResourceId]) -> Mapping[ResourceId, RunRecords]:
        """What is remembered of each fleet's runs."""

    def waiting_since(self) -> Mapping[ResourceId, datetime]:
        """Since when profiles of any fleet wait for busy clusters, by profile; the others are not in it."""


class Ledger(LedgerReader, RunLedger, Protocol):
    """Remembers what ARM does not store. `UnreadableLedgerError`: a run's row cannot be read, so it is not changed."""

    def record_new_releases(self, new_releases: NewReleases, now: datetime) -> None:
        """Remember when each release was first seen in the region; repeating it changes nothing."""

    def catalog_read_since(self, moment: datetime) -> Catalog:
        """What the regions offer that were read at or after the moment; a part that could not be read is absent."""

    def record_catalog(self, catalog: Catalog, read_at: datetime) -> None:
        """Remember what the regions offer, for the profiles that are acted on soon; the last writer wins."""

    def last_reading(self) -> CatalogReading | None:
        """The last complete reading of all catalogs."""

    def record_reading(self, reading: CatalogReading) -> None:
        """Remember a complete reading."""

    def record_detection(self, at: datetime) -> None:
        """Remember a detection that succeeded, whether or not it read the catalogs."""

    def last_detection(self) -> datetime | None:
        """When the last detection that succeeded began."""

    def record_trigger(self, profile_id: ResourceId, trigger: Trigger) -> None:
        """Remember the last trigger that acted on the profile; the last writer wins."""

    def last_trigger(self, profile_id: ResourceId) -> Trigger | Unknown | None:
        """The last trigger that acted on the profile; `Unknown` if its row cannot be read."""

    def last_decision(self, profile_id: ResourceId) -> RecordedDecision | Unknown | None:
        """The last decision on the profile; `Unknown` if its row cannot be read."""

    def record_decisions(self, decisions: Sequence[Decision], trigger: str, now: datetime) -> Sequence[Decision]:
        """Remember the last decision of each profile, and since when it waits for busy clusters, if it does.

        Returns those that differ from the remembered ones, apart from candidates. A fleet that fails fails alone.
        """

    def last_evaluation(self) -> datetime | None:
        """When the last complete evaluation of everything began."""

    def evaluation_state(self) -> tuple[EvaluationState, str | None]:
        """Which evaluation of everything is wanted and in progress, and the ETag; None if nothing is remembered."""

    def replace_evaluation_state(self, state: EvaluationState, etag: str | None) -> bool:
        """Remember the state if it has not changed since it was read. Returns False if it has."""

    def remove_obsolete(self, existing: Existing, now: datetime) -> int:
        """Remove rows that nothing will ask for again, at most once a day, some at a time. Returns how many."""
