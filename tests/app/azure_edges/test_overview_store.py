"""The contract of what an evaluation leaves for people, kept by the table on Azurite and by the fake."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from shared.azure.connection import Connection
from shared.azure.ledger import TableLedger
from shared.azure.ledger.overview import TableOverview
from shared.azure.ledger.overview_rows import (
    MEMBERS_IN_A_ROW,
    PROFILES_IN_A_ROW,
    fleet_rows,
    fleets_of,
    part_of_fleet,
    runs_in,
    runs_row,
)
from shared.azure.ledger.store import Row
from shared.core.decision import Decision
from shared.core.lag import Lag
from shared.core.model.fleet import Fleet
from shared.core.model.ids import ResourceId
from shared.core.model.profile import Channel, Profile
from shared.core.model.run_record import Intent, RunRecord
from shared.core.model.update_run import UpdateState
from shared.core.reasons import Outcome, Reason
from shared.core.releases.releases import NewReleases, Release
from shared.core.targets.target import Target
from shared.overview.evaluated import EvaluatedFleets
from shared.overview.run_summary import run_summary
from shared.overview.store import NewerDecision, OverviewStore, Unreadable
from shared.ports import Ledger, Trigger
from tests.app.builders import a_member, a_profile, a_run
from tests.app.fakes.memory_ledger import MemoryLedger
from tests.app.fakes.memory_overview import MemoryOverview
from tests.app.fakes.memory_store import MemoryStore, overview_on

if TYPE_CHECKING:
    from shared.documents.fleets import StoredFleet

NOW = datetime(2026, 8, 3, 6, 0, tzinfo=UTC)
Stores = tuple[OverviewStore, Ledger]


@pytest.fixture(params=["memory", "table"])
def stores(request: pytest.FixtureRequest) -> Stores:
    if request.param == "memory":
        ledger = MemoryLedger()
        return MemoryOverview(ledger), ledger
    connection: Connection = request.getfixturevalue("storage_connection")
    return TableOverview(connection), TableLedger(connection)


def a_fleet(name: str = "retail", *profiles: str) -> Fleet:
    fleet_id = ResourceId.parse(f"/subscriptions/s/resourceGroups/G/providers/Microsoft.ContainerService/fleets/{name}")
    named = [Profile(fleet_id.child("autoUpgradeProfiles", each), Channel.RAPID) for each in profiles or ("rapid",)]
    return Fleet(fleet_id, profiles=tuple(named))


def evaluated(*fleets: Fleet) -> EvaluatedFleets:
    found = EvaluatedFleets()
    for fleet in fleets:
        decisions = [(a_decision(profile), Lag(3, 2, 1, NOW)) for profile in fleet.profiles]
        found.add(fleet, decisions, {})
    return found


def a_decision(profile: Profile) -> Decision:
    return Decision(
        profile.id,
        Outcome.WAITING,
        Reason.FREEZE,
        "Frozen by policy.",
        target=Target(),
        until=NOW + timedelta(days=1),
    )


def record(stores: Stores, found: EvaluatedFleets, *, complete: bool = True) -> None:
    stores[0].record_fleets(found.fleets, found.runs, found.members, complete=complete)


def names(stores: Stores) -> list[str]:
    profiles = (profile for fleet in stores[0].read(None).fleets for profile in fleet["profiles"])
    return sorted(profile["id"].rpartition("/fleets/")[2] for profile in profiles)


def test_without_an_evaluation_there_is_nothing(stores: Stores) -> None:
    store, _ = stores

    assert store.read(None).fleets == []
    assert store.read_fleet(a_fleet().id, None) is None
    assert list(store.runs_of(a_fleet().profiles[0].id)) == []
    assert (list(store.unreadable()), store.last_watch(), store.releases()) == ([], None, {})


def test_fleets_are_returned_as_they_were_left_in_any_spelling(stores: Stores) -> None:
    fleet = a_fleet("retail", "Rapid")
    record(stores, evaluated(fleet))

    stored = stores[0].read_fleet(ResourceId.parse(fleet.id.text.upper()), None)

    assert stored is not None
    assert stored.fleets == evaluated(fleet).fleets == stores[0].read(None).fleets


def test_a_complete_evaluation_forgets_what_it_did_not_find(stores: Stores) -> None:
    record(stores, evaluated(a_fleet("one", "a", "b"), a_fleet("two")))
    record(stores, evaluated(a_fleet("one", "b")))

    assert names(stores) == ["one/autoUpgradeProfiles/b"]


def test_an_evaluation_of_some_fleets_keeps_the_others(stores: Stores) -> None:
    many = [f"p{number:03}" for number in range(PROFILES_IN_A_ROW + 1)]
    record(stores, evaluated(a_fleet("one", *many), a_fleet("one-more"), a_fleet("two")))

    record(stores, evaluated(a_fleet("one", "a")), complete=False)

    assert names(stores) == [
        "one-more/autoUpgradeProfiles/rapid",
        "one/autoUpgradeProfiles/a",
        "two/autoUpgradeProfiles/rapid",
    ]


def test_the_names_of_members_are_those_of_the_last_evaluation(stores: Stores) -> None:
    names = [f"shop-{number:04}" for number in range(MEMBERS_IN_A_ROW + 1)]
    large = replace(a_fleet("one", "a", "b"), members=tuple(a_member(name=name) for name in names))
    record(stores, evaluated(large, a_fleet("two")))

    found = [names for part in stores[0].members() if part.id == large.id for names in part.members]
    assert found == [(name, name) for name in names]
    assert {part.id.name: part.profiles for part in stores[0].members()} == {"one": ("a", "b"), "two": ("rapid",)}

    record(stores, evaluated(replace(large, members=(replace(a_member(name="stock"), name="till"),))), complete=False)
    assert sorted((part.id.name, part.members) for part in stores[0].members()) == [
        ("one", (("till", "stock"),)),
        ("two", ()),
    ]
    record(stores, evaluated(a_fleet("two")))
    assert [part.id.name for part in stores[0].members()] == ["two"]


def test_decisions_are_found_by_their_fleet(stores: Stores) -> None:
    store, ledger = stores
    [one], [other] = a_fleet("one", "Rapid").profiles, a_fleet("one-more").profiles
    ledger.record_decisions([a_decision(one), a_decision(other)], "reconcile", NOW)

    assert {key: found.content["reason"] for key, found in store.decisions_on(one.fleet_id).items()} == {
        one.id.key: "Freeze"
    }


def test_the_runs_of_a_profile_have_the_apps_record_of_them(stores: Stores) -> None:
    fleet = a_fleet()
    run = replace(
        a_run("auto-1", UpdateState.RUNNING, profile=fleet.profiles[0]), id=fleet.id.child("updateRuns", "auto-1")
    )
    found = EvaluatedFleets()
    found.add(replace(fleet, update_runs=(run,)), [], {"auto-1": RunRecord(Intent.REVIEW)})
    record(stores, found)

    [shown] = stores[0].runs_of(fleet.profiles[0].id)

    assert (shown["name"], shown["state"], shown["intent"]) == ("auto-1", "Running", "review")


def test_decisions_are_summed_up_with_their_triggers(stores: Stores) -> None:
    store, ledger = stores
    [profile] = a_fleet().profiles
    record(stores, evaluated(a_fleet()))
    ledger.record_decisions([a_decision(profile)], "reconcile", NOW)
    ledger.record_trigger(profile.id, Trigger(NOW, ("1.35.6",), "Throttled", "Later."))
    stored = store.read_fleet(a_fleet().id, None)
    assert stored is not None

    for overview in (store.read(None), stored):
        [decision], [trigger] = overview.decisions.items(), overview.failures.items()
        assert decision == (
            profile.id.key,
            NewerDecision("Waiting", "Freeze", "Frozen by policy.", "", NOW + timedelta(days=1)),
        )
        assert trigger == (profile.id.key, Trigger(NOW, ("1.35.6",), "Throttled", "Later."))


def test_only_decisions_after_the_evaluation_and_triggers_that_failed_are_read(stores: Stores) -> None:
    store, ledger = stores
    fleet = a_fleet("retail", "before", "after")
    record(stores, evaluated(fleet))
    before, after = fleet.profiles
    ledger.record_decisions([a_decision(before)], "reconcile", NOW)
    ledger.record_decisions([a_decision(after)], "event", NOW + timedelta(microseconds=1))
    ledger.record_trigger(before.id, Trigger(NOW, ("1.35.6",)))

    overview = store.read(NOW)

    assert (list(overview.decisions), overview.failures) == ([after.id.key], {})


def test_releases_are_those_of_all_regions(stores: Stores) -> None:
    store, ledger = stores
    for region in ("westus2", "eastus"):
        ledger.record_new_releases(NewReleases(region, (Release("NodeImage", "AKSUbuntu-1-202601.01.0"),)), NOW)

    assert store.releases() == {key: {"NodeImage AKSUbuntu-1-202601.01.0": NOW} for key in ("eastus", "westus2")}


def test_what_could_not_be_read_is_replaced_by_the_same_activity(stores: Stores) -> None:
    store, _ = stores
    store.record_unreadable(Unreadable("evaluation", NOW, ("No.",), 1))
    store.record_unreadable(Unreadable("detection", NOW, ("Neither.",), 7))
    store.record_unreadable(Unreadable("evaluation", NOW, (), 0))

    assert list(store.unreadable()) == [
        Unreadable("detection", NOW, ("Neither.",), 7),
        Unreadable("evaluation", NOW, (), 0),
    ]


def test_the_last_watch_is_remembered(stores: Stores) -> None:
    stores[0].record_watch(NOW)

    assert stores[0].last_watch() == NOW


def test_a_thousand_profiles_are_read_fast_enough_for_a_page(storage_connection: Connection) -> None:
    """In CPU time, which other processes on a test machine do not change."""
    store, ledger = TableOverview(storage_connection), TableLedger(storage_connection)
    fleets = [a_fleet(f"f{number:03}", *(f"p{each}" for each in range(10))) for number in range(100)]
    record((store, ledger), evaluated(*fleets))
    ledger.record_decisions([a_decision(profile) for fleet in fleets for profile in fleet.profiles], "reconcile", NOW)
    store.read(NOW)

    began = time.process_time()
    overview = store.read(NOW)
    spent = time.process_time() - began

    assert sum(len(fleet["profiles"]) for fleet in overview.fleets) == 1000
    assert spent < 0.3


def test_rows_that_have_not_changed_since_they_were_read_are_not_read_again() -> None:
    store = CountingStore()
    overview = overview_on(store)
    record((overview, MemoryLedger()), evaluated(a_fleet("one"), a_fleet("two")))

    assert [len(overview.read(None).fleets) for _ in range(3)] == [2, 2, 2]
    assert store.whole_reads == 1
    record((overview, MemoryLedger()), evaluated(a_fleet("one", "a", "b")))
    assert names((overview, MemoryLedger())) == ["one/autoUpgradeProfiles/a", "one/autoUpgradeProfiles/b"]
    assert store.whole_reads == 2


class CountingStore(MemoryStore):
    """Counts the reads of whole rows."""

    whole_reads = 0

    def partition(self, partition: str) -> dict[str, Row]:
        self.whole_reads += 1
        return super().partition(partition)


def test_a_fleet_that_is_too_large_for_its_row_keeps_its_profiles_and_loses_the_runs() -> None:
    run = run_summary(a_run("auto-1", profile=a_profile()), None)
    large = {**run, "nodeImages": ["x" * 20_000]}
    [fleet] = evaluated(a_fleet("one", *(f"p{number}" for number in range(40)))).fleets
    wide: StoredFleet = {**fleet, "profiles": [{**profile, "run": large} for profile in fleet["profiles"]]}  # type: ignore[typeddict-item]

    [stored] = fleets_of({key: part_of_fleet(row) for key, row in fleet_rows(wide)})

    assert [profile["run"] for profile in stored["profiles"]] == [None] * 40


def test_of_runs_that_are_too_long_for_a_row_the_last_are_missing() -> None:
    run = run_summary(a_run("auto-1", profile=a_profile()), None)
    run["nodeImages"] = ["x" * 20_000]

    kept = runs_in(runs_row([run] * 40))

    assert 0 < len(kept) < 40


def test_a_row_of_another_schema_is_not_shown() -> None:
    [(key, row)] = fleet_rows(evaluated(a_fleet()).fleets[0])

    assert fleets_of({key: part_of_fleet({**row, "schema": "0"})}) == []
    assert runs_in({**runs_row([]), "schema": "0"}) == ()
