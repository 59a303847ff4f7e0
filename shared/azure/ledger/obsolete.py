"""Rows that nothing will ask for again, and their removal: once a day, a limited number at a time.

A row is removed on condition of its ETag, so that one that is written meanwhile stays. A row that cannot be read stays
too, and so does one of a fleet that the reading does not show: the app's identity may have lost a role for a while.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice

from shared.azure.ledger import keys
from shared.azure.ledger.entities import SCHEMA
from shared.azure.ledger.reading import LONG_AGO, seen_in, time_in
from shared.azure.ledger.run_claims import ClaimedRun, claimed_run
from shared.azure.ledger.start_lease import last_end_of
from shared.azure.ledger.store import Row, Store, StoredRow
from shared.azure.ledger.waits import wait_of
from shared.core.model.fleet import Fleet
from shared.core.model.ids import ResourceId
from shared.core.model.unknown import Unknown
from shared.core.policies.rules import MAXIMUM_SOAK
from shared.core.releases.obsolete import obsolete_releases
from shared.existing import Existing
from shared.threads import TracedThreads

EVERY = timedelta(days=1)
"""How often it is looked for obsolete rows."""

MOST_ROWS = 1000
"""How many rows are removed at a time; the rest follows with the next detection."""

PARALLEL = 8

PROFILES_ROWS_KEPT = timedelta(days=7)
"""Of a profile that no longer exists. Resource Graph may lag by minutes: a new profile looks as if it did not exist."""

RUNS_ROWS_KEPT = timedelta(days=400)
"""Of a run that no longer exists: longer than any soak, and than a run may wait for its review."""

CATALOGS_KEPT = timedelta(days=7)
"""Of a region that is not in use any more; the others are replaced all the time."""

LEASES_KEPT = timedelta(days=1)
"""After they have run out."""


@dataclass(frozen=True, slots=True)
class _Place:
    partition: str
    row: str
    etag: str


def remove_obsolete(store: Store, existing: Existing, now: datetime) -> int:
    """See `shared.ports.Ledger.remove_obsolete`."""
    if not existing.fleets or not _is_due(store, now):
        return 0
    found = list(islice(_obsolete(store, existing, now), MOST_ROWS))
    with TracedThreads(PARALLEL) as threads:
        removed = sum(threads.map(lambda place: store.delete_unchanged(place.partition, place.row, place.etag), found))
    if len(found) < MOST_ROWS:
        store.put(keys.SYSTEM, [(keys.LAST_REMOVAL, {"at": now.isoformat()})])
    return removed


def _is_due(store: Store, now: datetime) -> bool:
    stored = store.get(keys.SYSTEM, keys.LAST_REMOVAL)
    if stored is None:
        return True
    last = store.reader.read(keys.SYSTEM, keys.LAST_REMOVAL, stored.values, lambda row: time_in(row, "at"))
    return isinstance(last, Unknown) or now - last >= EVERY


def _obsolete(store: Store, existing: Existing, now: datetime) -> Iterator[_Place]:
    """The rows, kind by kind: what the limit leaves for later is not read."""
    yield from _releases(store, existing, now)
    yield from _runs(store, existing, now)
    yield from _profiles(store, existing, now)
    yield from _waits(store, existing, now)
    yield from _leases(store, now)
    yield from _catalogs(store, now)


def _releases(store: Store, existing: Existing, now: datetime) -> Iterator[_Place]:
    partitions = {keys.releases_partition(region): each for region, each in existing.catalog.regions.items()}
    for partition, rows in store.stored(keys.RELEASES).items():
        catalog = partitions.get(partition)
        if catalog is not None:
            read = {row: store.reader.read(partition, row, each.values, seen_in) for row, each in rows.items()}
            seen = {row: each for row, each in read.items() if not isinstance(each, Unknown)}
            obsolete = obsolete_releases(catalog, dict(seen.values()), now, MAXIMUM_SOAK)
            yield from (_Place(partition, row, rows[row].etag) for row, (key, _) in seen.items() if key in obsolete)


def _of_fleets(
    store: Store,
    beginning: str,
    partition_of: Callable[[ResourceId], str],
    existing: Existing,
    select: Sequence[str] | None = None,
) -> Iterator[tuple[str, Fleet, Mapping[str, StoredRow]]]:
    """The partitions that begin so and are of fleets which exist, with their rows."""
    fleets = {partition_of(fleet_id): fleet for fleet_id, fleet in existing.fleets.items()}
    for partition, rows in store.stored(beginning, select).items():
        if partition in fleets:
            yield partition, fleets[partition], rows


def _runs(store: Store, existing: Existing, now: datetime) -> Iterator[_Place]:
    """Records of runs that were deleted long ago, unless Fleet generated an existing run for them, or may have."""
    for partition, fleet, rows in _of_fleets(store, keys.RUNS, keys.runs_partition, existing):
        names = {run.name.lower() for run in fleet.update_runs}
        generated_from = {run.auto_upgrade_profile_id for run in fleet.update_runs}
        for name, row in rows.items():
            claimed = store.reader.read(partition, name, row.values, claimed_run)
            if name in names or isinstance(claimed, Unknown) or claimed.record.generated in names:
                continue
            call, used = claimed.record.call, _last_use_of(claimed)
            may_have_generated = call is not None and call.profile_id in generated_from
            if not may_have_generated and LONG_AGO < used < now - RUNS_ROWS_KEPT:
                yield _Place(partition, name, row.etag)


def _last_use_of(claimed: ClaimedRun) -> datetime:
    """As far as it is known; else long ago."""
    record = claimed.record
    return max(claimed.claimed_until, record.created_at or LONG_AGO, record.restarted_failure or LONG_AGO)


def _profiles(store: Store, existing: Existing, now: datetime) -> Iterator[_Place]:
    """Decisions and triggers of profiles that do not exist."""
    for beginning, of in ((keys.DECISIONS, keys.decisions_partition), (keys.TRIGGERS, keys.triggers_partition)):
        for partition, fleet, rows in _of_fleets(store, beginning, of, existing, (SCHEMA, "at")):
            profiles = {profile.name.lower() for profile in fleet.profiles}
            for name, row in rows.items():
                at = store.reader.read(partition, name, row.values, _time)
                if name not in profiles and not isinstance(at, Unknown) and now - at > PROFILES_ROWS_KEPT:
                    yield _Place(partition, name, row.etag)


def _waits(store: Store, existing: Existing, now: datetime) -> Iterator[_Place]:
    profiles = {profile.id for fleet in existing.fleets.values() for profile in fleet.profiles}
    for partition, rows in store.stored(keys.WAITS).items():
        for row, stored in rows.items():
            wait = store.reader.read(partition, row, stored.values, wait_of)
            if isinstance(wait, Unknown) or wait.profile_id in profiles:
                continue
            if wait.profile_id.parent in existing.fleets and now - wait.since > PROFILES_ROWS_KEPT:
                yield _Place(partition, row, stored.etag)


def _leases(store: Store, now: datetime) -> Iterator[_Place]:
    for partition, rows in store.stored(keys.STARTS).items():
        for row, stored in rows.items():
            ended = last_end_of(store, partition, stored.values)
            if not isinstance(ended, Unknown) and now - ended > LEASES_KEPT:
                yield _Place(partition, row, stored.etag)


def _catalogs(store: Store, now: datetime) -> Iterator[_Place]:
    for partition, rows in store.stored(keys.CATALOGS, (SCHEMA, "at")).items():
        for row, stored in rows.items():
            at = store.reader.read(partition, row, stored.values, _time)
            if not isinstance(at, Unknown) and now - at > CATALOGS_KEPT:
                yield _Place(partition, row, stored.etag)


def _time(row: Row) -> datetime:
    return time_in(row, "at")
