"""Rows about profiles that wait for busy clusters: since when. All are in one partition, read with one query."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from shared.azure.ledger import keys
from shared.azure.ledger.store import Store
from shared.core.decision import Decision
from shared.core.model.ids import ResourceId


def waiting_since(store: Store) -> Mapping[ResourceId, datetime]:
    """See `shared.ports.LedgerReader.waiting_since`."""
    rows = store.partition(keys.WAITS).values()
    return {ResourceId.parse(row["profileId"]): datetime.fromisoformat(row["since"]) for row in rows}


def record_waits(store: Store, decisions: Iterable[Decision]) -> None:
    """Remember which of the decisions wait since when, and forget the profiles that wait no longer."""
    known = waiting_since(store)
    waiting: dict[ResourceId, datetime] = {}
    for decision in decisions:
        profile_id, since = decision.profile_id, decision.waiting_since
        if since is not None and known.get(profile_id) != since:
            waiting[profile_id] = since
        elif since is None and profile_id in known:
            store.delete(keys.WAITS, keys.safe(profile_id.key))
    rows = (
        (keys.safe(profile_id.key), {"profileId": profile_id.text, "since": since.isoformat()})
        for profile_id, since in waiting.items()
    )
    store.put(keys.WAITS, rows)
