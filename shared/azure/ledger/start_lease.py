"""One row a fleet of leases on starting runs, a column each: leases on the same members exclude each other.

The row is changed on condition of its ETag, so of two calls that take a lease at once the second one sees the first.
Calls for the same run share its lease, and note that they do: one of them that fails must not give it back while
another is about to start the run.
"""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from shared.azure.ledger import keys
from shared.azure.ledger.entities import SCHEMA, SCHEMA_VERSION
from shared.azure.ledger.reading import LONG_AGO, time_in
from shared.azure.ledger.store import Row, Store, StoredRow
from shared.core.model.ids import ResourceId
from shared.core.model.unknown import Unknown
from shared.errors import NotReadyError, TransientError
from shared.run_ledger import StartLease, WasStarted

LEASE = timedelta(minutes=5)
"""How long a lease excludes other runs, if it is not released."""

START_WITHIN = timedelta(minutes=3)
"""How much of it the holder may use to begin a start; in the rest a request in progress can end."""

ATTEMPTS = 16
"""How often a row that changed between read and write is read again."""

_RETRY_AFTER_SECONDS = 15
"""Starting a run takes seconds: much less than the lease, which is for a process that stopped."""

_COLUMN = "lease"
_ALL = frozenset({"*"})
"""For all members of the fleet."""
_DIGITS = 8
"""Of a member's hash: a thousand members fit into a column. Equal hashes of two members only delay a start."""


def lease_start(
    store: Store, run_id: ResourceId, members: Iterable[str], now: datetime, was_started: WasStarted
) -> StartLease:
    """See `shared.run_ledger.RunLedger.lease_start`."""
    partition, name, digests = keys.starts_partition(run_id.parent), run_id.name.lower(), _digests(members)
    token = uuid.uuid4().hex
    mine = _COLUMN + token, _Lease(name, now + LEASE, digests)
    for _ in range(ATTEMPTS):
        stored = store.get(partition, keys.LEASES)
        held = _held(store, partition, stored.values, now) if stored is not None else {}
        if stored is not None and any(isinstance(lease, Unknown) for lease in held.values()):
            _replace_unknown(store, partition, stored, held, now)
            continue
        leases = {column: lease for column, lease in held.items() if isinstance(lease, _Lease)}
        others = _others(leases, run_id, digests, now, was_started)
        column, lease = next((one for one in leases.items() if _may_be_shared(one[1], name, now)), mine)
        shared = lease if (column, lease) == mine else lease.shared_with(digests)
        if leases.get(column) != shared:
            columns = {**others, column: shared.text}
            is_written = (
                store.insert(partition, keys.LEASES, columns)
                if stored is None
                else store.replace(partition, keys.LEASES, columns, stored.etag)
            )
            if not is_written:
                continue
        return StartLease(run_id, column.removeprefix(_COLUMN), shared.start_before)
    raise TransientError(f"The ledger's leases of {run_id.parent.name} kept changing")


def release_start(store: Store, lease: StartLease, *, also_shared: bool = False) -> None:
    """See `shared.run_ledger.RunLedger.release_start`."""
    partition, column = keys.starts_partition(lease.run_id.parent), _COLUMN + lease.token
    for _ in range(ATTEMPTS):
        stored = store.get(partition, keys.LEASES)
        if stored is None or column not in stored.values:
            return
        held = _leases_in(store, partition, {**stored.values})[column]
        if isinstance(held, _Lease) and held.is_shared and not also_shared:
            return
        others = {name: text for name, text in stored.values.items() if name != column}
        if store.replace(partition, keys.LEASES, others, stored.etag):
            return


@dataclass(frozen=True, slots=True)
class _Lease:
    """The content of a column."""

    run: str
    until: datetime
    members: frozenset[str]
    """Their hashes, or `_ALL`."""
    is_shared: bool = False

    @property
    def start_before(self) -> datetime:
        """Until when a start may begin under it."""
        return self.until - (LEASE - START_WITHIN)

    def shared_with(self, members: frozenset[str]) -> _Lease:
        """The lease with one more call, for these members."""
        return replace(self, members=self.members | members, is_shared=True)

    @property
    def text(self) -> str:
        content = {"run": self.run, "until": self.until.isoformat(), "members": " ".join(sorted(self.members))}
        return json.dumps({**content, "shared": "yes"} if self.is_shared else content)


def _lease_of(text: str) -> _Lease:
    content: dict[str, str] = json.loads(text)
    members = frozenset(content["members"].split())
    return _Lease(content["run"], time_in(content, "until"), members, is_shared=content.get("shared") == "yes")


def _may_be_shared(lease: _Lease, run: str, now: datetime) -> bool:
    return lease.run == run and now < lease.start_before


def _others(
    leases: Mapping[str, _Lease], run_id: ResourceId, members: frozenset[str], now: datetime, was_started: WasStarted
) -> dict[str, str]:
    """The leases on other runs, by column, without those that exclude no one since Fleet shows the run as started.

    Raises:
        NotReadyError: another run is being started on one of the members, or may be.
    """
    kept: dict[str, str] = {}
    for column, lease in leases.items():
        if lease.members == _ALL:
            seconds = max(1, int((lease.until - now).total_seconds()))
            raise NotReadyError(f"A lease on starting runs of {run_id.parent.name} was not readable", seconds)
        if lease.run == run_id.name.lower():
            continue
        if members.isdisjoint(lease.members):
            kept[column] = lease.text
        elif not was_started(lease.run, lease.until - LEASE):
            sentence = f"Update run {lease.run} is being started on clusters of {run_id.name.lower()}"
            raise NotReadyError(sentence, _RETRY_AFTER_SECONDS)
    return kept


def last_end_of(store: Store, partition: str, row: Row) -> datetime | Unknown:
    """When the last lease of a row ends; unknown if one cannot be read, and long ago if there is none."""
    last = LONG_AGO
    for lease in _leases_in(store, partition, row).values():
        if isinstance(lease, Unknown):
            return lease
        last = max(last, lease.until)
    return last


def _held(store: Store, partition: str, row: Row, now: datetime) -> dict[str, _Lease | Unknown]:
    """The leases that have not run out, by column, and those that cannot be read."""
    leases = _leases_in(store, partition, row)
    return {column: lease for column, lease in leases.items() if isinstance(lease, Unknown) or now < lease.until}


def _leases_in(store: Store, partition: str, row: Row) -> dict[str, _Lease | Unknown]:
    return {
        column: store.reader.read(
            partition,
            keys.LEASES,
            {_COLUMN: text, SCHEMA: row.get(SCHEMA, SCHEMA_VERSION)},
            lambda one: _lease_of(one[_COLUMN]),
        )
        for column, text in row.items()
        if column.startswith(_COLUMN)
    }


def _replace_unknown(
    store: Store, partition: str, stored: StoredRow, held: Mapping[str, _Lease | Unknown], now: datetime
) -> None:
    """Replace what cannot be read by leases on all members that begin now: what is started under them then ends."""
    unknown = _Lease("", now + LEASE, _ALL).text
    columns = {column: unknown if isinstance(lease, Unknown) else lease.text for column, lease in held.items()}
    store.replace(partition, keys.LEASES, columns, stored.etag)


def _digests(members: Iterable[str]) -> frozenset[str]:
    return frozenset(hashlib.sha256(member.lower().encode()).hexdigest()[:_DIGITS] for member in members)
