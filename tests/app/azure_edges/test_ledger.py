"""The contract of the ledger, kept by the real one on Azurite and by the fake that tests of use cases work with."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
from requests import Session

from shared.azure.connection import Connection
from shared.azure.ledger import TableLedger
from shared.core.decision import Decision
from shared.core.members.member_decision import MemberDecision
from shared.core.model.catalog import Catalog, OfferedMinor, RegionCatalog, SupportPlan
from shared.core.model.ids import ResourceId
from shared.core.model.kubernetes_version import KubernetesVersion
from shared.core.model.node_image import NodeImageVersion
from shared.core.model.run_record import Caller, Intent, RunRecord
from shared.core.model.unknown import Absent, Unknown
from shared.core.model.update_run import UpdateState
from shared.core.reasons import CandidateReason, MemberAction, MemberReason, Outcome, Reason
from shared.core.releases.releases import NewReleases, Release
from shared.core.targets.target import Considered, RejectedCandidate
from shared.decision_json import decision_json
from shared.errors import NotReadyError
from shared.evaluation_state import EvaluationInProgress, EvaluationRequest, EvaluationState
from shared.ports import CatalogReading, Ledger, RecordedDecision, Trigger
from tests.app.builders import a_run, not_started

NOW = datetime(2026, 8, 3, 6, 0, tzinfo=UTC)
LATER = NOW + timedelta(minutes=11)
FLEET = ResourceId.parse("/subscriptions/s/resourceGroups/g/providers/Microsoft.ContainerService/fleets/retail")
PROFILE = FLEET.child("autoUpgradeProfiles", "rapid")
RUN = FLEET.child("updateRuns", "auto-rapid-rapid-1-35-6-abcdefgh")
UPGRADE, REVIEW = RunRecord(Intent.UPGRADE), RunRecord(Intent.REVIEW)
TRACED = RunRecord(Intent.UPGRADE, trace_parent="00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")
ANOTHER_TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


def never() -> bool:
    raise AssertionError("called though there was nothing to take over")


def some_releases(count: int) -> NewReleases:
    releases = tuple(Release("KubernetesVersion", f"1.33.{patch}", "KubernetesOfficial") for patch in range(count))
    return NewReleases("westus2", releases)


def record_of_run(ledger: Ledger) -> RunRecord:
    record = ledger.run_records([FLEET])[FLEET][RUN.name]
    assert isinstance(record, RunRecord)
    return record


def a_decision(reason: Reason = Reason.UP_TO_DATE, sentence: str = "Every cluster is up to date.") -> Decision:
    return Decision(PROFILE, Outcome.UP_TO_DATE, reason, sentence)


def test_a_region_that_was_never_read_has_no_known_releases(ledger: Ledger) -> None:
    assert ledger.first_seen_in(["westus2"])["westus2"] == {}


def test_releases_are_remembered_by_region(ledger: Ledger) -> None:
    ledger.record_new_releases(some_releases(2), NOW)

    assert ledger.first_seen_in(["westus2"])["westus2"] == {release.key: NOW for release in some_releases(2).releases}
    assert ledger.first_seen_in(["eastus"])["eastus"] == {}


def test_more_releases_than_fit_into_one_batch_are_all_remembered(ledger: Ledger) -> None:
    ledger.record_new_releases(some_releases(250), NOW)
    ledger.record_new_releases(some_releases(251), LATER)

    assert len(ledger.first_seen_in(["westus2"])["westus2"]) == 251


def test_the_last_reading_is_remembered(ledger: Ledger) -> None:
    assert ledger.last_reading() is None
    for digest in ("one", None):
        ledger.record_reading(CatalogReading(NOW, digest))
        assert ledger.last_reading() == CatalogReading(NOW, digest)


@pytest.mark.parametrize(
    "state",
    [
        EvaluationState(),
        EvaluationState(last=NOW),
        EvaluationState(wanted=EvaluationRequest("event 1", "release in westus2", LATER)),
        EvaluationState(NOW, None, EvaluationInProgress("message", "reconcile", LATER)),
        EvaluationState(NOW, EvaluationRequest("e", "r", LATER), EvaluationInProgress("m", "r", NOW)),
    ],
)
def test_the_state_of_the_evaluation_is_remembered_whole(ledger: Ledger, state: EvaluationState) -> None:
    assert ledger.evaluation_state() == (EvaluationState(), None)
    assert ledger.replace_evaluation_state(EvaluationState(LATER), None)
    _, etag = ledger.evaluation_state()

    assert ledger.replace_evaluation_state(state, etag)

    assert ledger.evaluation_state()[0] == state
    assert ledger.last_evaluation() == state.last


def test_only_one_of_two_instances_changes_the_state_of_the_evaluation(ledger: Ledger) -> None:
    first = EvaluationState(wanted=EvaluationRequest("event 1", "release", NOW))
    assert ledger.replace_evaluation_state(first, None)
    assert not ledger.replace_evaluation_state(EvaluationState(), None), "the row is not new any more"
    _, etag = ledger.evaluation_state()
    second = first.begin("message", LATER)

    assert ledger.replace_evaluation_state(second, etag)
    assert not ledger.replace_evaluation_state(EvaluationState(), etag)
    assert ledger.evaluation_state()[0] == second


def test_the_last_detection_is_remembered(ledger: Ledger) -> None:
    assert ledger.last_detection() is None
    for at in (NOW, LATER):
        ledger.record_detection(at)
        assert ledger.last_detection() == at


def test_a_detection_is_neither_an_evaluation_nor_a_reading(ledger: Ledger) -> None:
    ledger.record_detection(LATER)
    ledger.replace_evaluation_state(EvaluationState(NOW), None)

    assert (ledger.last_detection(), ledger.last_evaluation(), ledger.last_reading()) == (LATER, NOW, None)


def test_a_claim_is_remembered_with_the_trace_it_was_made_in(ledger: Ledger) -> None:
    ledger.claim_run(RUN, PROFILE, TRACED, NOW, never)

    assert ledger.run_records([FLEET]) == {FLEET: {RUN.name: TRACED}}


def test_the_trace_of_the_first_claim_stays_through_another_of_the_same_intent_and_all_that_is_noted(
    ledger: Ledger,
) -> None:
    ledger.claim_run(RUN, PROFILE, TRACED, NOW, never)
    ledger.claim_run(RUN, PROFILE, replace(TRACED, trace_parent=ANOTHER_TRACE), LATER, never)
    ledger.record_skipped(RUN, Intent.UPGRADE, frozenset({"one"}))
    ledger.record_restart(RUN, 1, NOW)

    expected = replace(TRACED, skipped=frozenset({"one"}), restarts=1, restarted_failure=NOW)
    assert ledger.run_records([FLEET])[FLEET][RUN.name] == expected


def test_a_claim_that_is_taken_over_has_the_trace_of_the_new_one(ledger: Ledger) -> None:
    ledger.claim_run(RUN, PROFILE, replace(REVIEW, trace_parent=ANOTHER_TRACE), NOW, never)
    ledger.claim_run(RUN, PROFILE, TRACED, LATER, lambda: True)

    assert ledger.run_records([FLEET])[FLEET][RUN.name] == TRACED


def test_a_claim_is_remembered_with_its_intent(ledger: Ledger) -> None:
    until = ledger.claim_run(RUN, PROFILE, REVIEW, NOW, never)

    assert until > NOW
    assert ledger.run_records([FLEET]) == {FLEET: {RUN.name: REVIEW}}


def test_a_claim_of_the_same_intent_is_shared(ledger: Ledger) -> None:
    ledger.claim_run(RUN, PROFILE, UPGRADE, NOW, never)

    assert ledger.claim_run(RUN, PROFILE, UPGRADE, NOW, never) > NOW


def test_a_claim_of_the_other_intent_is_respected_while_it_holds(ledger: Ledger) -> None:
    ledger.claim_run(RUN, PROFILE, REVIEW, NOW, never)

    with pytest.raises(NotReadyError):
        ledger.claim_run(RUN, PROFILE, UPGRADE, NOW, never)

    assert record_of_run(ledger).intent is Intent.REVIEW


def test_after_it_ran_out_it_is_taken_over_if_its_run_does_not_exist(ledger: Ledger) -> None:
    ledger.claim_run(RUN, PROFILE, REVIEW, NOW, never)
    ledger.claim_run(RUN, PROFILE, UPGRADE, LATER, lambda: True)

    assert record_of_run(ledger).intent is Intent.UPGRADE


def test_after_it_ran_out_it_still_holds_if_its_run_exists(ledger: Ledger) -> None:
    ledger.claim_run(RUN, PROFILE, REVIEW, NOW, never)

    with pytest.raises(NotReadyError):
        ledger.claim_run(RUN, PROFILE, UPGRADE, LATER, lambda: False)

    assert record_of_run(ledger).intent is Intent.REVIEW


def test_a_claim_may_be_used_for_less_time_than_it_keeps_others_off(ledger: Ledger) -> None:
    until = ledger.claim_run(RUN, PROFILE, REVIEW, NOW, never)

    with pytest.raises(NotReadyError):
        ledger.claim_run(RUN, PROFILE, UPGRADE, until, never)


def test_of_many_claims_at_once_with_two_intents_one_intent_wins(ledger: Ledger) -> None:
    def attempt(number: int) -> Intent | None:
        record = UPGRADE if number % 2 else REVIEW
        try:
            ledger.claim_run(RUN, PROFILE, record, NOW, never)
        except NotReadyError:
            return None
        return record.intent

    with ThreadPoolExecutor(8) as pool:
        winners = {intent for intent in pool.map(attempt, range(16)) if intent is not None}

    assert winners == {record_of_run(ledger).intent}


def test_skipped_members_are_added_up_and_outlive_another_claim(ledger: Ledger) -> None:
    ledger.claim_run(RUN, PROFILE, UPGRADE, NOW, never)
    ledger.record_skipped(RUN, Intent.UPGRADE, frozenset({"one"}))
    ledger.record_skipped(RUN, Intent.UPGRADE, frozenset({"two"}))
    ledger.claim_run(RUN, PROFILE, UPGRADE, LATER, lambda: False)

    assert ledger.run_records([FLEET])[FLEET][RUN.name] == RunRecord(Intent.UPGRADE, frozenset({"one", "two"}))


def test_the_run_that_fleet_generated_is_remembered_and_outlives_another_claim(ledger: Ledger) -> None:
    ledger.claim_run(RUN, PROFILE, UPGRADE, NOW, never)
    ledger.record_generated(RUN, a_run("Auto-Native", UpdateState.COMPLETED))
    ledger.claim_run(RUN, PROFILE, UPGRADE, LATER, never)

    assert ledger.run_records([FLEET])[FLEET][RUN.name] == RunRecord(Intent.UPGRADE, generated="auto-native")


def test_ids_in_another_case_mean_the_same_run(ledger: Ledger) -> None:
    ledger.claim_run(RUN, PROFILE, UPGRADE, NOW, never)
    other_spelling = ResourceId.parse(RUN.text.upper())

    with pytest.raises(NotReadyError):
        ledger.claim_run(other_spelling, PROFILE, REVIEW, NOW, never)


def test_only_decisions_that_changed_are_given_back(ledger: Ledger) -> None:
    assert ledger.record_decisions([a_decision()], "reconcile", NOW) == [a_decision()]
    assert ledger.record_decisions([a_decision()], "event", LATER) == []
    changed = a_decision(Reason.NO_MEMBERS, "No joined member is in the profile's scope.")
    assert ledger.record_decisions([changed], "event", LATER) == [changed]


def test_a_sentence_longer_than_a_property_may_be_is_cut_and_written(storage_connection: Connection) -> None:
    ledger = TableLedger(storage_connection)
    long = a_decision(sentence="x" * 200_000)

    assert ledger.record_decisions([long], "reconcile", NOW) == [long]
    assert ledger.record_decisions([long], "reconcile", NOW) == []


def test_two_instances_may_make_the_table_at_once(storage_connection: Connection) -> None:
    with ThreadPoolExecutor(4) as pool:
        known = list(
            pool.map(lambda _: TableLedger(storage_connection).first_seen_in(["westus2"])["westus2"], range(4))
        )

    assert known == [{}] * 4


def test_first_seen_stays_when_a_release_is_recorded_again(ledger: Ledger) -> None:
    ledger.record_new_releases(some_releases(1), NOW)
    ledger.record_new_releases(some_releases(2), LATER)

    [(_, first), (_, second)] = sorted(ledger.first_seen_in(["westus2"])["westus2"].items())
    assert (first, second) == (NOW, LATER)


def test_a_restart_is_remembered_with_the_failure_it_is_for(ledger: Ledger) -> None:
    ledger.claim_run(RUN, PROFILE, UPGRADE, NOW, never)

    assert ledger.record_restart(RUN, 1, NOW)

    expected = RunRecord(Intent.UPGRADE, restarts=1, restarted_failure=NOW)
    assert ledger.run_records([FLEET])[FLEET][RUN.name] == expected


def test_noting_the_same_restart_again_is_fine(ledger: Ledger) -> None:
    assert ledger.record_restart(RUN, 1, NOW)
    assert ledger.record_restart(RUN, 1, NOW)


@pytest.mark.parametrize("number", [1, 2])
def test_a_restart_that_another_one_overtook_is_refused(ledger: Ledger, number: int) -> None:
    ledger.record_restart(RUN, 2, LATER)

    assert not ledger.record_restart(RUN, number, NOW)


def test_a_restart_outlives_what_else_is_noted_of_the_run(ledger: Ledger) -> None:
    ledger.record_restart(RUN, 1, NOW)
    ledger.record_skipped(RUN, Intent.UPGRADE, frozenset({"one"}))
    ledger.claim_run(RUN, PROFILE, UPGRADE, LATER, lambda: False)

    expected = RunRecord(Intent.UPGRADE, frozenset({"one"}), restarts=1, restarted_failure=NOW)
    assert ledger.run_records([FLEET])[FLEET][RUN.name] == expected


def test_a_failure_without_a_time_can_be_restarted_too(ledger: Ledger) -> None:
    assert ledger.record_restart(RUN, 1, None)

    assert ledger.run_records([FLEET])[FLEET][RUN.name] == RunRecord(Intent.UPGRADE, restarts=1)


@pytest.mark.parametrize(
    "trigger", [Trigger(NOW, ("1.35.6",)), Trigger(NOW, (), "Throttled", "Fleet throttles this app.")]
)
def test_the_last_trigger_is_remembered(ledger: Ledger, trigger: Trigger) -> None:
    assert ledger.last_trigger(PROFILE) is None
    ledger.record_trigger(PROFILE, Trigger(LATER, ("1.0.0",)))
    ledger.record_trigger(PROFILE, trigger)

    assert ledger.last_trigger(PROFILE) == trigger


def test_the_last_decision_is_remembered_whole_and_since_when_it_applies(ledger: Ledger) -> None:
    assert ledger.last_decision(PROFILE) is None
    ledger.record_decisions([a_decision()], "reconcile", NOW)
    considered = Considered(rejected=(RejectedCandidate(KubernetesVersion.parse("1.36.0"), CandidateReason.PREVIEW),))
    chosen_otherwise = replace(a_decision(), considered=considered)

    assert ledger.record_decisions([chosen_otherwise], "event", LATER) == []

    expected = RecordedDecision(NOW, "reconcile", decision_json(chosen_otherwise))
    assert ledger.last_decision(PROFILE) == expected


def test_a_decision_about_very_many_members_is_remembered_without_them(storage_connection: Connection) -> None:
    ledger = TableLedger(storage_connection)
    members = tuple(
        MemberDecision(f"member-{number}", MemberAction.UPGRADE, MemberReason.BELOW_TARGET, "x" * 100)
        for number in range(4000)
    )
    ledger.record_decisions([replace(a_decision(), members=members)], "reconcile", NOW)

    recorded = ledger.last_decision(PROFILE)

    assert isinstance(recorded, RecordedDecision)
    assert (recorded.content["members"], recorded.content["membersOmitted"]) == ([], 4000)


def test_many_large_decisions_are_written_in_several_batches(storage_connection: Connection) -> None:
    ledger = TableLedger(storage_connection)
    members = tuple(
        MemberDecision(f"member-{number}", MemberAction.UPGRADE, MemberReason.BELOW_TARGET, "Ünder 1.35.6." * 8)
        for number in range(400)
    )
    profiles = [FLEET.child("autoUpgradeProfiles", f"p{number}") for number in range(30)]
    decisions = [replace(a_decision(), profile_id=profile, members=members) for profile in profiles]

    assert ledger.record_decisions(decisions, "reconcile", NOW) == decisions
    assert all(ledger.last_decision(profile) for profile in profiles)


def test_what_regions_offer_is_remembered_without_the_parts_that_could_not_be_read(ledger: Ledger) -> None:
    version = KubernetesVersion.parse("1.35.6")
    offered = OfferedMinor(
        version.minor_version,
        frozenset({SupportPlan.KUBERNETES_OFFICIAL}),
        is_preview=True,
        patches=frozenset({version}),
    )
    ubuntu = NodeImageVersion.parse("202607.09.0")
    images: dict[str, NodeImageVersion | Absent | Unknown] = {"Ubuntu": ubuntu, "Flatcar": Absent()}
    known = RegionCatalog("westus2", {offered.minor: offered}, {**images, "Windows": Unknown("503")})
    ledger.record_catalog(Catalog({"westus2": known, "eastus": RegionCatalog("eastus", Unknown("503"))}), NOW)

    expected = Catalog({"westus2": RegionCatalog("westus2", {offered.minor: offered}, images)})
    assert ledger.catalog_read_since(NOW) == expected
    assert ledger.catalog_read_since(LATER) == Catalog({})


def test_what_is_remembered_of_many_fleets_and_regions_is_read_together(
    storage_connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    fleets = [ResourceId.parse(f"{FLEET.text}-{number}") for number in range(30)]
    regions = [f"region{number}" for number in range(30)]
    ledger = TableLedger(storage_connection)
    for fleet in fleets[:2]:
        ledger.claim_run(fleet.child("updateRuns", RUN.name), PROFILE, UPGRADE, NOW, never)
    ledger.record_new_releases(replace(some_releases(1), region=regions[0]), NOW)
    decisions = [replace(a_decision(), profile_id=fleet.child("autoUpgradeProfiles", "p")) for fleet in fleets]
    assert ledger.record_decisions(decisions, "reconcile", NOW) == decisions
    requests = _requests_from_now_on(monkeypatch)
    records = ledger.run_records(fleets)
    assert [len(records[fleet]) for fleet in fleets] == [1, 1, *[0] * 28]
    seen = ledger.first_seen_in(regions)
    assert [len(seen[region]) for region in regions] == [1, *[0] * 29]
    assert ledger.record_decisions(decisions, "reconcile", LATER) == []
    assert len(requests) == 4, requests  # the fourth: who waits for busy clusters, in one partition


def test_a_run_that_was_never_claimed_is_claimed_with_one_request(
    storage_connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger = TableLedger(storage_connection)
    ledger.last_reading()  # creates the table
    requests = _requests_from_now_on(monkeypatch)
    ledger.claim_run(RUN, PROFILE, UPGRADE, NOW, never)
    assert [request.partition(" ")[0] for request in requests] == ["POST"]


def test_waits_and_known_decisions_are_read_at_once(
    storage_connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger = TableLedger(storage_connection)
    ledger.record_decisions([a_decision()], "watch", NOW)
    both = Barrier(2)
    requests = _requests_from_now_on(monkeypatch, lambda: both.wait(timeout=30))
    assert ledger.record_decisions([a_decision()], "watch", LATER) == []
    assert [request.partition(" ")[0] for request in requests] == ["GET", "GET"]


def _requests_from_now_on(monkeypatch: pytest.MonkeyPatch, before: Callable[[], object] = lambda: None) -> list[str]:
    """Methods and URLs of requests to storage; before each is sent, `before` is called."""
    requests: list[str] = []
    send = Session.request

    def counted(session: Session, method: str, url: str, **options: object) -> object:
        requests.append(f"{method} {url}")
        before()
        return send(session, method, url, **options)  # type: ignore[arg-type] # passed on as it came

    monkeypatch.setattr(Session, "request", counted)
    return requests


def a_wait(since: datetime | None, profile: str = "rapid") -> Decision:
    profile_id = FLEET.child("autoUpgradeProfiles", profile)
    return Decision(profile_id, Outcome.WAITING, Reason.MEMBERS_BUSY, "It waits.", waiting_since=since)


def test_since_when_a_profile_waits_is_remembered_while_it_does(ledger: Ledger) -> None:
    assert ledger.waiting_since() == {}
    ledger.record_decisions([a_wait(NOW), a_wait(LATER, "images")], "watch", LATER)
    ledger.record_decisions([a_wait(NOW)], "watch", LATER)
    assert ledger.waiting_since() == {PROFILE: NOW, FLEET.child("autoUpgradeProfiles", "images"): LATER}

    ledger.record_decisions([a_decision(), a_wait(None, "images")], "watch", LATER)
    assert ledger.waiting_since() == {}


def test_a_wait_that_a_newer_decision_dates_otherwise_is_changed(ledger: Ledger) -> None:
    ledger.record_decisions([a_wait(NOW)], "watch", NOW)
    ledger.record_decisions([a_wait(LATER)], "watch", LATER)

    assert ledger.waiting_since() == {PROFILE: LATER}


def test_a_claim_of_the_same_intent_is_renewed(ledger: Ledger) -> None:
    ledger.claim_run(RUN, PROFILE, RunRecord(Intent.UPGRADE), NOW, never)
    ledger.claim_run(RUN, PROFILE, RunRecord(Intent.UPGRADE), NOW + timedelta(minutes=6), never)

    with pytest.raises(NotReadyError):
        ledger.claim_run(RUN, PROFILE, RunRecord(Intent.REVIEW), NOW + timedelta(minutes=12), lambda: True)


def test_what_was_recorded_of_a_run_that_does_not_exist_any_more_does_not_count_for_the_next_one(
    ledger: Ledger,
) -> None:
    ledger.claim_run(RUN, PROFILE, RunRecord(Intent.UPGRADE), NOW, never)
    assert ledger.record_restart(RUN, 1, NOW)
    ledger.claim_run(RUN, PROFILE, RunRecord(Intent.UPGRADE), LATER, lambda: False)
    assert record_of_run(ledger).restarts == 1

    ledger.claim_run(RUN, PROFILE, RunRecord(Intent.UPGRADE), LATER, lambda: True)
    assert record_of_run(ledger).restarts == 0


MEMBERS = ("one", "two")
OTHER_RUN = FLEET.child("updateRuns", "auto-images-nodeimage-abcdefgh")


def test_one_run_is_started_on_a_member_at_a_time(ledger: Ledger) -> None:
    lease = ledger.lease_start(RUN, MEMBERS, NOW, not_started)
    assert NOW < lease.start_before < NOW + timedelta(minutes=5)
    with pytest.raises(NotReadyError):
        ledger.lease_start(OTHER_RUN, MEMBERS, NOW, not_started)

    ledger.release_start(lease)
    ledger.lease_start(OTHER_RUN, MEMBERS, NOW, not_started)


def test_a_lease_on_a_run_that_was_started_excludes_no_one_and_is_removed(ledger: Ledger) -> None:
    asked: list[tuple[str, datetime]] = []

    def was_started(run: str, since: datetime) -> bool:
        asked.append((run, since))
        return True

    ledger.lease_start(RUN, MEMBERS, NOW, not_started)
    ledger.lease_start(FLEET.child("updateRuns", "elsewhere"), ("three",), NOW, not_started)
    ledger.lease_start(OTHER_RUN, MEMBERS, NOW + timedelta(minutes=1), was_started)

    assert asked == [(RUN.name.lower(), NOW)]
    with pytest.raises(NotReadyError, match=OTHER_RUN.name.lower()):
        ledger.lease_start(RUN, MEMBERS, NOW + timedelta(minutes=1), not_started)
    with pytest.raises(NotReadyError, match="elsewhere"):
        ledger.lease_start(RUN, ("three",), NOW + timedelta(minutes=1), not_started)


def test_runs_on_other_members_are_started_meanwhile(ledger: Ledger) -> None:
    first = ledger.lease_start(RUN, MEMBERS, NOW, not_started)
    ledger.lease_start(OTHER_RUN, ("three",), NOW, not_started)
    ledger.release_start(first)

    with pytest.raises(NotReadyError):
        ledger.lease_start(RUN, ("Three",), NOW, not_started)


def test_a_lease_on_a_thousand_members_fits(ledger: Ledger) -> None:
    members = [f"{number:0>50}" for number in range(1000)]
    for number in range(3):
        ledger.lease_start(
            FLEET.child("updateRuns", f"run-{number}"), [f"{name}{number}" for name in members], NOW, not_started
        )


def test_many_leases_on_different_members_at_once_are_all_taken(storage_connection: Connection) -> None:
    ledger = TableLedger(storage_connection)
    with ThreadPoolExecutor(6) as pool:
        leases = list(
            pool.map(
                lambda number: ledger.lease_start(
                    FLEET.child("updateRuns", f"run-{number}"), [f"m{number}"], NOW, not_started
                ),
                range(6),
            )
        )

    assert len({lease.token for lease in leases}) == 6


def test_runs_of_another_fleet_are_started_meanwhile(ledger: Ledger) -> None:
    ledger.lease_start(RUN, MEMBERS, NOW, not_started)
    other_fleet = ResourceId.parse(FLEET.text.replace("retail", "other"))

    ledger.lease_start(other_fleet.child("updateRuns", "auto"), MEMBERS, NOW, not_started)


def test_a_lease_whose_holder_stopped_runs_out(ledger: Ledger) -> None:
    ledger.lease_start(RUN, MEMBERS, NOW, not_started)
    with pytest.raises(NotReadyError):
        ledger.lease_start(OTHER_RUN, MEMBERS, NOW + timedelta(minutes=4, seconds=59), not_started)

    ledger.lease_start(OTHER_RUN, MEMBERS, NOW + timedelta(minutes=5), not_started)


def test_calls_for_the_same_run_share_the_lease(ledger: Ledger) -> None:
    with ThreadPoolExecutor(8) as pool:
        [lease] = set(pool.map(lambda _: ledger.lease_start(RUN, MEMBERS, NOW, not_started), range(8)))

    ledger.release_start(lease, also_shared=True)
    ledger.lease_start(OTHER_RUN, MEMBERS, NOW, not_started)


def test_a_lease_that_calls_share_is_given_back_by_none_of_them_before_the_run_is_started(ledger: Ledger) -> None:
    lease = ledger.lease_start(RUN, ("one",), NOW, not_started)
    assert ledger.lease_start(RUN, ("one", "three"), NOW, not_started) == lease

    ledger.release_start(lease)
    for member in ("one", "Three"):
        with pytest.raises(NotReadyError, match="is being started on clusters of"):
            ledger.lease_start(OTHER_RUN, (member,), NOW, not_started)

    ledger.release_start(lease, also_shared=True)
    ledger.lease_start(OTHER_RUN, ("one", "three"), NOW, not_started)


def test_a_lease_is_not_shared_for_a_member_on_which_another_run_is_started(ledger: Ledger) -> None:
    ledger.lease_start(RUN, ("one",), NOW, not_started)
    ledger.lease_start(OTHER_RUN, ("two",), NOW, not_started)

    with pytest.raises(NotReadyError):
        ledger.lease_start(RUN, MEMBERS, NOW, not_started)


def test_a_lease_that_another_run_has_taken_over_is_not_given_back(ledger: Ledger) -> None:
    first = ledger.lease_start(RUN, MEMBERS, NOW, not_started)
    ledger.lease_start(OTHER_RUN, MEMBERS, NOW + timedelta(minutes=5), not_started)

    ledger.release_start(first)
    with pytest.raises(NotReadyError):
        ledger.lease_start(RUN, MEMBERS, NOW + timedelta(minutes=5), not_started)


def test_a_lease_in_which_no_start_may_begin_any_more_is_renewed_for_the_same_run(ledger: Ledger) -> None:
    first = ledger.lease_start(RUN, MEMBERS, NOW, not_started)

    assert ledger.lease_start(RUN, MEMBERS, first.start_before, not_started).start_before > first.start_before


def test_of_many_starts_at_once_one_has_the_lease(ledger: Ledger) -> None:
    runs = [FLEET.child("updateRuns", f"run-{number}") for number in range(8)]

    def try_lease(run_id: ResourceId) -> bool:
        try:
            ledger.lease_start(run_id, MEMBERS, NOW, not_started)
        except NotReadyError:
            return False
        return True

    with ThreadPoolExecutor(len(runs)) as pool:
        assert sum(pool.map(try_lease, runs)) == 1


def test_a_thousand_skipped_members_with_long_names_are_remembered(ledger: Ledger) -> None:
    members = frozenset(f"{number:a>50}" for number in range(1000))

    ledger.record_skipped(RUN, Intent.UPGRADE, members)

    assert record_of_run(ledger).skipped == members


def test_who_requested_a_run_is_remembered_with_the_claim(ledger: Ledger) -> None:
    alice = Caller("alice@contoso.example", "11111111-2222-3333-4444-555555555555")
    ledger.claim_run(RUN, PROFILE, RunRecord(Intent.REVIEW, requested_by=alice), NOW, never)

    record = ledger.run_records([FLEET])[FLEET][RUN.name]

    assert isinstance(record, RunRecord)
    assert record.requested_by == alice
