"""Rows about update runs: the claim to create one with an intent, the skipped members, and the restarts."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from shared.azure.ledger.keys import runs_partition
from shared.azure.ledger.reading import LONG_AGO, optional_time_in, texts_in, time_in
from shared.azure.ledger.store import Row, Store, StoredRow
from shared.core.model.ids import ResourceId
from shared.core.model.run_record import Intent, RunRecord
from shared.core.model.unknown import Unknown
from shared.errors import InternalError, NotReadyError, TransientError, UnreadableLedgerError

CLAIM = timedelta(minutes=10)
"""How long a claim excludes the other intent."""

CLAIM_TO_CREATE_WITHIN = timedelta(minutes=5)
"""How much of it the holder may use to begin the creation; in the rest a request in progress can end."""

ATTEMPTS = 8
"""How often a row that changed between read and write is read again."""


MAXIMUM_RESTARTS = 1000
"""More than any policy allows."""


@dataclass(frozen=True, slots=True)
class ClaimedRun:
    """What a row says."""

    record: RunRecord
    claimed_until: datetime


def claimed_run(row: Row) -> ClaimedRun:
    """What the row of a run says.

    Raises:
        ValueError, LookupError, InvalidInputError: a part of it is missing or malformed.
    """
    restarts = int(row.get("restarts") or "0")
    if not 0 <= restarts <= MAXIMUM_RESTARTS:
        raise ValueError("restarts is out of range")
    record = RunRecord(
        intent=Intent(row["intent"]),
        skipped=frozenset(texts_in(row.get("leftOut") or "[]")),
        restarts=restarts,
        restarted_failure=optional_time_in(row, "restartedFailure"),
        generated=row.get("generated") or "",
        trace_parent=row.get("traceParent") or "",
    )
    return ClaimedRun(record, time_in(row, "claimedUntil"))


def record_of(store: Store, partition: str, name: str, row: Row) -> RunRecord | Unknown:
    """The record of a run from its row."""
    claimed = store.reader.read(partition, name, row, claimed_run)
    return claimed if isinstance(claimed, Unknown) else claimed.record


def claim(
    store: Store,
    run_id: ResourceId,
    profile_id: ResourceId,
    record: RunRecord,
    now: datetime,
    may_take_over: Callable[[], bool],
) -> datetime:
    """See `shared.ports.Ledger.claim_run`."""
    partition, row = runs_partition(run_id.parent), run_id.name.lower()
    mine = {
        "intent": record.intent.value,
        "profileId": profile_id.text,
        "leftOut": json.dumps(sorted(record.skipped)),
        "claimedUntil": (now + CLAIM).isoformat(),
        "traceParent": record.trace_parent,
    }
    for _ in range(ATTEMPTS):
        stored = store.get(partition, row)
        if stored is None:
            if store.insert(partition, row, mine):
                return now + CLAIM_TO_CREATE_WITHIN
            continue
        held = _known(store, partition, row, stored)
        if held.record.intent is record.intent:
            kept = {**stored.values, "claimedUntil": mine["claimedUntil"]}
        else:
            _check_other(run_id, held.claimed_until, now, may_take_over)
            kept = mine
        if store.replace(partition, row, kept, stored.etag):
            return now + CLAIM_TO_CREATE_WITHIN
    raise TransientError(f"The ledger's row of {run_id.name} kept changing")


def record_skipped(store: Store, run_id: ResourceId, intent: Intent, members: frozenset[str]) -> None:
    """See `shared.ports.Ledger.record_skipped`."""
    partition, row = runs_partition(run_id.parent), run_id.name.lower()
    for _ in range(ATTEMPTS):
        stored = store.get(partition, row)
        if stored is None:
            values = {"intent": intent.value, "leftOut": json.dumps(sorted(members)), "claimedUntil": _PAST}
            if store.insert(partition, row, values):
                return
            continue
        together = _known(store, partition, row, stored).record.skipped | members
        values = {**stored.values, "leftOut": json.dumps(sorted(together))}
        if store.replace(partition, row, values, stored.etag):
            return
    raise TransientError(f"The ledger's row of {run_id.name} kept changing")


def record_generated(store: Store, claimed: ResourceId, generated: ResourceId) -> None:
    """See `shared.ports.Ledger.record_generated`."""
    partition, row = runs_partition(claimed.parent), claimed.name.lower()
    for _ in range(ATTEMPTS):
        stored = store.get(partition, row)
        if stored is None:
            raise InternalError(f"{claimed} was not claimed before its run was generated")
        _known(store, partition, row, stored)
        values = {**stored.values, "generated": generated.name.lower()}
        if store.replace(partition, row, values, stored.etag):
            return
    raise TransientError(f"The ledger's row of {claimed.name} kept changing")


def record_restart(store: Store, run_id: ResourceId, number: int, failed_at: datetime | None) -> bool:
    """See `shared.ports.Ledger.record_restart`."""
    partition, row = runs_partition(run_id.parent), run_id.name.lower()
    recorded = {"restarts": str(number), "restartedFailure": failed_at.isoformat() if failed_at is not None else ""}
    for _ in range(ATTEMPTS):
        stored = store.get(partition, row)
        if stored is None:
            values = {"intent": Intent.UPGRADE.value, "leftOut": "[]", "claimedUntil": _PAST, **recorded}
            if store.insert(partition, row, values):
                return True
            continue
        record = _known(store, partition, row, stored).record
        if record.restarts == number and record.restarted_failure == failed_at:
            return True
        if record.restarts >= number:
            return False
        if store.replace(partition, row, {**stored.values, **recorded}, stored.etag):
            return True
    raise TransientError(f"The ledger's row of {run_id.name} kept changing")


_PAST = LONG_AGO.isoformat()


def _known(store: Store, partition: str, row: str, stored: StoredRow) -> ClaimedRun:
    """What the row says.

    Raises:
        UnreadableLedgerError: it cannot be read. It is not replaced: it may be the claim of a run for review.
    """
    claimed = store.reader.read(partition, row, stored.values, claimed_run)
    if isinstance(claimed, Unknown):
        raise UnreadableLedgerError(claimed.why)
    return claimed


def _check_other(run_id: ResourceId, until: datetime, now: datetime, may_take_over: Callable[[], bool]) -> None:
    if now < until:
        seconds = max(1, int((until - now).total_seconds()))
        raise NotReadyError(f"Update run {run_id.name} is being created with another intent", seconds)
    if not may_take_over():
        raise NotReadyError(f"Update run {run_id.name} exists, created with another intent", 1)
