"""Implements `shared.ports.Ledger` on Azure Table Storage."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime

from shared.azure.connection import Connection
from shared.azure.ledger import keys, run_claims, start_lease, waits
from shared.azure.ledger.decision_row import compared_columns, content_of, decision_row, recorded
from shared.azure.ledger.store import Row, Store
from shared.azure.ledger.trigger_row import trigger_of, trigger_row
from shared.core.decision import Decision
from shared.core.model.ids import ResourceId
from shared.core.model.run_record import Intent, RunRecord
from shared.core.releases.releases import NewReleases
from shared.ports import CatalogReading, RecordedDecision, StartLease, Trigger


class TableLedger:
    """Every method may be repeated, and the process may stop in it, without harm."""

    def __init__(self, connection: Connection) -> None:
        self._store = Store(connection)

    def first_seen(self, region: str) -> Mapping[str, datetime]:
        """When each release was first seen in the region."""
        rows = self._store.partition(keys.releases_partition(region)).values()
        return {row["key"]: datetime.fromisoformat(row["firstSeen"]) for row in rows}

    def record_new_releases(self, new_releases: NewReleases, now: datetime) -> None:
        """Remember when each release was first seen; a known release keeps its time."""
        partition = keys.releases_partition(new_releases.region)
        known = self._store.partition(partition)
        rows = [
            (keys.safe(release.key), {"key": release.key, "firstSeen": now.isoformat()})
            for release in new_releases.releases
        ]
        self._store.put(partition, [(key, values) for key, values in rows if key not in known])

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
        return {
            fleet_id: {
                name: run_claims.record_of(row)
                for name, row in self._store.partition(keys.runs_partition(fleet_id)).items()
            }
            for fleet_id in fleet_ids
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
        by_fleet: dict[ResourceId, list[Decision]] = defaultdict(list)
        for decision in decisions:
            by_fleet[decision.profile_id.parent].append(decision)
        changed: list[Decision] = []
        for fleet_id, of_fleet in by_fleet.items():
            partition = keys.decisions_partition(fleet_id)
            known = self._store.partition(partition)
            written: dict[str, Row] = {}
            for decision in of_fleet:
                name = decision.profile_id.name.lower()
                row, before = decision_row(decision, trigger, now), known.get(name, {})
                if compared_columns(row) != compared_columns(before):
                    changed.append(decision)
                    written[name] = row
                elif content_of(row) != content_of(before):
                    written[name] = {**row, "at": before["at"], "trigger": before["trigger"]}
            self._store.put(partition, written.items())
        return changed

    def record_detection(self, at: datetime) -> None:
        """Remember a detection that succeeded."""
        self._store.put(keys.SYSTEM, [(keys.LAST_DETECTION, {"at": at.isoformat()})])

    def last_detection(self) -> datetime | None:
        """When the last detection that succeeded began."""
        return self._time_in(keys.LAST_DETECTION)

    def last_evaluation(self) -> datetime | None:
        """When the last complete evaluation of everything began."""
        return self._time_in(keys.LAST_EVALUATION)

    def record_evaluation(self, began_at: datetime) -> None:
        """Remember a complete evaluation, unless a newer one is remembered."""
        last = self.last_evaluation()
        if last is None or last < began_at:
            self._store.put(keys.SYSTEM, [(keys.LAST_EVALUATION, {"at": began_at.isoformat()})])

    def _time_in(self, row: str) -> datetime | None:
        stored = self._store.get(keys.SYSTEM, row)
        return datetime.fromisoformat(stored.values["at"]) if stored is not None else None
