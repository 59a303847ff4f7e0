"""What an evaluation leaves for people, in memory; the contract suite runs against it and the real one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from shared.core.model.ids import ResourceId
from shared.core.releases.releases import FirstSeen
from shared.overview.store import FleetMembers, NewerDecision, StoredOverview, Unreadable
from shared.ports import RecordedDecision, Trigger
from tests.app.fakes.memory_ledger import MemoryLedger

if TYPE_CHECKING:
    from shared.documents.fleets import StoredFleet
    from shared.documents.runs import RunSummary


class MemoryOverview:
    """Implements `shared.overview.store.OverviewStore` on what a ledger in memory knows."""

    def __init__(self, ledger: MemoryLedger) -> None:
        self.ledger = ledger
        self.stored: dict[str, StoredFleet] = {}
        self.runs: dict[str, Sequence[RunSummary]] = {}
        self.named: dict[ResourceId, FleetMembers] = {}
        self.not_read: dict[str, Unreadable] = {}
        self.watched: datetime | None = None

    def record_fleets(
        self,
        fleets: Sequence[StoredFleet],
        runs: Mapping[str, Sequence[RunSummary]],
        members: Sequence[FleetMembers],
        *,
        complete: bool,
    ) -> None:
        if complete:
            self.stored.clear()
            self.named.clear()
            self.runs.clear()
        self.stored.update({fleet["id"].lower(): fleet for fleet in fleets})
        self.runs.update(runs)
        self.named.update({each.id: each for each in members})

    def read(self, evaluated_at: datetime | None) -> StoredOverview:
        fleets = [self.stored[key] for key in sorted(self.stored)]
        return StoredOverview(fleets, self._decisions(evaluated_at), self._failures())

    def read_fleet(self, fleet_id: ResourceId, evaluated_at: datetime | None) -> StoredOverview | None:
        fleet = self.stored.get(fleet_id.key)
        return None if fleet is None else StoredOverview([fleet], self._decisions(evaluated_at), self._failures())

    def runs_of(self, profile_id: ResourceId) -> Sequence[RunSummary]:
        return self.runs.get(profile_id.key, ())

    def members(self) -> Sequence[FleetMembers]:
        return list(self.named.values())

    def decisions_on(self, fleet_id: ResourceId) -> Mapping[str, RecordedDecision]:
        last = {each: self.ledger.last_decision(each) for each in self.ledger.decisions if each.parent == fleet_id}
        return {each.key: found for each, found in last.items() if isinstance(found, RecordedDecision)}

    def _decisions(self, evaluated_at: datetime | None) -> Mapping[str, NewerDecision]:
        return {
            profile_id.key: NewerDecision(
                decision.outcome,
                decision.reason,
                decision.sentence,
                str(decision.target) if decision.target else "",
                decision.until,
            )
            for profile_id, decision in self.ledger.decisions.items()
            if evaluated_at is None or self.ledger.since[profile_id][0] > evaluated_at
        }

    def _failures(self) -> Mapping[str, Trigger]:
        return {
            profile_id.key: trigger
            for profile_id, trigger in self.ledger.triggers.items()
            if trigger.error_code is not None
        }

    def releases(self) -> FirstSeen:
        return {region: dict(seen) for region, seen in self.ledger.releases.items()}

    def record_unreadable(self, unreadable: Unreadable) -> None:
        self.not_read[unreadable.where] = unreadable

    def unreadable(self) -> Sequence[Unreadable]:
        return [self.not_read[where] for where in sorted(self.not_read)]

    def record_watch(self, at: datetime) -> None:
        self.watched = at

    def last_watch(self) -> datetime | None:
        return self.watched
