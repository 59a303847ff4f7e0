"""Rows about profiles that wait for busy clusters: since when. All are in one partition, read with one query."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from shared.azure.ledger import keys
from shared.azure.ledger.reading import time_in
from shared.azure.ledger.store import Row, Store
from shared.core.decision import Decision
from shared.core.model.ids import ResourceId
from shared.core.model.unknown import Unknown


def waiting_since(store: Store) -> Mapping[ResourceId, datetime]:
    """See `shared.ports.LedgerReader.waiting_since`."""
    waits = _waits(store).values()
    return {wait.profile_id: wait.since for wait in waits if isinstance(wait, Wait)}


@dataclass(frozen=True, slots=True)
class Wait:
    """What a row says."""

    profile_id: ResourceId
    since: datetime


def _waits(store: Store) -> dict[str, Wait | Unknown]:
    rows = store.partition(keys.WAITS)
    return {key: store.reader.read(keys.WAITS, key, row, wait_of) for key, row in rows.items()}


def wait_of(row: Row) -> Wait:
    """The wait in a row.

    Raises:
        InvalidInputError, LookupError, ValueError: a part of it is missing or malformed.
    """
    return Wait(ResourceId.parse(row["profileId"]), time_in(row, "since"))


def record_waits(store: Store, decisions: Iterable[Decision]) -> None:
    """Remember which of the decisions wait since when, and forget the profiles that wait no longer.

    A wait that cannot be read begins again with the next decision that waits: a run waits longer, never shorter.
    """
    known = _waits(store)
    waiting: dict[ResourceId, datetime] = {}
    for decision in decisions:
        profile_id, since = decision.profile_id, decision.waiting_since
        key = keys.safe(profile_id.key)
        if since is not None and known.get(key) != Wait(profile_id, since):
            waiting[profile_id] = since
        elif since is None and key in known:
            store.delete(keys.WAITS, key)
    rows = (
        (keys.safe(profile_id.key), {"profileId": profile_id.text, "since": since.isoformat()})
        for profile_id, since in waiting.items()
    )
    store.put(keys.WAITS, rows)
