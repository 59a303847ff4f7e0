"""One row a fleet of leases on starting runs, a column each: leases on the same members exclude each other.

The row is changed on condition of its ETag, so of two calls that take a lease at once the second one sees the first.
"""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta

from shared.azure.ledger import keys
from shared.azure.ledger.store import Row, Store
from shared.core.model.ids import ResourceId
from shared.errors import NotReadyError, TransientError
from shared.ports import StartLease

LEASE = timedelta(minutes=5)
"""How long a lease excludes other runs, if it is not released."""

START_WITHIN = timedelta(minutes=3)
"""How much of it the holder may use to begin a start; in the rest a request in progress can end."""

ATTEMPTS = 16
"""How often a row that changed between read and write is read again."""

_RETRY_AFTER_SECONDS = 15
"""Starting a run takes seconds: much less than the lease, which is for a process that stopped."""

_COLUMN = "lease"
_DIGITS = 8
"""Of a member's hash: a thousand members fit into a column. Equal hashes of two members only delay a start."""


def lease_start(store: Store, run_id: ResourceId, members: Iterable[str], now: datetime) -> StartLease:
    """See `shared.ports.Ledger.lease_start`."""
    partition, name, digests = keys.starts_partition(run_id.parent), run_id.name.lower(), _digests(members)
    token = uuid.uuid4().hex
    mine = {
        _COLUMN + token: json.dumps(
            {"run": name, "until": (now + LEASE).isoformat(), "members": " ".join(sorted(digests))}
        )
    }
    for _ in range(ATTEMPTS):
        stored = store.get(partition, keys.LEASES)
        held = _held(stored.values, now) if stored is not None else {}
        for column, lease in held.items():
            start_before = datetime.fromisoformat(lease["until"]) - (LEASE - START_WITHIN)
            if lease["run"] == name and now < start_before:
                return StartLease(run_id, column.removeprefix(_COLUMN), start_before)
            if lease["run"] != name and not digests.isdisjoint(lease["members"].split()):
                raise NotReadyError(
                    f"Update run {lease['run']} is being started on clusters of {name}", _RETRY_AFTER_SECONDS
                )
        columns = {column: json.dumps(lease) for column, lease in held.items() if lease["run"] != name} | mine
        if stored is None:
            is_mine = store.insert(partition, keys.LEASES, columns)
        else:
            is_mine = store.replace(partition, keys.LEASES, columns, stored.etag)
        if is_mine:
            return StartLease(run_id, token, now + START_WITHIN)
    raise TransientError(f"The ledger's leases of {run_id.parent.name} kept changing")


def release_start(store: Store, lease: StartLease) -> None:
    """See `shared.ports.Ledger.release_start`."""
    partition, column = keys.starts_partition(lease.run_id.parent), _COLUMN + lease.token
    for _ in range(ATTEMPTS):
        stored = store.get(partition, keys.LEASES)
        if stored is None or column not in stored.values:
            return
        others = {name: text for name, text in stored.values.items() if name != column}
        if store.replace(partition, keys.LEASES, others, stored.etag):
            return


def _held(row: Row, now: datetime) -> dict[str, dict[str, str]]:
    leases: dict[str, dict[str, str]] = {column: json.loads(text) for column, text in row.items()}
    return {column: lease for column, lease in leases.items() if now < datetime.fromisoformat(lease["until"])}


def _digests(members: Iterable[str]) -> frozenset[str]:
    return frozenset(hashlib.sha256(member.lower().encode()).hexdigest()[:_DIGITS] for member in members)
