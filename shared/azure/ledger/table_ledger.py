"""Implements `shared.ports.Ledger` on Azure Table Storage."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from concurrent.futures import Future
from datetime import datetime
from typing import TypeVar

from shared import telemetry
from shared.azure.connection import Connection
from shared.azure.ledger import keys, obsolete, run_claims, start_lease, waits
from shared.azure.ledger.catalog_row import catalog_row, recorded_catalog
from shared.azure.ledger.decision_row import (
    COLUMNS_TO_COMPARE,
    can_be_compared,
    decision_row,
    has_same_content,
    is_same_decision,
    recorded,
)
from shared.azure.ledger.evaluation_row import evaluation_row, evaluation_state_of
from shared.azure.ledger.reading import seen_in, time_in
from shared.azure.ledger.store import Row, Store
from shared.azure.ledger.trigger_row import trigger_of, trigger_row
from shared.core.decision import Decision
from shared.core.model.catalog import Catalog
from shared.core.model.ids import ResourceId
from shared.core.model.run_record import Intent, RunRecord, RunRecords, StopNote
from shared.core.model.unknown import Unknown
from shared.core.model.update_run import UpdateRun
from shared.core.releases.releases import FirstSeen, NewReleases
from shared.errors import FleetAutoUpgradeError
from shared.evaluation_state import EvaluationState
from shared.existing import Existing
from shared.ports import CatalogReading, RecordedDecision, Trigger
from shared.run_ledger import StartLease, WasStarted
from shared.threads import TracedThreads

T = TypeVar("T")

PARALLEL = 16
FEW = 4
"""The most partitions that are read alone."""


class TableLedger:
    """Every method may be repeated, and the process may stop in it, without harm."""

    def __init__(self, connection: Connection) -> None:
        self._store = Store(connection)

    def first_seen_in(self, regions: Iterable[str]) -> FirstSeen:
        """When each release was first seen, in each region."""
        partitions = {region: keys.releases_partition(region) for region in regions}
        rows = self._rows(keys.RELEASES, partitions.values())
        return {
            region: self._first_seen(partition, rows.get(partition, {})) for region, partition in partitions.items()
        }

    def record_new_releases(self, new_releases: NewReleases, now: datetime) -> None:
        """Remember when each release was first seen; a known release keeps its time, unless that cannot be read."""
        partition = keys.releases_partition(new_releases.region)
        known = self._first_seen(partition, self._store.partition(partition))
        rows = [
            (keys.safe(release.key), {"key": release.key, "firstSeen": now.isoformat()})
            for release in new_releases.releases
            if release.key not in known
        ]
        self._store.put(partition, rows)

    def catalog_read_since(self, moment: datetime) -> Catalog:
        """What the regions offer that were read since then; a region whose row cannot be read is absent."""
        rows = self._store.partition(keys.CATALOGS)
        read = (self._store.reader.read(keys.CATALOGS, key, row, recorded_catalog) for key, row in rows.items())
        recent = (each.catalog for each in read if not isinstance(each, Unknown) and each.read_at >= moment)
        return Catalog({catalog.region: catalog for catalog in recent})

    def record_catalog(self, catalog: Catalog, read_at: datetime) -> None:
        """Remember what the regions offer; a region whose versions could not be read is not remembered."""
        rows = {keys.safe(region): catalog_row(each, read_at) for region, each in catalog.regions.items()}
        self._store.put(keys.CATALOGS, [(key, row) for key, row in rows.items() if row is not None])

    def last_reading(self) -> CatalogReading | None:
        """The last complete reading of all catalogs; None also if its row cannot be read: then all are read again."""
        return self._known(keys.SYSTEM, keys.LAST_READING, _reading_of)

    def record_reading(self, reading: CatalogReading) -> None:
        """Remember a complete reading."""
        values = {"at": reading.at.isoformat(), "digest": reading.digest or ""}
        self._store.put(keys.SYSTEM, [(keys.LAST_READING, values)])

    def run_records(self, fleet_ids: Iterable[ResourceId]) -> Mapping[ResourceId, RunRecords]:
        """The records of each fleet's runs, by the run's name in lower case."""
        partitions = {fleet_id: keys.runs_partition(fleet_id) for fleet_id in fleet_ids}
        rows = self._rows(keys.RUNS, partitions.values())
        return {
            fleet_id: {
                name: run_claims.record_of(self._store, partition, name, row)
                for name, row in rows.get(partition, {}).items()
            }
            for fleet_id, partition in partitions.items()
        }

    def claim_run(
        self,
        run_id: ResourceId,
        profile_id: ResourceId,
        record: RunRecord,
        now: datetime,
        may_take_over: Callable[[], bool],
    ) -> datetime:
        """Claim the creation of a run."""
        return run_claims.claim(self._store, run_id, profile_id, record, now, may_take_over)

    def record_skipped(
        self, run_id: ResourceId, intent: Intent, members: frozenset[str], created_at: datetime | None = None
    ) -> None:
        """Record members before Fleet is to skip them in a run."""
        run_claims.record_skipped(self._store, run_id, intent, members, created_at)

    def record_generated(self, claimed: ResourceId, generated: UpdateRun) -> Intent:
        """Record the run that Fleet generated for a claimed one."""
        return run_claims.record_generated(self._store, claimed, generated)

    def record_restart(
        self, run_id: ResourceId, number: int, failed_at: datetime | None, created_at: datetime | None = None
    ) -> bool:
        """Record a restart before it is made."""
        return run_claims.record_restart(self._store, run_id, number, failed_at, created_at)

    def replace_stop(
        self,
        run_id: ResourceId,
        before: StopNote | None,
        after: StopNote | None,
        intent: Intent,
        created_at: datetime | None = None,
    ) -> bool:
        """Note a stop, or what is known of it."""
        return run_claims.replace_stop(self._store, run_id, (before, after), intent, created_at)

    def lease_start(
        self, run_id: ResourceId, members: Iterable[str], now: datetime, was_started: WasStarted
    ) -> StartLease:
        """Take a lease on starting the run on the members."""
        return start_lease.lease_start(self._store, run_id, members, now, was_started)

    def release_start(self, lease: StartLease, *, also_shared: bool = False) -> None:
        """Give the lease back, unless another call shares it."""
        start_lease.release_start(self._store, lease, also_shared=also_shared)

    def waiting_since(self) -> Mapping[ResourceId, datetime]:
        """Since when profiles wait for busy clusters."""
        return waits.waiting_since(self._store)

    def record_trigger(self, profile_id: ResourceId, trigger: Trigger) -> None:
        """Remember the last trigger that acted on the profile."""
        partition = keys.triggers_partition(profile_id.parent)
        self._store.put(partition, [(profile_id.name.lower(), trigger_row(trigger))])

    def last_trigger(self, profile_id: ResourceId) -> Trigger | Unknown | None:
        """The last trigger that acted on the profile."""
        return self._read(keys.triggers_partition(profile_id.parent), profile_id.name.lower(), trigger_of)

    def last_decision(self, profile_id: ResourceId) -> RecordedDecision | Unknown | None:
        """The last decision on the profile."""
        return self._read(keys.decisions_partition(profile_id.parent), profile_id.name.lower(), recorded)

    def record_decisions(self, decisions: Sequence[Decision], trigger: str, now: datetime) -> Sequence[Decision]:
        """Remember the decisions. Returns those that differ from the remembered ones.

        If only the candidates of a decision have changed, its row keeps the time since when the decision applies. What
        cannot be written for one fleet is reported, and written for the others.
        """
        by_fleet: dict[str, list[Decision]] = defaultdict(list)
        for decision in decisions:
            by_fleet[keys.decisions_partition(decision.profile_id.parent)].append(decision)
        with TracedThreads(1) as threads:
            reading = threads.submit(self._rows, keys.DECISIONS, by_fleet, COLUMNS_TO_COMPARE)
            waits.record_waits(self._store, decisions)
        known = reading.result()

        def record(partition: str) -> list[Decision]:
            changed, written = _changes(by_fleet[partition], known.get(partition, {}), trigger, now)
            self._store.put(partition, written.items())
            return changed

        with TracedThreads(PARALLEL) as threads:
            recordings = {partition: threads.submit(record, partition) for partition in by_fleet}
        return _successes(recordings)

    def record_detection(self, at: datetime) -> None:
        """Remember a detection that succeeded."""
        self._store.put(keys.SYSTEM, [(keys.LAST_DETECTION, {"at": at.isoformat()})])

    def last_detection(self) -> datetime | None:
        """When the last detection that succeeded began."""
        return self._known(keys.SYSTEM, keys.LAST_DETECTION, lambda row: time_in(row, "at"))

    def last_evaluation(self) -> datetime | None:
        """When the last complete evaluation of everything began."""
        return self.evaluation_state()[0].last

    def evaluation_state(self) -> tuple[EvaluationState, str | None]:
        """Which evaluation of everything is wanted and in progress, and the row's ETag."""
        stored = self._store.get(keys.SYSTEM, keys.LAST_EVALUATION)
        if stored is None:
            return EvaluationState(), None
        state = self._store.reader.read(keys.SYSTEM, keys.LAST_EVALUATION, stored.values, evaluation_state_of)
        # a state that cannot be read counts as none: everything is evaluated once more, which does nothing twice
        return EvaluationState() if isinstance(state, Unknown) else state, stored.etag

    def replace_evaluation_state(self, state: EvaluationState, etag: str | None) -> bool:
        """Remember the state if it has not changed since it was read."""
        row = evaluation_row(state)
        if etag is None:
            return self._store.insert(keys.SYSTEM, keys.LAST_EVALUATION, row)
        return self._store.replace(keys.SYSTEM, keys.LAST_EVALUATION, row, etag)

    def remove_obsolete(self, existing: Existing, now: datetime) -> int:
        """Remove rows that nothing will ask for again."""
        return obsolete.remove_obsolete(self._store, existing, now)

    def _rows(
        self, beginning: str, partitions: Collection[str], select: Sequence[str] | None = None
    ) -> Mapping[str, Mapping[str, Row]]:
        """The rows of the partitions: a few are read alone, many together with all that begin so."""
        if len(partitions) > FEW:
            return self._store.partitions(beginning, select)
        with TracedThreads(PARALLEL) as threads:
            return dict(zip(partitions, threads.map(self._store.partition, partitions), strict=True))

    def _first_seen(self, partition: str, rows: Mapping[str, Row]) -> Mapping[str, datetime]:
        """What can be read; the others count as new, so that their soak begins again."""
        seen = (self._store.reader.read(partition, key, row, seen_in) for key, row in rows.items())
        return dict(each for each in seen if not isinstance(each, Unknown))

    def _read(self, partition: str, row: str, parse: Callable[[Row], T]) -> T | Unknown | None:
        stored = self._store.get(partition, row)
        return self._store.reader.read(partition, row, stored.values, parse) if stored is not None else None

    def _known(self, partition: str, row: str, parse: Callable[[Row], T]) -> T | None:
        found = self._read(partition, row, parse)
        return None if isinstance(found, Unknown) else found


