"""A ledger in memory, with the rules of the real one; the contract suite runs against both."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from shared.core.decision import Decision
from shared.core.model.catalog import Catalog, RegionCatalog
from shared.core.model.ids import ResourceId
from shared.core.model.run_record import Intent, RunRecord, RunRecords, StopNote
from shared.core.model.unknown import Unknown
from shared.core.model.update_run import UpdateRun, UpdateState
from shared.core.releases.releases import FirstSeen, NewReleases
from shared.core.runs.records import beside_both, is_of_another_run, may_answer
from shared.core.targets.target import NOTHING_CONSIDERED
from shared.decision_json import decision_json
from shared.errors import NotReadyError
from shared.evaluation_state import EvaluationState
from shared.existing import Existing
from shared.ports import CatalogReading, RecordedDecision, Trigger
from shared.run_ledger import StartLease, WasStarted

CLAIM = timedelta(minutes=10)
NEVER = datetime(1970, 1, 1, tzinfo=UTC)
LEASE = timedelta(minutes=5)


class MemoryLedger:
    """Implements `shared.ports.Ledger`."""

    def __init__(self) -> None:
        self.releases: dict[str, dict[str, datetime]] = {}
        self.catalogs: dict[str, tuple[RegionCatalog, datetime]] = {}
        self.records: dict[ResourceId, tuple[RunRecord, datetime]] = {}
        self.removals: list[tuple[Existing, datetime]] = []
        self.unreadable_runs: dict[ResourceId, Unknown] = {}
        self.decisions: dict[ResourceId, Decision] = {}
        self.since: dict[ResourceId, tuple[datetime, str]] = {}
        self.triggers: dict[ResourceId, Trigger] = {}
        self.reading: CatalogReading | None = None
        self.evaluation = EvaluationState()
        self.evaluation_etag: str | None = None
        self.detection: datetime | None = None
        self.waits: dict[ResourceId, datetime] = {}
        self.lock = threading.Lock()
        self.leases: dict[ResourceId, tuple[StartLease, frozenset[str], datetime]] = {}
        self.shared_leases: set[str] = set()

    def first_seen_in(self, regions: Iterable[str]) -> FirstSeen:
        return {region: dict(self.releases.get(region, {})) for region in regions}

    def record_new_releases(self, new_releases: NewReleases, now: datetime) -> None:
        for release in new_releases.releases:
            self.releases.setdefault(new_releases.region, {}).setdefault(release.key, now)

    def catalog_read_since(self, moment: datetime) -> Catalog:
        return Catalog({name: each for name, (each, at) in self.catalogs.items() if at >= moment})

    def record_catalog(self, catalog: Catalog, read_at: datetime) -> None:
        for region in catalog.regions.values():
            if isinstance(region.kubernetes, Unknown):
                continue
            images = {name: image for name, image in region.node_images.items() if not isinstance(image, Unknown)}
            self.catalogs[region.region] = (replace(region, node_images=images), read_at)

    def last_reading(self) -> CatalogReading | None:
        return self.reading

    def record_reading(self, reading: CatalogReading) -> None:
        self.reading = reading

    def record_detection(self, at: datetime) -> None:
        self.detection = at

    def last_detection(self) -> datetime | None:
        return self.detection

    def remove_obsolete(self, existing: Existing, now: datetime) -> int:
        self.removals.append((existing, now))
        return 0

    def run_records(self, fleet_ids: Iterable[ResourceId]) -> Mapping[ResourceId, RunRecords]:
        records: dict[ResourceId, RunRecord | Unknown] = dict(self.unreadable_runs)
        records.update({run_id: record for run_id, (record, _) in self.records.items()})
        return {
            fleet_id: {run_id.name.lower(): each for run_id, each in records.items() if run_id.parent == fleet_id}
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
        while True:
            held = self.records.get(run_id)
            kept = self._claimed(held, run_id, record, now, may_take_over)
            if self.records.get(run_id) == held:  # as on condition of the row's ETag
                break
        if kept.call is not None:
            kept = replace(kept, call=replace(kept.call, until=now + CLAIM))
        self.records[run_id] = (kept, now + CLAIM)
        return now + CLAIM / 2

    @staticmethod
    def _claimed(
        held: tuple[RunRecord, datetime] | None,
        run_id: ResourceId,
        record: RunRecord,
        now: datetime,
        may_take_over: Callable[[], bool],
    ) -> RunRecord:
        if held is None:
            return record
        stored, until = held
        if stored.intent is not record.intent:
            if now < until or not may_take_over():
                raise NotReadyError(f"{run_id.name} is claimed with another intent")
            return record
        if (stored.skipped or stored.restarts or stored.created_at) and may_take_over():
            return record
        if record.call is None:
            return stored
        return replace(stored, call=replace(record.call, beside=beside_both(stored, record.call)), generated="")

    def record_skipped(
        self, run_id: ResourceId, intent: Intent, members: frozenset[str], created_at: datetime | None = None
    ) -> None:
        record, until = self._of_run(run_id, intent, created_at)
        self.records[run_id] = (replace(record, skipped=record.skipped | members), until)

    def _of_run(self, run_id: ResourceId, intent: Intent, created_at: datetime | None) -> tuple[RunRecord, datetime]:
        record, until = self.records.get(run_id, (RunRecord(intent), NEVER))
        if is_of_another_run(record.created_at, created_at):
            record, until = RunRecord(intent), NEVER
        return replace(record, created_at=created_at or record.created_at), until

    def record_decisions(self, decisions: Sequence[Decision], trigger: str, now: datetime) -> Sequence[Decision]:
        changed = [
            decision
            for decision in decisions
            if decision.profile_id not in self.decisions
            or _lasting(self.decisions[decision.profile_id]) != _lasting(decision)
        ]
        self.decisions.update({decision.profile_id: decision for decision in decisions})
        self.since.update({decision.profile_id: (now, trigger) for decision in changed})
        for decision in decisions:
            self.waits.pop(decision.profile_id, None)
            if decision.waiting_since is not None:
                self.waits[decision.profile_id] = decision.waiting_since
        return changed

    def record_generated(self, claimed: ResourceId, generated: UpdateRun) -> Intent:
        call, until = self.records[claimed]
        self.records[claimed] = (replace(call, generated=generated.name.lower()), until)
        if generated.state is not UpdateState.NOT_STARTED:
            return call.intent
        own = self.records.get(generated.id)
        if own is None or is_of_another_run(own[0].created_at, generated.created_at):
            intent = call.intent if may_answer(generated, call) else Intent.REVIEW
            adopted = RunRecord(intent, created_at=generated.created_at, trace_parent=call.trace_parent)
            self.records[generated.id] = (adopted, NEVER)
        return self.records[generated.id][0].intent

    def record_restart(
        self, run_id: ResourceId, number: int, failed_at: datetime | None, created_at: datetime | None = None
    ) -> bool:
        record, until = self._of_run(run_id, Intent.UPGRADE, created_at)
        if (record.restarts, record.restarted_failure) == (number, failed_at):
            return True
        if record.restarts >= number:
            return False
        self.records[run_id] = (replace(record, restarts=number, restarted_failure=failed_at), until)
        return True

    def replace_stop(
        self,
        run_id: ResourceId,
        before: StopNote | None,
        after: StopNote | None,
        intent: Intent,
        created_at: datetime | None = None,
    ) -> bool:
        record, until = self._of_run(run_id, intent, created_at)
        if record.stop == before and before != after:
            record = replace(record, stop=after)
            self.records[run_id] = (record, until)
        return record.stop == after

    def waiting_since(self) -> Mapping[ResourceId, datetime]:
        return dict(self.waits)

    def lease_start(
        self, run_id: ResourceId, members: Iterable[str], now: datetime, was_started: WasStarted
    ) -> StartLease:
        wanted = frozenset(member.lower() for member in members)
        with self.lock:
            for other, (_, leased, until) in list(self.leases.items()):
                if now < until and other != run_id and other.parent == run_id.parent and leased & wanted:
                    if was_started(other.name.lower(), until - LEASE):
                        del self.leases[other]
                        continue
                    raise NotReadyError(f"{other.name} is being started on clusters of {run_id.name}")
            held = self.leases.get(run_id)
            if held is not None and now < held[0].start_before:
                self.shared_leases.add(held[0].token)
                self.leases[run_id] = (held[0], held[1] | wanted, held[2])
                return held[0]
            lease = StartLease(run_id, uuid.uuid4().hex, now + LEASE / 2)
            self.leases[run_id] = (lease, wanted, now + LEASE)
            return lease

    def release_start(self, lease: StartLease, *, also_shared: bool = False) -> None:
        held = self.leases.get(lease.run_id)
        if held is not None and held[0] == lease and (also_shared or lease.token not in self.shared_leases):
            del self.leases[lease.run_id]

    def record_trigger(self, profile_id: ResourceId, trigger: Trigger) -> None:
        self.triggers[profile_id] = trigger

    def last_trigger(self, profile_id: ResourceId) -> Trigger | None:
        return self.triggers.get(profile_id)

    def last_decision(self, profile_id: ResourceId) -> RecordedDecision | None:
        if profile_id not in self.decisions:
            return None
        return RecordedDecision(*self.since[profile_id], decision_json(self.decisions[profile_id]))

    def last_evaluation(self) -> datetime | None:
        return self.evaluation.last

    def evaluation_state(self) -> tuple[EvaluationState, str | None]:
        return self.evaluation, self.evaluation_etag

    def replace_evaluation_state(self, state: EvaluationState, etag: str | None) -> bool:
        if etag != self.evaluation_etag:
            return False
        self.evaluation, self.evaluation_etag = state, str(int(etag or "0") + 1)
        return True


def _lasting(decision: Decision) -> Decision:
    return replace(decision, considered=NOTHING_CONSIDERED)
