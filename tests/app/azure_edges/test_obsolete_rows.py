"""Rows that nothing will ask for again are removed, and no other."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from shared.azure.connection import Connection
from shared.azure.ledger import TableLedger, keys, obsolete
from shared.azure.ledger.store import Store
from shared.core.decision import Decision
from shared.core.facts import Facts
from shared.core.model.catalog import Catalog
from shared.core.model.ids import ResourceId
from shared.core.model.run_record import Intent, NativeCall, RunRecord
from shared.core.model.unknown import Unknown
from shared.core.planner import decide
from shared.core.reasons import Outcome, Reason
from shared.core.releases.releases import NewReleases, Release
from shared.errors import TransientError
from shared.existing import Existing
from shared.ports import CatalogReading, Trigger
from shared.use_cases.detect_releases import detect_releases
from tests.app.builders import FLEET, NOW, a_profile, a_region, a_run, facts, not_started
from tests.app.core.laws import law_with_chance
from tests.app.fakes.memory_store import MemoryStore, ledger_in_memory
from tests.app.telemetry.emitted import Emitted
from tests.app.use_cases.scene import UseCaseScene

LONG_AGO = NOW - timedelta(days=401)
PROFILE, DELETED = FLEET.child("autoUpgradeProfiles", "profile"), FLEET.child("autoUpgradeProfiles", "deleted")
OTHER_FLEET = ResourceId.parse(f"{FLEET}-two")
RUN = FLEET.child("updateRuns", "auto-profile-rapid-1-30-1-abcdefgh")
REGION = a_region("1.35.6")
OLD_RELEASE = Release("KubernetesVersion", "1.30.1", "KubernetesOfficial")


def existing(given: Facts | None = None) -> Existing:
    fleet = (given or facts(a_profile(name="profile"))).fleet
    return Existing({fleet.id: fleet}, Catalog({"westus2": REGION}))


def a_decision(profile: ResourceId, since: datetime | None = None) -> Decision:
    return Decision(profile, Outcome.WAITING, Reason.MEMBERS_BUSY, "It waits.", waiting_since=since)


def full_ledger(at: datetime = LONG_AGO, profile: ResourceId = DELETED) -> tuple[TableLedger, MemoryStore]:
    """Rows of every kind, written then about things that do not exist."""
    ledger, store = ledger_in_memory()
    ledger.record_new_releases(NewReleases("westus2", (OLD_RELEASE,)), at)
    ledger.record_catalog(Catalog({"gone": replace(REGION, region="gone")}), at)
    ledger.claim_run(RUN, profile, RunRecord(Intent.REVIEW), at, lambda: False)
    ledger.record_decisions([a_decision(profile, at)], "watch", at)
    ledger.record_trigger(profile, Trigger(at, ("1.30.1",)))
    ledger.lease_start(RUN, ["one"], at, not_started)
    return ledger, store


def rows_of(store: MemoryStore) -> set[str]:
    """The beginnings of the partitions that have rows."""
    return {partition.partition(" ")[0] for partition, _ in store.entities} - {"system"}


ALL = {"releases", "catalogs", "runs", "decisions", "waits", "triggers", "starts"}


def test_old_rows_of_every_kind_about_what_does_not_exist_are_removed() -> None:
    ledger, store = full_ledger()
    assert rows_of(store) == ALL

    assert ledger.remove_obsolete(existing(), NOW) == len(ALL)
    assert rows_of(store) == set()


@pytest.mark.parametrize(
    ("age", "removed"),
    [
        (timedelta(hours=23), set()),
        (timedelta(days=2), {"starts"}),
        (timedelta(days=8), {"starts", "catalogs", "decisions", "triggers", "waits"}),
        (timedelta(days=91), {"starts", "catalogs", "decisions", "triggers", "waits", "releases"}),
        (timedelta(days=400), {"starts", "catalogs", "decisions", "triggers", "waits", "releases"}),
        (timedelta(days=401), ALL),
    ],
)
def test_each_kind_is_kept_for_its_time(age: timedelta, removed: set[str]) -> None:
    ledger, store = full_ledger(NOW - age)

    ledger.remove_obsolete(existing(), NOW)

    assert ALL - rows_of(store) == removed


def test_what_is_about_an_existing_profile_is_kept() -> None:
    ledger, store = full_ledger(profile=PROFILE)

    ledger.remove_obsolete(existing(), NOW)

    assert {"decisions", "triggers", "waits"} <= rows_of(store)


def test_what_is_about_a_fleet_that_the_reading_does_not_show_is_kept() -> None:
    ledger, store = full_ledger()
    shown = facts(a_profile(name="profile")).fleet

    ledger.remove_obsolete(Existing({OTHER_FLEET: replace(shown, id=OTHER_FLEET)}, Catalog({})), NOW)

    assert {"releases", "runs", "decisions", "triggers", "waits"} <= rows_of(store)


def test_a_reading_without_any_fleet_removes_nothing() -> None:
    ledger, store = full_ledger()

    assert ledger.remove_obsolete(Existing({}, Catalog({"westus2": REGION})), NOW) == 0
    assert rows_of(store) == ALL


def test_of_a_region_that_could_not_be_read_no_release_is_removed() -> None:
    ledger, store = full_ledger()
    unread = Catalog({"westus2": replace(REGION, kubernetes=Unknown("503"))})

    ledger.remove_obsolete(replace(existing(), catalog=unread), NOW)

    assert "releases" in rows_of(store)


def test_a_row_that_cannot_be_read_is_kept() -> None:
    ledger, store = full_ledger()
    junk = {"claimedUntil": "?", "at": "?", "since": "?", "firstSeen": "?", "leaseabc": "?"}
    for (partition, row), entity in list(store.entities.items()):
        if partition != keys.SYSTEM:
            store.write(partition, row, {**entity, **junk})

    assert ledger.remove_obsolete(existing(), NOW) == 0
    assert rows_of(store) == ALL


def test_the_record_of_a_run_that_exists_is_kept_and_of_one_that_fleet_generated_for_it() -> None:
    for name in (RUN.name, "native"):
        ledger, store = full_ledger()
        row = store.entities[keys.runs_partition(FLEET), RUN.name]
        store.write(keys.runs_partition(FLEET), RUN.name, {**row, "generated": "native"})

        ledger.remove_obsolete(existing(facts(runs=[a_run(name)])), NOW)

        assert "runs" in rows_of(store)


def test_the_record_of_a_call_to_fleet_whose_answer_may_be_an_existing_run_is_kept() -> None:
    profile = a_profile(name="profile")
    ledger, store = ledger_in_memory()
    call = NativeCall(PROFILE, LONG_AGO, frozenset())
    ledger.claim_run(RUN, PROFILE, RunRecord(Intent.UPGRADE, call=call), LONG_AGO, lambda: False)

    ledger.remove_obsolete(existing(facts(profile, runs=[a_run("native", profile=profile)])), NOW)
    assert "runs" in rows_of(store)

    ledger.remove_obsolete(existing(facts(profile)), NOW + timedelta(days=1))
    assert "runs" not in rows_of(store)


def test_the_record_of_a_run_of_unknown_age_is_kept() -> None:
    ledger, _ = ledger_in_memory()
    ledger.record_skipped(RUN, Intent.UPGRADE, frozenset({"one"}))

    assert ledger.remove_obsolete(existing(), NOW) == 0


@pytest.mark.usefixtures("one_thread")
@law_with_chance
def test_no_decision_depends_on_a_record_that_is_removed(situation: Facts, chance: random.Random) -> None:
    ledger, store = ledger_in_memory()
    partition = keys.runs_partition(situation.fleet.id)
    records = {name: record for name, record in situation.run_records.items() if isinstance(record, RunRecord)}
    for number in range(3):
        records[f"auto-profile-rapid-1-2{number}-1-abcdefgh"] = RunRecord(Intent.UPGRADE, restarts=1)
    for name, record in records.items():
        row = {
            "intent": record.intent.value,
            "skipped": json.dumps(sorted(record.skipped)),
            "claimedUntil": (NOW - timedelta(days=chance.choice((1, 399, 401, 2000)))).isoformat(),
            "restarts": str(record.restarts),
            "restartedFailure": record.restarted_failure.isoformat() if record.restarted_failure else "",
            "generated": record.generated,
        }
        store.put(partition, [(name, row)])
    before = ledger.run_records([situation.fleet.id])[situation.fleet.id]

    removed = ledger.remove_obsolete(existing(situation), NOW)

    after = ledger.run_records([situation.fleet.id])[situation.fleet.id]
    assert len(before) - len(after) == removed
    assert decide(replace(situation, run_records=after)) == decide(replace(situation, run_records=before))


def test_it_is_done_once_a_day_and_the_rest_of_many_rows_follows_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    ledger, _ = full_ledger()
    monkeypatch.setattr(obsolete, "MOST_ROWS", 5)

    assert ledger.remove_obsolete(existing(), NOW) == 5
    assert ledger.remove_obsolete(existing(), NOW) == len(ALL) - 5
    ledger.record_trigger(DELETED, Trigger(LONG_AGO, ()))
    assert ledger.remove_obsolete(existing(), NOW + timedelta(hours=23)) == 0
    assert ledger.remove_obsolete(existing(), NOW + timedelta(days=1)) == 1


def test_a_row_that_is_written_meanwhile_is_kept(storage_connection: Connection) -> None:
    store = Store(storage_connection)
    store.put("waits", [(row, {"since": "1"}) for row in ("changed", "deleted", "old")])
    rows = store.stored("waits", ("since",))["waits"]
    store.put("waits", [("changed", {"since": "2"})])
    store.delete("waits", "deleted")

    removed = {row: store.delete_unchanged("waits", row, stored.etag) for row, stored in rows.items()}

    assert removed == {"changed": False, "deleted": True, "old": True}
    assert set(store.partition("waits")) == {"changed"}


class TestDetection:
    def test_a_complete_reading_is_what_exists(self) -> None:
        scene = UseCaseScene()

        detect_releases(scene.services, timedelta(hours=1))

        [(found, at)] = scene.ledger.removals
        assert (found.fleets, found.catalog, at) == (
            {scene.azure.fleet.id: scene.azure.fleet},
            scene.azure.catalog,
            scene.azure.time,
        )

    def test_after_an_incomplete_reading_nothing_is_removed(self) -> None:
        scene = UseCaseScene()
        scene.azure.unreadable = ("a row of no known form",)

        detect_releases(scene.services, timedelta(hours=1))

        assert scene.ledger.removals == []

    def test_a_detection_that_does_not_read_removes_nothing(self) -> None:
        scene = UseCaseScene()
        scene.ledger.record_reading(CatalogReading(scene.azure.time, scene.azure.tracker_digest))

        detect_releases(scene.services, timedelta(hours=1))

        assert scene.ledger.removals == []

    def test_a_failure_to_remove_is_reported_and_the_detection_succeeds(
        self, emitted: Emitted, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        scene = UseCaseScene()

        def fail(*_: object) -> int:
            raise TransientError("503")

        monkeypatch.setattr(scene.ledger, "remove_obsolete", fail)

        assert detect_releases(scene.services, timedelta(hours=1)).looked
        assert emitted.properties("failed") == [{"work": "Removing obsolete rows of the ledger", "sentence": "503"}]