def _reading_of(row: Row) -> CatalogReading:
    return CatalogReading(time_in(row, "at"), row.get("digest") or None)


def _successes(recordings: Mapping[str, Future[list[Decision]]]) -> list[Decision]:
    """The decisions of the fleets that could be written; all recordings have ended.

    Raises:
        FleetAutoUpgradeError: not one could be written.
    """
    errors = {partition: each.exception() for partition, each in recordings.items()}
    failures = {partition: error for partition, error in errors.items() if error is not None}
    unexpected = [error for error in failures.values() if not isinstance(error, FleetAutoUpgradeError)]
    if unexpected or (failures and len(failures) == len(recordings)):
        raise (unexpected or list(failures.values()))[0]
    for partition, error in failures.items():
        if isinstance(error, FleetAutoUpgradeError):
            telemetry.failed(f"Recording '{partition}'", error)
    return [
        decision for partition, each in recordings.items() if partition not in failures for decision in each.result()
    ]


def _changes(
    decisions: Iterable[Decision], known: Mapping[str, Row], trigger: str, now: datetime
) -> tuple[list[Decision], dict[str, Row]]:
    """The decisions of one fleet that differ from the known rows, and the rows to write."""
    changed: list[Decision] = []
    written: dict[str, Row] = {}
    for decision in decisions:
        name = decision.profile_id.name.lower()
        row, before = decision_row(decision, trigger, now), known.get(name, {})
        if not can_be_compared(before) or not is_same_decision(row, before):
            changed.append(decision)
            written[name] = row
        elif not has_same_content(row, before):
            written[name] = {**row, "at": before["at"], "trigger": before["trigger"]}
    return changed, written
