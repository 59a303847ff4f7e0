"""What the last evaluation left in the ledger, over HTTP."""

from __future__ import annotations

import gzip
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import cast

import azure.functions as func
import pytest

from functions.http.cached_response import cached_json
from shared.core.model.profile import Channel, Profile
from shared.core.model.run_progress import PendingGate, RunProgress
from shared.core.model.update_run import UpdateState
from shared.core.releases.releases import NewReleases, Release
from shared.overview.store import Unreadable
from shared.ports import Trigger
from shared.use_cases.act_on_profile import act_on_profile
from shared.use_cases.watch_runs import watch_runs
from tests.app.functions.composed import compose
from tests.app.functions.http_app import HttpApp
from tests.app.use_cases.scene import FLEET, NOW, PROFILE, UseCaseScene
from tools.json_value import JsonObject


@pytest.fixture
def scene(monkeypatch: pytest.MonkeyPatch) -> UseCaseScene:
    return compose(monkeypatch)


@pytest.fixture(scope="module")
def app() -> HttpApp:
    return HttpApp()


def objects(value: object) -> list[JsonObject]:
    return cast("list[JsonObject]", value)


def the_profile(app: HttpApp) -> JsonObject:
    [profile] = objects(app.get("/api/fleets").json["value"])
    return profile


def test_before_the_first_evaluation_there_is_nothing_and_no_time(scene: UseCaseScene, app: HttpApp) -> None:
    assert app.get("/api/fleets").json == {
        "value": [],
        "counts": {"fleets": 0, "profiles": 0, "needsPerson": 0, "runsInProgress": 0, "clustersBehind": 0},
        "fleets": [],
        "evaluatedAt": None,
        "ageSeconds": None,
    }


def test_a_profile_has_its_decision_its_lag_and_what_happens_next(scene: UseCaseScene, app: HttpApp) -> None:
    scene.ledger.record_new_releases(
        NewReleases("westus2", (Release("KubernetesVersion", "1.35.6", "KubernetesOfficial"),)),
        NOW - timedelta(days=3, hours=1),
    )
    scene.set_tags(freeze="2026-08-01/2026-08-09")
    scene.evaluate()
    scene.azure.time += timedelta(minutes=2)

    answer = app.get("/api/fleets").json
    [profile] = objects(answer["value"])

    assert (answer["evaluatedAt"], answer["ageSeconds"]) == ("2026-08-03T06:00:00Z", 120)
    assert (profile["profileId"], profile["outcome"], profile["reason"]) == (PROFILE.text, "Waiting", "Freeze")
    assert profile["lag"] == {
        "clusters": 2,
        "clustersBehind": 2,
        "versionsBehind": 1,
        "behindSince": "2026-07-31T05:00:00Z",
        "clustersOutOfSupport": 0,
    }
    assert profile["daysBehind"] == 3
    assert profile["next"] == {
        "what": "FreezeEnds",
        "at": "2026-08-10T00:00:00Z",
        "sentence": "The freeze ends at 2026-08-10 00:00 UTC.",
    }
    assert (profile["needsPerson"], profile["run"]) == (False, None)


def test_a_run_whose_gate_waits_for_approval_needs_a_person(scene: UseCaseScene, app: HttpApp) -> None:
    scene.evaluate()
    act_on_profile(scene.services, PROFILE)
    [run] = scene.azure.fleet.update_runs
    gate = PendingGate("g", "go?", "canary", "", "Before", NOW)
    pending = replace(run, state=UpdateState.PENDING, progress=RunProgress(pending_gates=(gate,)))
    scene.azure.fleet = replace(scene.azure.fleet, update_runs=(pending,))
    scene.evaluate()

    profile = the_profile(app)

    assert (profile["needsPerson"], cast("JsonObject", profile["next"])["what"]) == (True, "GateApproval")
    shown = cast("JsonObject", profile["run"])
    assert (shown["state"], shown["intent"]) == ("Pending", "upgrade")
    assert [gate["displayName"] for gate in objects(shown["pendingGates"])] == ["go?"]


def test_a_trigger_that_failed_is_shown_with_its_error(scene: UseCaseScene, app: HttpApp) -> None:
    scene.evaluate()
    scene.ledger.record_trigger(PROFILE, Trigger(NOW, ("1.35.6",), "UserMustFix", "Fleet says no."))

    assert the_profile(app)["lastTriggerError"] == {
        "code": "UserMustFix",
        "message": "Fleet says no.",
        "at": "2026-08-03T06:00:00Z",
    }


