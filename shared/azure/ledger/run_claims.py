"""Rows about update runs: the claim to create one with an intent, skipped members, restarts and stops.

A row has when its run was created. Fleet gives a run that was deleted and generated anew the same name; what was
recorded of the earlier one does not count for it.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from shared.azure.ledger.keys import runs_partition
from shared.azure.ledger.reading import LONG_AGO, optional_time_in, texts_in, time_in
from shared.azure.ledger.store import Row, Store
from shared.core.model.ids import ResourceId
from shared.core.model.run_record import Caller, Intent, NativeCall, RunRecord, StopNote
from shared.core.model.unknown import Unknown
from shared.core.model.update_run import UpdateRun, UpdateState
from shared.core.runs.records import beside_both, is_of_another_run, may_answer
from shared.errors import InternalError, NotReadyError, TransientError, UnreadableLedgerError

CLAIM = timedelta(minutes=10)
"""How long a claim excludes the other intent."""

CLAIM_TO_CREATE_WITHIN = timedelta(minutes=5)
"""How much of it the holder may use to begin the creation; in the rest a request in progress can end."""

ATTEMPTS = 8
"""How often a row that changed between read and write is read again."""

MAXIMUM_RESTARTS = 1000
"""More than any policy allows."""

_PAST = LONG_AGO.isoformat()


@dataclass(frozen=True, slots=True)
class ClaimedRun:
    """What a row says."""

    record: RunRecord
    claimed_until: datetime


_UNCLAIMED = ClaimedRun(RunRecord(Intent.REVIEW), LONG_AGO)


def claimed_run(row: Row) -> ClaimedRun:
    """What the row of a run says.

    Raises:
        ValueError, LookupError, InvalidInputError: a part of it is missing or malformed.
    """
    restarts = int(row.get("restarts") or "0")
    if not 0 <= restarts <= MAXIMUM_RESTARTS:
        raise ValueError("restarts is out of range")
    until = time_in(row, "claimedUntil")
    record = RunRecord(
        intent=Intent(row["intent"]),
        skipped=frozenset(texts_in(row.get("skipped") or "[]")),
        restarts=restarts,
        restarted_failure=optional_time_in(row, "restartedFailure"),
        generated=row.get("generated") or "",
        trace_parent=row.get("traceParent") or "",
        requested_by=Caller(row.get("requester") or "", row["requesterId"]) if row.get("requesterId") else None,
        created_at=optional_time_in(row, "created"),
        stop=_stop_of(row),
        call=_call_of(row, until),
    )
    return ClaimedRun(record, until)


def record_of(store: Store, partition: str, name: str, row: Row) -> RunRecord | Unknown:
    """The record of a run from its row."""
    claimed = store.reader.read(partition, name, row, claimed_run)
    return claimed if isinstance(claimed, Unknown) else claimed.record


def _requester(caller: Caller | None) -> Row:
    return {} if caller is None else {"requester": caller.name, "requesterId": caller.id}


def claim(
    store: Store,
    run_id: ResourceId,
    profile_id: ResourceId,
    record: RunRecord,
    now: datetime,
    may_take_over: Callable[[], bool],
) -> datetime:
    """See `shared.run_ledger.RunLedger.claim_run`."""
    mine = {
        "intent": record.intent.value,
        "profileId": profile_id.text,
        "skipped": "[]",
        "claimedUntil": (now + CLAIM).isoformat(),
        "traceParent": record.trace_parent,
        **_requester(record.requested_by),
        **_call(record.call, record),
    }

    def claimed(stored: Row | None, held: ClaimedRun) -> Row:
        if stored is None:
            return mine
        if held.record.intent is not record.intent:
            _check_other(run_id, held.claimed_until, now, may_take_over)
            return mine
        if _has_history(held.record) and may_take_over():
            return mine
        return {**stored, "claimedUntil": mine["claimedUntil"], **_call(record.call, held.record)}

    if not store.insert(runs_partition(run_id.parent), run_id.name.lower(), mine):  # most runs are claimed once
        _change(store, run_id, claimed)
    return now + CLAIM_TO_CREATE_WITHIN


def record_skipped(
    store: Store, run_id: ResourceId, intent: Intent, members: frozenset[str], created_at: datetime | None
) -> None:
    """See `shared.run_ledger.RunLedger.record_skipped`."""

    def skipped(stored: Row | None, held: ClaimedRun) -> Row:
        row, record = _of_run(stored, held, intent, created_at)
        return {**row, "skipped": json.dumps(sorted(record.skipped | members))}

    _change(store, run_id, skipped)


def record_generated(store: Store, claimed: ResourceId, generated: UpdateRun) -> Intent:
    """See `shared.run_ledger.RunLedger.record_generated`."""

    def kept(stored: Row | None, _: ClaimedRun) -> Row | None:
        if stored is None:
            raise InternalError(f"{claimed} was not claimed before its run was generated")
        return None

    call = _change(store, claimed, kept).record
    intent = call.intent
    if generated.state is UpdateState.NOT_STARTED:
        own = {
            "intent": (intent if may_answer(generated, call) else Intent.REVIEW).value,
            "skipped": "[]",
            "claimedUntil": _PAST,
            "traceParent": call.trace_parent,
            **_created(generated.created_at),
        }

        def adopted(stored: Row | None, held: ClaimedRun) -> Row | None:
            is_of_another = is_of_another_run(held.record.created_at, generated.created_at)
            return own if stored is None or is_of_another else None

        intent = _change(store, generated.id, adopted).record.intent
    _change(store, claimed, lambda stored, _: {**(stored or {}), "generated": generated.name.lower()})
    return intent


def record_restart(
    store: Store, run_id: ResourceId, number: int, failed_at: datetime | None, created_at: datetime | None
) -> bool:
    """See `shared.run_ledger.RunLedger.record_restart`."""
    recorded = {"restarts": str(number), "restartedFailure": failed_at.isoformat() if failed_at is not None else ""}

    def restarted(stored: Row | None, held: ClaimedRun) -> Row | None:
        row, record = _of_run(stored, held, Intent.UPGRADE, created_at)
        return {**row, **recorded} if record.restarts < number else None

    record = _change(store, run_id, restarted).record
    return record.restarts == number and record.restarted_failure == failed_at


def replace_stop(
    store: Store,
    run_id: ResourceId,
    notes: tuple[StopNote | None, StopNote | None],
    intent: Intent,
    created_at: datetime | None,
) -> bool:
    """See `shared.run_ledger.RunLedger.replace_stop`; `notes` are the one that was read, and the new one."""
    before, after = notes

    def replaced(stored: Row | None, held: ClaimedRun) -> Row | None:
        row, record = _of_run(stored, held, intent, created_at)
        return {**row, **_stop(after)} if record.stop == before and before != after else None

    return _change(store, run_id, replaced).record.stop == after


def _change(store: Store, run_id: ResourceId, change: Callable[[Row | None, ClaimedRun], Row | None]) -> ClaimedRun:
    """Change the row of a run on condition of its ETag. Returns what it says then.

    Args:
        store: the table.
        run_id: the run.
        change: the new row for the stored one, if there is one, and what that says; None to leave it as it is.

    Raises:
        UnreadableLedgerError: it cannot be read. It is not replaced: it may be the claim of a run for review.
        TransientError: it kept changing.
    """
    partition, name = runs_partition(run_id.parent), run_id.name.lower()
    for _ in range(ATTEMPTS):
        stored = store.get(partition, name)
        held = store.reader.read(partition, name, stored.values, claimed_run) if stored is not None else _UNCLAIMED
        if isinstance(held, Unknown):
            raise UnreadableLedgerError(held.why)
        changed = change(stored.values if stored is not None else None, held)
        if changed is None:
            return held
        is_written = (
            store.insert(partition, name, changed)
            if stored is None
            else store.replace(partition, name, changed, stored.etag)
        )
        if is_written:
            return claimed_run(changed)
    raise TransientError(f"The ledger's row of {run_id.name} kept changing")


def _of_run(stored: Row | None, held: ClaimedRun, intent: Intent, created_at: datetime | None) -> tuple[Row, RunRecord]:
    """The row to record something of a run in: the stored one, or a new one if that is about an earlier run."""
    if stored is not None and not is_of_another_run(held.record.created_at, created_at):
        return {**stored, **_created(created_at)}, held.record
    fresh = {"intent": intent.value, "skipped": "[]", "claimedUntil": _PAST, **_created(created_at)}
    return fresh, RunRecord(intent)


def _has_history(record: RunRecord) -> bool:
    """Whether something was recorded of a run that existed."""
    return bool(record.skipped or record.restarts or record.created_at)


def _call(call: NativeCall | None, earlier: RunRecord) -> Row:
    """The columns of a call to Fleet to generate the run; none where this app creates it."""
    return {"calledBeside": json.dumps(sorted(beside_both(earlier, call))), "generated": ""} if call is not None else {}


def _stop(note: StopNote | None) -> Row:
    """The columns of a stop; empty texts for none."""
    return {
        "stopNotedAt": note.noted_at.isoformat() if note is not None else "",
        "stopTarget": note.target if note is not None else "",
        "stopMade": "yes" if note is not None and note.is_made else "",
        "stoppedAt": note.stopped_at.isoformat() if note is not None and note.stopped_at is not None else "",
    }


def _stop_of(row: Row) -> StopNote | None:
    noted_at = optional_time_in(row, "stopNotedAt")
    if noted_at is None:
        return None
    return StopNote(noted_at, row["stopTarget"], bool(row.get("stopMade")), optional_time_in(row, "stoppedAt"))


def _call_of(row: Row, until: datetime) -> NativeCall | None:
    """The call to Fleet in a row, which is made under the row's claim."""
    beside = row.get("calledBeside")
    return NativeCall(ResourceId.parse(row["profileId"]), until, frozenset(texts_in(beside))) if beside else None


def _check_other(run_id: ResourceId, until: datetime, now: datetime, may_take_over: Callable[[], bool]) -> None:
    if now < until:
        seconds = max(1, int((until - now).total_seconds()))
        raise NotReadyError(f"Update run {run_id.name} is being created with another intent", seconds)
    if not may_take_over():
        raise NotReadyError(f"Update run {run_id.name} exists, created with another intent", 1)


def _created(created_at: datetime | None) -> Row:
    return {"created": created_at.isoformat()} if created_at is not None else {}
