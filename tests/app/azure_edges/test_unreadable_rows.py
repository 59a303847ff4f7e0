"""Rows that cannot be read: each affects what it is about and nothing else, is reported once, and is never guessed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import cast
from unittest.mock import patch
from uuid import UUID

import pytest

from shared.azure.ledger import TableLedger, keys
from shared.azure.ledger.entities import SCHEMA
from shared.core.decision import Decision
from shared.core.model.catalog import Catalog, OfferedMinor, RegionCatalog, SupportPlan
from shared.core.model.ids import ResourceId
from shared.core.model.kubernetes_version import KubernetesVersion
from shared.core.model.node_image import NodeImageVersion
from shared.core.model.run_record import Intent, RunRecord
from shared.core.model.unknown import Unknown
from shared.core.reasons import Outcome, Reason
from shared.core.releases.releases import NewReleases, Release
from shared.documents.fleets import StoredFleet
from shared.errors import NotReadyError, TransientError, UnreadableLedgerError
from shared.evaluation_state import EvaluationInProgress, EvaluationRequest, EvaluationState
from shared.overview.store import FleetMembers, Unreadable
from shared.ports import CatalogReading, Trigger
from tests.app.builders import a_run, not_started
from tests.app.fakes.memory_store import Entity, MemoryStore, ledger_in_memory, overview_on
from tests.app.telemetry.emitted import Emitted

NOW = datetime(2026, 8, 3, 6, 0, tzinfo=UTC)
LATER = NOW + timedelta(minutes=1)
FLEET = ResourceId.parse("/subscriptions/s/resourceGroups/g/providers/Microsoft.ContainerService/fleets/retail")
PROFILE, OTHER = FLEET.child("autoUpgradeProfiles", "rapid"), FLEET.child("autoUpgradeProfiles", "other")
RUN, OTHER_RUN = FLEET.child("updateRuns", "auto-rapid"), FLEET.child("updateRuns", "auto-other")
RELEASE = Release("KubernetesVersion", "1.33.5", "KubernetesOfficial")
JUNK: tuple[object, ...] = (
    None,
    7,
    "",
    "nonsense",
    "\x00\u202e" * 1000,
    "[",
    "[" * 100_000,
    "7",
    "null",
    "[1]",
    '{"a": 1}',
    "-1",
    "9" * 5000,
    "9999-12-31T23:59:59-14:00",
    "0001-01-01T00:00:00+14:00",
)
"""Of a property; None is no property at all."""


def a_decision(profile: ResourceId, since: datetime | None = None) -> Decision:
    return Decision(profile, Outcome.WAITING, Reason.MEMBERS_BUSY, "It waits.", waiting_since=since)


def written() -> Mapping[tuple[str, str], Entity]:
    """A row of every kind, as the ledger writes it."""
    ledger, store = ledger_in_memory()
    version = KubernetesVersion.parse("1.33.5")
    minor = OfferedMinor(version.minor_version, frozenset(SupportPlan), is_preview=False, patches=frozenset({version}))
    region = RegionCatalog("westus2", {minor.minor: minor}, {"Ubuntu": NodeImageVersion.parse("202607.09.0")})
    ledger.record_new_releases(NewReleases("westus2", (RELEASE,)), NOW)
    ledger.record_catalog(Catalog({"westus2": region}), NOW)
    ledger.record_reading(CatalogReading(NOW, "digest"))
    ledger.record_detection(NOW)
    for run in (RUN, OTHER_RUN):
        ledger.claim_run(run, PROFILE, RunRecord(Intent.REVIEW), NOW, lambda: False)
        ledger.record_restart(run, 1, NOW)
        ledger.record_skipped(run, Intent.REVIEW, frozenset({"one"}))
    ledger.record_decisions([a_decision(PROFILE, NOW), a_decision(OTHER, NOW)], "watch", NOW)
    ledger.record_trigger(PROFILE, Trigger(NOW, ("1.33.5",)))
    wanted, current = EvaluationRequest("a", "b", NOW), EvaluationInProgress("c", "d", NOW)
    assert ledger.replace_evaluation_state(EvaluationState(NOW, wanted, current), None)
    with patch("shared.azure.ledger.start_lease.uuid.uuid4", lambda: UUID(int=1)):  # the name of the lease's column
        ledger.lease_start(RUN, ["one"], NOW, not_started)
    overview = overview_on(store)
    fleet = cast("StoredFleet", {"id": FLEET.text, "name": "retail", "members": 1, "profiles": [{"id": PROFILE.text}]})
    members = FleetMembers(FLEET, ("stable",), (("one", "one"),))
    overview.record_fleets([fleet], {PROFILE.text: []}, [members], complete=True)
    overview.record_unreadable(Unreadable("estate", NOW, ("a sentence",), 1))
    overview.record_watch(NOW)
    return store.entities


ROWS = written()
PLACES = [(*place, name) for place, entity in ROWS.items() for name in entity]
"""Partition, row and property of everything that is ever written."""


def full_ledger() -> tuple[TableLedger, MemoryStore]:
    """With these rows."""
    ledger, store = ledger_in_memory()
    for (partition, row), entity in ROWS.items():
        store.write(partition, row, entity)
    return ledger, store


def read_and_write_everything(ledger: TableLedger, store: MemoryStore) -> Iterator[object]:
    """Everything that an evaluation, a status and the overview call; what raises a refusal yields that."""
    overview = overview_on(store)
    yield (overview.read(NOW), overview.read_fleet(FLEET, NOW), overview.runs_of(PROFILE))
    yield (overview.releases(), overview.unreadable(), overview.last_watch())
    yield ledger.first_seen_in(["westus2"])
    yield ledger.catalog_read_since(NOW)
    yield ledger.last_reading()
    yield ledger.last_detection()
    yield ledger.last_evaluation()
    yield ledger.run_records([FLEET])
    yield ledger.waiting_since()
    yield ledger.last_trigger(PROFILE)
    yield ledger.last_decision(PROFILE)
    ledger.record_new_releases(NewReleases("westus2", (RELEASE,)), NOW)
    ledger.record_decisions([a_decision(PROFILE, NOW), a_decision(OTHER)], "watch", NOW)
    ledger.record_trigger(PROFILE, Trigger(NOW, ("1.33.5",)))
    state, etag = ledger.evaluation_state()
    ledger.replace_evaluation_state(state, etag)
    for write in (
        lambda: ledger.claim_run(RUN, PROFILE, RunRecord(Intent.UPGRADE), NOW, lambda: False),
        lambda: ledger.record_restart(RUN, 2, NOW),
        lambda: ledger.record_skipped(RUN, Intent.UPGRADE, frozenset({"two"})),
        lambda: ledger.record_generated(RUN, a_run(OTHER_RUN.name)),
        lambda: ledger.lease_start(OTHER_RUN, ["two"], NOW, not_started),
    ):
        try:
            yield write()
        except (UnreadableLedgerError, NotReadyError) as refusal:
            yield refusal


@pytest.mark.usefixtures("one_thread")
@pytest.mark.parametrize("place", PLACES, ids=" ".join)
def test_junk_in_any_property_of_any_row_never_fails_a_call_and_grows_no_log(
    place: tuple[str, str, str], caplog: pytest.LogCaptureFixture
) -> None:
    partition, row, name = place
    for junk in JUNK:
        ledger, store = full_ledger()
        entity = {key: value for key, value in store.entities[partition, row].items() if key != name}
        store.write(partition, row, entity if junk is None else {**entity, name: junk})

        list(read_and_write_everything(ledger, store))

    assert all(len(record.getMessage()) < 1000 and record.getMessage().isprintable() for record in caplog.records)


def spoil(store: MemoryStore, partition: str, row: str, **properties: object) -> None:
    store.write(partition, row, {**store.entities[partition, row], **properties})


RUNS = keys.runs_partition(FLEET)


@pytest.mark.parametrize(
    ("properties", "why"),
    [
        ({"intent": "rollback"}, "'rollback' is not a valid Intent"),
        ({"skipped": "[1]"}, "no list of texts"),
        ({"skipped": "one"}, "Expecting value"),
        ({"claimedUntil": "soon"}, "Invalid isoformat string: 'soon'"),
        ({"claimedUntil": 7}, "it has no claimedUntil"),
        ({"restartedFailure": "9999-12-31T23:59:59-14:00"}, "restartedFailure is not valid"),
        ({"restarts": "many"}, "invalid literal for int"),
        ({"restarts": "-1"}, "restarts is out of range"),
        ({SCHEMA: "2"}, "its schemaVersion is 2"),
    ],
)
def test_a_runs_row_that_cannot_be_read_is_unknown_by_name_and_the_others_are_read(
    properties: dict[str, object], why: str, emitted: Emitted
) -> None:
    ledger, store = full_ledger()
    spoil(store, RUNS, RUN.name, **properties)

    records = ledger.run_records([FLEET])[FLEET]
    assert ledger.run_records([FLEET])[FLEET] == records

    spoilt, other = records[RUN.name], records[OTHER_RUN.name]
    assert isinstance(spoilt, Unknown)
    assert spoilt.why.startswith(f"row 'auto-rapid' of the ledger's partition '{RUNS}' is not readable ({why}")
    assert other == RunRecord(Intent.REVIEW, frozenset({"one"}), restarts=1, restarted_failure=NOW)
    assert emitted.properties("unreadable") == [{"what": "ledger", "sentence": f"{spoilt.why}."}]


def test_a_runs_row_that_cannot_be_read_is_neither_claimed_nor_changed() -> None:
    ledger, store = full_ledger()
    spoil(store, RUNS, RUN.name, intent="rollback")
    before = dict(store.entities)

    for write in (
        lambda: ledger.claim_run(RUN, PROFILE, RunRecord(Intent.UPGRADE), LATER, lambda: True),
        lambda: ledger.record_restart(RUN, 2, NOW),
        lambda: ledger.record_skipped(RUN, Intent.UPGRADE, frozenset({"two"})),
        lambda: ledger.record_generated(RUN, a_run(OTHER_RUN.name)),
    ):
        with pytest.raises(UnreadableLedgerError, match=r"row 'auto-rapid' .* Correct or delete that row"):
            write()
    assert store.entities == before


def test_a_release_whose_row_cannot_be_read_is_seen_for_the_first_time_again_and_soaks_longer() -> None:
    ledger, store = full_ledger()
    spoil(store, keys.releases_partition("westus2"), RELEASE.key, firstSeen="long ago")
    assert ledger.first_seen_in(["westus2"]) == {"westus2": {}}

    ledger.record_new_releases(NewReleases("westus2", (RELEASE,)), LATER)

    assert ledger.first_seen_in(["westus2"]) == {"westus2": {RELEASE.key: LATER}}


def test_a_region_whose_row_cannot_be_read_is_read_again() -> None:
    ledger, store = full_ledger()
    spoil(store, keys.CATALOGS, "westus2", kubernetes="[{}]")

    assert ledger.catalog_read_since(NOW) == Catalog({})


def test_a_wait_that_cannot_be_read_begins_again_or_is_forgotten_with_the_next_decision() -> None:
    ledger, store = full_ledger()
    for profile in (PROFILE, OTHER):
        spoil(store, keys.WAITS, keys.safe(profile.key), since="soon")
    assert ledger.waiting_since() == {}

    ledger.record_decisions([a_decision(PROFILE, LATER), a_decision(OTHER)], "watch", LATER)

    assert ledger.waiting_since() == {PROFILE: LATER}
    assert [row for partition, row in store.entities if partition == keys.WAITS] == [keys.safe(PROFILE.key)]


def test_of_a_decision_or_trigger_that_cannot_be_read_the_status_knows_that_there_is_one() -> None:
    ledger, store = full_ledger()
    spoil(store, keys.decisions_partition(FLEET), "rapid", content="[]")
    spoil(store, keys.triggers_partition(FLEET), "rapid", versions="1.33")

    assert isinstance(ledger.last_decision(PROFILE), Unknown)
    assert isinstance(ledger.last_trigger(PROFILE), Unknown)


@pytest.mark.parametrize("properties", [{"decisionHash": 7}, {"at": 7}, {"trigger": 7}, {SCHEMA: "2"}])
def test_a_decision_that_cannot_be_compared_counts_as_changed_and_is_written_again(
    properties: dict[str, object],
) -> None:
    ledger, store = full_ledger()
    spoil(store, keys.decisions_partition(FLEET), "rapid", **properties)
    decision = a_decision(PROFILE, NOW)

    assert ledger.record_decisions([decision], "reconcile", LATER) == [decision]
    assert ledger.record_decisions([decision], "reconcile", LATER) == []


def test_a_state_of_the_evaluation_that_cannot_be_read_counts_as_none_and_is_written_again() -> None:
    ledger, store = full_ledger()
    spoil(store, keys.SYSTEM, keys.LAST_EVALUATION, heldSince="soon")

    state, etag = ledger.evaluation_state()

    assert state == EvaluationState()
    assert ledger.replace_evaluation_state(EvaluationState(LATER), etag)
    assert ledger.last_evaluation() == LATER


@pytest.mark.parametrize("row", [keys.LAST_READING, keys.LAST_DETECTION])
def test_a_time_of_the_app_itself_that_cannot_be_read_counts_as_none(row: str) -> None:
    ledger, store = full_ledger()
    spoil(store, keys.SYSTEM, row, at="soon")

    assert (ledger.last_reading() is None, ledger.last_detection() is None) == (
        row == keys.LAST_READING,
        row == keys.LAST_DETECTION,
    )


@pytest.mark.parametrize("text", ["{", "7", '{"run": "x", "until": "soon", "members": ""}'])
def test_a_lease_that_cannot_be_read_excludes_every_start_in_its_fleet_until_it_must_have_run_out(text: str) -> None:
    ledger, store = full_ledger()
    partition = keys.starts_partition(FLEET)
    spoil(store, partition, keys.LEASES, leaseabc=text)

    for moment in (NOW, NOW + timedelta(minutes=4, seconds=59)):
        with pytest.raises(NotReadyError, match="not readable"):
            ledger.lease_start(OTHER_RUN, ["two"], moment, not_started)
    ledger.lease_start(OTHER_RUN, ["two"], NOW + timedelta(minutes=5), not_started)


def test_a_lease_of_a_later_version_excludes_every_start_in_its_fleet_as_well() -> None:
    ledger, store = full_ledger()
    spoil(store, keys.starts_partition(FLEET), keys.LEASES, **{SCHEMA: "2"})

    with pytest.raises(NotReadyError, match="not readable"):
        ledger.lease_start(OTHER_RUN, ["two"], NOW, not_started)


def test_what_cannot_be_written_for_one_fleet_is_reported_and_written_for_the_others(
    emitted: Emitted, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger, store = ledger_in_memory()
    fleets = [ResourceId.parse(f"{FLEET}-{number}") for number in range(40)]
    decisions = [a_decision(fleet.child("autoUpgradeProfiles", "p")) for fleet in fleets]
    refused = keys.decisions_partition(fleets[0])
    put = store.put

    def fail(partition: str, rows: object) -> None:
        if partition == refused:
            raise TransientError("503")
        put(partition, rows)  # type: ignore[arg-type] # passed on as it came

    monkeypatch.setattr(store, "put", fail)

    assert ledger.record_decisions(decisions, "reconcile", NOW) == decisions[1:]
    assert emitted.properties("failed") == [{"work": f"Recording '{refused}'", "sentence": "503"}]
    with pytest.raises(TransientError):
        ledger.record_decisions(decisions[:1], "reconcile", NOW)


def test_a_bug_in_writing_is_raised_once_everything_else_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    ledger, store = ledger_in_memory()
    put = store.put

    def fail(partition: str, rows: object) -> None:
        if partition == keys.decisions_partition(FLEET):
            raise ZeroDivisionError
        put(partition, rows)  # type: ignore[arg-type] # passed on as it came

    monkeypatch.setattr(store, "put", fail)
    other = ResourceId.parse(f"{FLEET}-two").child("autoUpgradeProfiles", "p")

    with pytest.raises(ZeroDivisionError):
        ledger.record_decisions([a_decision(PROFILE), a_decision(other)], "reconcile", NOW)
    assert ledger.last_decision(other) is not None