def test_pages_link_to_the_next_one_without_the_key(scene: UseCaseScene, app: HttpApp) -> None:
    more = tuple(replace(scene.azure.fleet.profiles[0], id=FLEET.child("autoUpgradeProfiles", f"p{n}")) for n in "123")
    scene.azure.fleet = replace(scene.azure.fleet, profiles=more)
    scene.evaluate()

    first = app.get("/api/fleets?top=2&code=secret").json
    second = app.get(str(first["nextLink"])).json

    assert first["nextLink"] == "/api/fleets?top=2&skip=2"
    assert [each["profile"] for each in objects(first["value"])] == ["p1", "p2"]
    assert [each["profile"] for each in objects(second["value"])] == ["p3"]
    assert "nextLink" not in second
    assert (len(objects(first["fleets"])), second["fleets"]) == (1, [])


@pytest.mark.parametrize("query", ["top=0", "top=1001", "top=x", "skip=-1", "top=٣", "skip=9999999999", "order=name"])
def test_a_query_that_is_not_understood_is_refused(scene: UseCaseScene, app: HttpApp, query: str) -> None:
    answer = app.get(f"/api/fleets?{query}")

    assert (answer.status, cast("JsonObject", answer.json["error"])["code"]) == (400, "InvalidRequest")


def test_what_has_not_changed_is_not_sent_again_however_old_it_is(scene: UseCaseScene, app: HttpApp) -> None:
    scene.evaluate()
    first = app.get("/api/fleets")
    scene.azure.time += timedelta(minutes=5)

    again = app.get("/api/fleets", If_None_Match=f'"other", {first.headers["ETag"]}')
    assert (again.status, again.body, again.headers["ETag"]) == (304, b"", first.headers["ETag"])

    scene.set_tags(freeze="2026-08-01/2026-08-09")
    scene.evaluate()
    assert app.get("/api/fleets", If_None_Match=first.headers["ETag"]).status == 200


@pytest.mark.parametrize(
    ("accepted", "compressed"),
    [("gzip, deflate, br", True), ("br;q=1.0, GZIP;q=0.5", True), ("gzip;q=0", False), ("br", False), ("", False)],
)
def test_a_long_answer_is_compressed_for_a_client_that_accepts_it(
    scene: UseCaseScene, app: HttpApp, accepted: str, compressed: bool
) -> None:
    profiles = tuple(Profile(FLEET.child("autoUpgradeProfiles", f"p{n}"), Channel.RAPID) for n in range(20))
    scene.azure.fleet = replace(scene.azure.fleet, profiles=profiles)
    scene.evaluate()
    plain = app.get("/api/fleets")

    request = func.HttpRequest("GET", "https://app/api/fleets", headers={"Accept-Encoding": accepted}, body=b"")
    answer = cached_json(request, plain.json)

    body = answer.get_body()
    assert (answer.headers.get("Content-Encoding"), answer.headers["Vary"]) == (
        "gzip" if compressed else None,
        "Accept-Encoding",
    )
    assert (gzip.decompress(body) if compressed else body) == plain.body
    assert answer.headers["ETag"] == plain.headers["ETag"]


def test_a_profile_has_its_decision_the_matrix_and_its_runs(scene: UseCaseScene, app: HttpApp) -> None:
    scene.evaluate()
    act_on_profile(scene.services, PROFILE)
    scene.evaluate()

    answer = app.get(f"/api{PROFILE}").json

    decision = cast("JsonObject", answer["decision"])
    assert (decision["reason"], answer["settings"]) == (
        "RunInProgress",
        {
            "channel": "Rapid",
            "updateStrategyId": None,
            "nodeImageSelection": None,
            "targetKubernetesVersion": None,
            "longTermSupport": False,
            "disabled": False,
        },
    )
    assert [(row["name"], row["isTarget"], row["regions"]) for row in objects(answer["matrix"])][:2] == [
        ("1.35.6", True, {"westus2": "Offered"}),
        ("1.35.5", False, {"westus2": "Offered"}),
    ]
    assert [run["state"] for run in objects(answer["runs"])] == ["Running"]
    trigger = cast("JsonObject", answer["lastTrigger"])
    assert (trigger["versions"], trigger["error"]) == (["1.35.6"], None)


def test_one_fleet_has_its_profiles(scene: UseCaseScene, app: HttpApp) -> None:
    scene.evaluate()

    answer = app.get(f"/api{FLEET}").json

    assert (answer["id"], answer["members"]) == (FLEET.text, 2)
    assert [each["profile"] for each in objects(answer["profiles"])] == [PROFILE.name]


