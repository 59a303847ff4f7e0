"""The row that lets one run of a fleet be started at a time."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from shared.azure.ledger import keys
from shared.azure.ledger.store import Store
from shared.core.model.ids import ResourceId
from shared.errors import NotReadyError
from shared.ports import StartLease

LEASE = timedelta(minutes=5)
"""How long a lease excludes other runs, if it is not released."""

START_WITHIN = timedelta(minutes=3)
"""How much of it the holder may use to begin a start; in the rest a request in progress can end."""

ATTEMPTS = 8
"""How often a row that changed between read and write is read again."""

_RETRY_AFTER_SECONDS = 15
"""Starting a run takes seconds: much less than the lease, which is for a process that stopped."""


def lease_start(store: Store, run_id: ResourceId, now: datetime) -> StartLease:
    """See `shared.ports.Ledger.lease_start`."""
    partition, name = keys.starts_partition(run_id.parent), run_id.name.lower()
    mine = {"run": name, "token": uuid.uuid4().hex, "until": (now + LEASE).isoformat()}
    for _ in range(ATTEMPTS):
        stored = store.get(partition, keys.LEASE)
        if stored is None:
            is_mine = store.insert(partition, keys.LEASE, mine)
        else:
            held = stored.values
            start_before = datetime.fromisoformat(held["until"]) - (LEASE - START_WITHIN)
            if held["run"] == name and now < start_before:
                return StartLease(run_id, held["token"], start_before)
            if held["run"] != name and now < datetime.fromisoformat(held["until"]):
                break
            is_mine = store.replace(partition, keys.LEASE, mine, stored.etag)
        if is_mine:
            return StartLease(run_id, mine["token"], now + START_WITHIN)
    raise NotReadyError(f"Another update run of {run_id.parent.name} is being started", _RETRY_AFTER_SECONDS)


def release_start(store: Store, lease: StartLease, now: datetime) -> None:
    """See `shared.ports.Ledger.release_start`."""
    partition = keys.starts_partition(lease.run_id.parent)
    stored = store.get(partition, keys.LEASE)
    if stored is not None and stored.values["token"] == lease.token:
        store.replace(partition, keys.LEASE, {**stored.values, "until": now.isoformat()}, stored.etag)
