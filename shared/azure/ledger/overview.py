"""Implements `shared.overview.store.OverviewStore` on the table of the ledger."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar

from shared.azure.connection import Connection
from shared.azure.ledger import keys
from shared.azure.ledger.decision_row import recorded
from shared.azure.ledger.overview_rows import (
    HASH,
    SUMMARY_COLUMNS,
    fleet_rows,
    fleets_of,
    members_in,
    members_rows,
    newer_decision_in,
    part_of_fleet,
    profile_key,
    runs_in,
    runs_row,
    unreadable_of,
    unreadable_row,
)
from shared.azure.ledger.reading import seen_in, time_in
from shared.azure.ledger.store import Condition, Row, Store
from shared.azure.ledger.trigger_row import trigger_of
from shared.core.model.ids import ResourceId
from shared.core.model.unknown import Unknown
from shared.core.releases.releases import FirstSeen
from shared.overview.store import FleetMembers, NewerDecision, StoredOverview, Unreadable
from shared.ports import RecordedDecision, Trigger
from shared.threads import TracedThreads

if TYPE_CHECKING:
    from shared.documents.fleets import StoredFleet
    from shared.documents.runs import RunSummary


T = TypeVar("T")


class TableOverview:
    """Every method may be repeated, and the process may stop in it, without harm."""

    def __init__(self, connection: Connection) -> None:
        self._store = Store(connection)
        self._parts: Mapping[str, tuple[str, StoredFleet]] = {}
        """The rows of fleets as they were last read, with their hashes, by key; replaced as a whole."""

    def record_fleets(
        self,
        fleets: Sequence[StoredFleet],
        runs: Mapping[str, Sequence[RunSummary]],
        members: Sequence[FleetMembers],
        *,
        complete: bool,
    ) -> None:
        """Remember what an evaluation found; only rows that have changed are written."""
        of_fleets = {key: row for fleet in fleets for key, row in fleet_rows(fleet)}
        of_runs = {profile_key(ResourceId.parse(profile)): runs_row(found) for profile, found in runs.items()}
        of_members = {key: row for fleet in members for key, row in members_rows(fleet)}
        known = self._store.partitions(keys.OVERVIEW, (HASH,))
        evaluated = [keys.safe(fleet["id"].lower()) for fleet in fleets]
        self._replace(keys.OVERVIEW_FLEETS, known, of_fleets, evaluated, complete)
        self._replace(keys.OVERVIEW_RUNS, known, of_runs, [], complete)
        self._replace(keys.OVERVIEW_MEMBERS, known, of_members, evaluated, complete)

    def read(self, evaluated_at: datetime | None) -> StoredOverview:
        """All fleets of the last evaluation, in three queries side by side that find few or small rows."""
        with TracedThreads(3) as threads:
            fleets = threads.submit(self._fleet_parts)
            decisions = threads.submit(self._newer, keys.DECISIONS, evaluated_at)
            failures = threads.submit(self._failures, keys.TRIGGERS)
        return StoredOverview(fleets_of(fleets.result()), decisions.result(), failures.result())

    def read_fleet(self, fleet_id: ResourceId, evaluated_at: datetime | None) -> StoredOverview | None:
        """One fleet."""
        rows = self._store.rows(keys.OVERVIEW_FLEETS, f"{keys.safe(fleet_id.key)} ")
        fleets = fleets_of(self._known(keys.OVERVIEW_FLEETS, rows, part_of_fleet))
        if not fleets:
            return None
        return StoredOverview(
            fleets,
            self._newer(keys.decisions_partition(fleet_id), evaluated_at),
            self._failures(keys.triggers_partition(fleet_id)),
        )

    def runs_of(self, profile_id: ResourceId) -> Sequence[RunSummary]:
        """The runs of a profile."""
        key = profile_key(profile_id)
        stored = self._store.get(keys.OVERVIEW_RUNS, key)
        rows = {key: stored.values} if stored is not None else {}
        return self._known(keys.OVERVIEW_RUNS, rows, runs_in).get(key, ())

    def members(self) -> Sequence[FleetMembers]:
        """The members of all fleets, in one query."""
        rows = self._store.partition(keys.OVERVIEW_MEMBERS)
        parts = self._known(keys.OVERVIEW_MEMBERS, rows, members_in)
        return [part for part in parts.values() if part is not None]

    def decisions_on(self, fleet_id: ResourceId) -> Mapping[str, RecordedDecision]:
        """The last decisions on the fleet's profiles, in one query."""
        partition = keys.decisions_partition(fleet_id)
        found = self._known(
            partition, self._store.partition(partition), lambda row: (row["profileId"].lower(), recorded(row))
        )
        return dict(found.values())

    def releases(self) -> FirstSeen:
        """When each release was first seen in each region."""
        return {
            partition.removeprefix(keys.RELEASES): dict(self._known(partition, rows, seen_in).values())
            for partition, rows in self._store.partitions(keys.RELEASES).items()
        }

    def record_unreadable(self, unreadable: Unreadable) -> None:
        """Remember what an activity could not read."""
        self._store.put(keys.OVERVIEW_UNREADABLE, [(unreadable.where, unreadable_row(unreadable))])

    def unreadable(self) -> Sequence[Unreadable]:
        """What each activity could not read."""
        rows = self._store.partition(keys.OVERVIEW_UNREADABLE)
        return [
            replace(found, where=where)
            for where, found in self._known(keys.OVERVIEW_UNREADABLE, rows, unreadable_of).items()
        ]

    def record_watch(self, at: datetime) -> None:
        """Remember a watch that succeeded."""
        self._store.put(keys.SYSTEM, [(keys.LAST_WATCH, {"at": at.isoformat()})])

    def last_watch(self) -> datetime | None:
        """When the last watch that succeeded began."""
        stored = self._store.get(keys.SYSTEM, keys.LAST_WATCH)
        rows = {keys.LAST_WATCH: stored.values} if stored is not None else {}
        return self._known(keys.SYSTEM, rows, lambda row: time_in(row, "at")).get(keys.LAST_WATCH)

    def _known(self, partition: str, rows: Mapping[str, Row], parse: Callable[[Row], T]) -> dict[str, T]:
        """What can be read, by row key; the other rows are reported, and not shown."""
        found = {key: self._store.reader.read(partition, key, row, parse) for key, row in rows.items()}
        return {key: each for key, each in found.items() if not isinstance(each, Unknown)}

    def _fleet_parts(self) -> Mapping[str, StoredFleet]:
        """The rows of all fleets; they are read again only if a hash differs from when they were last read."""
        stored = self._store.partitions(keys.OVERVIEW_FLEETS, (HASH,)).get(keys.OVERVIEW_FLEETS, {})
        hashes = {key: row.get(HASH, "") for key, row in stored.items()}
        if {key: each for key, (each, _) in self._parts.items()} != hashes:
            rows = self._store.partition(keys.OVERVIEW_FLEETS)
            parts = self._known(keys.OVERVIEW_FLEETS, rows, part_of_fleet)
            self._parts = {key: (rows[key].get(HASH, ""), part) for key, part in parts.items() if part is not None}
        return {key: part for key, (_, part) in self._parts.items()}

    def _newer(self, beginning: str, evaluated_at: datetime | None) -> dict[str, NewerDecision]:
        after = evaluated_at.isoformat() if evaluated_at is not None else ""
        partitions = self._store.partitions(beginning, SUMMARY_COLUMNS, Condition("at gt @value", after))
        found = (self._known(partition, rows, newer_decision_in) for partition, rows in partitions.items())
        return {profile: decision for each in found for profile, decision in each.values()}

    def _failures(self, beginning: str) -> dict[str, Trigger]:
        partitions = self._store.partitions(beginning, None, Condition("errorCode gt @value", ""))
        return {
            f"{_fleet_key(partition)}/autoupgradeprofiles/{name}": trigger
            for partition, rows in partitions.items()
            for name, trigger in self._known(partition, rows, trigger_of).items()
        }

    def _replace(
        self,
        partition: str,
        stored: Mapping[str, Mapping[str, Row]],
        rows: Mapping[str, Row],
        fleets: Iterable[str],
        complete: bool,
    ) -> None:
        """Write the rows that differ, and delete those that are obsolete.

        Args:
            partition: where the rows are.
            stored: what is stored, by partition and key.
            rows: the new rows, by key.
            fleets: the beginnings of the keys of which `rows` has all.
            complete: whether `rows` has all rows of the partition.
        """
        known = stored.get(partition, {})
        changed = [(key, row) for key, row in rows.items() if known.get(key, {}).get(HASH) != row[HASH]]
        self._store.put(partition, changed)
        beginnings = tuple(f"{fleet} " for fleet in fleets)
        for key in known.keys() - rows.keys():
            if complete or key.startswith(beginnings):
                self._store.delete(partition, key)


def _fleet_key(partition: str) -> str:
    """The fleet's id in lower case, from the key of a partition that was made from it."""
    return partition.removeprefix(keys.TRIGGERS).replace("|", "/")