def test_a_profile_or_fleet_that_was_deleted_is_forgotten_by_the_next_evaluation(
    scene: UseCaseScene, app: HttpApp
) -> None:
    scene.evaluate()
    scene.azure.fleet = replace(scene.azure.fleet, profiles=())
    scene.evaluate()

    assert app.get(f"/api{PROFILE}").status == 404
    assert app.get("/api/fleets").json["value"] == []
    assert app.get(f"/api{FLEET}x").status == 404


def test_a_run_is_read_as_it_is_now(scene: UseCaseScene, app: HttpApp) -> None:
    scene.evaluate()
    act_on_profile(scene.services, PROFILE)
    [run] = scene.azure.fleet.update_runs

    answer = app.get(f"/api{run.id}").json

    assert (answer["name"], answer["state"], answer["sentence"]) == (run.name, "Running", "It is running.")
    assert (answer["intent"], answer["restarts"]) == ("upgrade", 0)
    assert app.get(f"/api{run.id}x").status == 404


def test_a_run_that_this_app_composed_has_the_profile_that_its_name_is_for(scene: UseCaseScene, app: HttpApp) -> None:
    scene.evaluate()
    act_on_profile(scene.services, PROFILE)
    [run] = scene.azure.fleet.update_runs
    other = replace(run, id=FLEET.child("updateRuns", "by-hand"))
    native = replace(run, id=FLEET.child("updateRuns", "native"), auto_upgrade_profile_id=PROFILE)
    scene.azure.fleet = replace(scene.azure.fleet, update_runs=(run, other, native))

    assert run.auto_upgrade_profile_id is None
    assert app.get(f"/api{run.id}").json["profileId"] == PROFILE.text
    assert app.get(f"/api{native.id}").json["profileId"] == PROFILE.text
    assert app.get(f"/api{other.id}").json["profileId"] is None
    scene.overview.stored.clear()
    assert app.get(f"/api{run.id}").json["profileId"] is None


def test_releases_have_the_time_of_each_region_the_newest_first(scene: UseCaseScene, app: HttpApp) -> None:
    version = Release("KubernetesVersion", "1.35.6", "KubernetesOfficial")
    image = Release("NodeImage", "AKSUbuntu-2204gen2containerd-202607.09.0")
    scene.ledger.record_new_releases(NewReleases("westus2", (version,)), NOW - timedelta(days=2))
    scene.ledger.record_new_releases(NewReleases("eastus", (version, image)), NOW - timedelta(days=1))
    scene.ledger.record_detection(NOW)

    answer = app.get("/api/releases").json

    assert [each["name"] for each in objects(answer["value"])] == [image.name, "1.35.6"]
    assert objects(answer["value"])[1] == {
        "kind": "KubernetesVersion",
        "name": "1.35.6",
        "supportPlan": "KubernetesOfficial",
        "firstSeen": "2026-08-01T06:00:00Z",
        "regions": {"eastus": "2026-08-02T06:00:00Z", "westus2": "2026-08-01T06:00:00Z"},
    }
    assert (answer["regions"], answer["detectedAt"]) == (["eastus", "westus2"], "2026-08-03T06:00:00Z")
    assert app.get("/api/releases?top=1").json["nextLink"] == "/api/releases?top=1&skip=1"


def test_health_has_the_last_activities_and_what_could_not_be_read(scene: UseCaseScene, app: HttpApp) -> None:
    scene.azure.unreadable = ("Fleet x has no location.",)
    scene.azure.poisoned = {"evaluate-profile": 2}
    scene.evaluate()
    scene.azure.time += timedelta(minutes=1)
    watch_runs(scene.services)
    scene.overview.record_unreadable(Unreadable("detection", datetime(2026, 8, 1, tzinfo=UTC), (), 0))

    answer = app.get("/api/health").json

    assert answer["detection"] == {"at": None, "ageSeconds": None}
    assert answer["evaluation"] == {"at": "2026-08-03T06:00:00Z", "ageSeconds": 60}
    assert answer["watch"] == {"at": "2026-08-03T06:01:00Z", "ageSeconds": 0}
    assert answer["unreadable"] == [
        {"where": "evaluation", "at": "2026-08-03T06:00:00Z", "sentences": ["Fleet x has no location."], "count": 1}
    ]
    assert answer["queues"] == [{"name": "evaluate-profile", "messages": 1, "poisonMessages": 2}]
