"""Implements `shared.ports.Ledger` on Azure Table Storage."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime

from shared.azure.connection import Connection
from shared.azure.ledger import keys, run_claims, start_lease, waits
from shared.azure.ledger.catalog_row import catalog_of, catalog_row
from shared.azure.ledger.decision_row import (
    COLUMNS_TO_COMPARE,
    decision_row,
    has_same_content,
    is_same_decision,
    recorded,
)
from shared.azure.ledger.evaluation_row import evaluation_row, evaluation_state_of
from shared.azure.ledger.store import Row, Store
from shared.azure.ledger.trigger_row import trigger_of, trigger_row
from shared.azure.threads import TracedThreads
from shared.core.decision import Decision
from shared.core.model.catalog import Catalog
from shared.core.model.ids import ResourceId
from shared.core.model.run_record import Intent, RunRecord
from shared.core.releases.releases import FirstSeen, NewReleases
from shared.evaluation_state import EvaluationState
from shared.ports import CatalogReading, RecordedDecision, StartLease, Trigger

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
        return {region: _first_seen(rows.get(partition, {})) for region, partition in partitions.items()}

    def record_new_releases(self, new_releases: NewReleases, now: datetime) -> None:
        """Remember when each release was first seen; a known release keeps its time."""
        partition = keys.releases_partition(new_releases.region)
        known = self._store.partition(partition)
        rows = [
            (keys.safe(release.key), {"key": release.key, "firstSeen": now.isoformat()})
            for release in new_releases.releases
        ]
        self._store.put(partition, [(key, values) for key, values in rows if key not in known])

    def catalog_read_since(self, moment: datetime) -> Catalog:
        """What the regions offer that were read since then."""
        rows = self._store.partition(keys.CATALOGS).values()
        recent = [catalog_of(row) for row in rows if datetime.fromisoformat(row["at"]) >= moment]
        return Catalog({catalog.region: catalog for catalog in recent})

    def record_catalog(self, catalog: Catalog, read_at: datetime) -> None:
        """Remember what the regions offer; a region whose versions could not be read is not remembered."""
        rows = {keys.safe(region): catalog_row(each, read_at) for region, each in catalog.regions.items()}
        self._store.put(keys.CATALOGS, [(key, row) for key, row in rows.items() if row is not None])

    def last_reading(self) -> CatalogReading | None:
        """The last complete reading of all catalogs."""
        stored = self._store.get(keys.SYSTEM, keys.LAST_READING)
        if stored is None:
            return None
        return CatalogReading(datetime.fromisoformat(stored.values["at"]), stored.values.get("digest") or None)

    def record_reading(self, reading: CatalogReading) -> None:
        """Remember a complete reading."""
        values = {"at": reading.at.isoformat(), "digest": reading.digest or ""}
        self._store.put(keys.SYSTEM, [(keys.LAST_READING, values)])

    def run_records(self, fleet_ids: Iterable[ResourceId]) -> Mapping[ResourceId, Mapping[str, RunRecord]]:
        """The records of each fleet's runs, by the run's name in lower case."""
        partitions = {fleet_id: keys.runs_partition(fleet_id) for fleet_id in fleet_ids}
        rows = self._rows(keys.RUNS, partitions.values())
        return {
            fleet_id: {name: run_claims.record_of(row) for name, row in rows.get(partition, {}).items()}
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

    def record_skipped(self, run_id: ResourceId, intent: Intent, members: frozenset[str]) -> None:
        """Record members before Fleet is to skip them in a run."""
        run_claims.record_skipped(self._store, run_id, intent, members)

    def record_generated(self, claimed: ResourceId, generated: ResourceId) -> None:
        """Record the run that Fleet generated for a claimed one."""
        run_claims.record_generated(self._store, claimed, generated)

    def record_restart(self, run_id: ResourceId, number: int, failed_at: datetime | None) -> bool:
        """Record a restart before it is made."""
        return run_claims.record_restart(self._store, run_id, number, failed_at)

    def lease_start(self, run_id: ResourceId, members: Iterable[str], now: datetime) -> StartLease:
        """Take a lease on starting the run on the members."""
        return start_lease.lease_start(self._store, run_id, members, now)

    def release_start(self, lease: StartLease) -> None:
        """Give the lease back."""
        start_lease.release_start(self._store, lease)

    def waiting_since(self) -> Mapping[ResourceId, datetime]:
        """Since when profiles wait for busy clusters."""
        return waits.waiting_since(self._store)

    def record_trigger(self, profile_id: ResourceId, trigger: Trigger) -> None:
        """Remember the last trigger that acted on the profile."""
        partition = keys.triggers_partition(profile_id.parent)
        self._store.put(partition, [(profile_id.name.lower(), trigger_row(trigger))])

    def last_trigger(self, profile_id: ResourceId) -> Trigger | None:
        """The last trigger that acted on the profile."""
        stored = self._store.get(keys.triggers_partition(profile_id.parent), profile_id.name.lower())
        return trigger_of(stored.values) if stored is not None else None

    def last_decision(self, profile_id: ResourceId) -> RecordedDecision | None:
        """The last decision on the profile."""
        stored = self._store.get(keys.decisions_partition(profile_id.parent), profile_id.name.lower())
        return recorded(stored.values) if stored is not None else None

    def record_decisions(self, decisions: Sequence[Decision], trigger: str, now: datetime) -> Sequence[Decision]:
        """Remember the decisions. Returns those that differ from the remembered ones.

        If only the candidates of a decision have changed, its row keeps the time since when the decision applies.
        """
        waits.record_waits(self._store, decisions)
        by_fleet: dict[str, list[Decision]] = defaultdict(list)
        for decision in decisions:
            by_fleet[keys.decisions_partition(decision.profile_id.parent)].append(decision)
        known = self._rows(keys.DECISIONS, by_fleet, COLUMNS_TO_COMPARE)

        def record(partition: str) -> list[Decision]:
            changed, written = _changes(by_fleet[partition], known.get(partition, {}), trigger, now)
            self._store.put(partition, written.items())
            return changed

        with TracedThreads(PARALLEL) as threads:
            return [decision for changed in threads.map(record, by_fleet) for decision in changed]

    def record_detection(self, at: datetime) -> None:
        """Remember a detection that succeeded."""
        self._store.put(keys.SYSTEM, [(keys.LAST_DETECTION, {"at": at.isoformat()})])

    def last_detection(self) -> datetime | None:
        """When the last detection that succeeded began."""
        return self._time_in(keys.LAST_DETECTION)

    def last_evaluation(self) -> datetime | None:
        """When the last complete evaluation of everything began."""
        return self.evaluation_state()[0].last

    def evaluation_state(self) -> tuple[EvaluationState, str | None]:
        """Which evaluation of everything is wanted and in progress, and the row's ETag."""
        stored = self._store.get(keys.SYSTEM, keys.EVALUATION)
        return (EvaluationState(), None) if stored is None else (evaluation_state_of(stored.values), stored.etag)

    def replace_evaluation_state(self, state: EvaluationState, etag: str | None) -> bool:
        """Remember the state if it has not changed since it was read."""
        row = evaluation_row(state)
        if etag is None:
            return self._store.insert(keys.SYSTEM, keys.EVALUATION, row)
        return self._store.replace(keys.SYSTEM, keys.EVALUATION, row, etag)

    def _rows(
        self, beginning: str, partitions: Collection[str], select: Sequence[str] | None = None
    ) -> Mapping[str, Mapping[str, Row]]:
        """The rows of the partitions: a few are read alone, many together with all that begin so."""
        if len(partitions) > FEW:
            return self._store.partitions(beginning, select)
        with TracedThreads(PARALLEL) as threads:
            return dict(zip(partitions, threads.map(self._store.partition, partitions), strict=True))

    def _time_in(self, row: str) -> datetime | None:
        stored = self._store.get(keys.SYSTEM, row)
        return datetime.fromisoformat(stored.values["at"]) if stored is not None else None


def _first_seen(rows: Mapping[str, Row]) -> Mapping[str, datetime]:
    return {row["key"]: datetime.fromisoformat(row["firstSeen"]) for row in rows.values()}


def _changes(
    decisions: Iterable[Decision], known: Mapping[str, Row], trigger: str, now: datetime
) -> tuple[list[Decision], dict[str, Row]]:
    """The decisions of one fleet that differ from the known rows, and the rows to write."""
    changed: list[Decision] = []
    written: dict[str, Row] = {}
    for decision in decisions:
        name = decision.profile_id.name.lower()
        row, before = decision_row(decision, trigger, now), known.get(name, {})
        if not is_same_decision(row, before):
            changed.append(decision)
            written[name] = row
        elif not has_same_content(row, before):
            written[name] = {**row, "at": before["at"], "trigger": before["trigger"]}
    return changed, written
