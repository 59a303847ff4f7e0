"""A cluster found by its name, over HTTP: with the last decision on it, from the ledger alone."""

from __future__ import annotations

from dataclasses import replace
from typing import cast

import pytest

from shared.core.model.ids import ResourceId
from shared.core.model.profile import Channel, Profile
from shared.overview.store import FleetMembers
from shared.use_cases.act_on_profile import act_on_profile
from shared.use_cases.find_members import MOST
from tests.app.functions.composed import compose
from tests.app.functions.http_app import HttpApp
from tests.app.use_cases.scene import FLEET, PROFILE, UseCaseScene, a_member
from tools.json_value import JsonObject


@pytest.fixture
def scene(monkeypatch: pytest.MonkeyPatch) -> UseCaseScene:
    scene = compose(monkeypatch)
    scene.set_tags(freeze="2026-08-01/2026-08-09")
    scene.set_members(a_member("shop-eastus"), a_member("big-shop", "1.35.6"), a_member("stock", stopped=True))
    scene.evaluate()
    return scene


@pytest.fixture(scope="module")
def app() -> HttpApp:
    return HttpApp()


def found(app: HttpApp, name: str) -> list[JsonObject]:
    return cast("list[JsonObject]", app.get(f"/api/members?name={name}").json["value"])


def profiles_of(member: JsonObject) -> list[JsonObject]:
    return cast("list[JsonObject]", member["profiles"])


def test_a_cluster_has_the_decision_on_it_for_each_profile_of_its_fleet(scene: UseCaseScene, app: HttpApp) -> None:
    [member] = found(app, "sHoP-eAst")

    assert (member["name"], member["fleetId"], member["fleet"]) == ("shop-eastus", FLEET.text, "retail")
    [profile] = profiles_of(member)
    assert (profile["profileId"], profile["outcome"]) == (PROFILE.text, "Waiting")
    decided = cast("JsonObject", profile["member"])
    assert (decided["action"], decided["reason"]) == ("Upgrade", "BelowTarget")


def test_the_very_name_is_first_then_names_that_begin_so(scene: UseCaseScene, app: HttpApp) -> None:
    scene.set_members(*(a_member(name) for name in ("a-shop", "shop-2", "shop", "shop-1")))
    scene.evaluate()

    assert [member["name"] for member in found(app, "shop")] == ["shop", "shop-1", "shop-2", "a-shop"]


def test_a_member_is_found_by_the_name_of_its_cluster_too(scene: UseCaseScene, app: HttpApp) -> None:
    scene.set_members(replace(a_member("till-cluster"), name="m1"))
    scene.evaluate()

    [member] = found(app, "till")
    assert (member["name"], member["cluster"]) == ("m1", "till-cluster")
    assert profiles_of(member)[0]["member"] is not None


def test_a_decision_from_after_the_evaluation_is_the_one_that_is_shown(scene: UseCaseScene, app: HttpApp) -> None:
    scene.set_tags()
    act_on_profile(scene.services, PROFILE)
    act_on_profile(scene.services, PROFILE)

    assert profiles_of(found(app, "shop-eastus")[0])[0]["outcome"] == "Generated"


def test_without_a_profile_nothing_upgrades_it(scene: UseCaseScene, app: HttpApp) -> None:
    """Also if the decision on a profile that was deleted is still recorded."""
    scene.azure.fleet = replace(scene.azure.fleet, profiles=())
    scene.evaluate()

    assert profiles_of(found(app, "stock")[0]) == []


def test_a_profile_without_a_decision_is_shown_as_not_decided(scene: UseCaseScene, app: HttpApp) -> None:
    scene.ledger.decisions.clear()

    assert profiles_of(found(app, "stock")[0]) == [
        {"profileId": PROFILE.text, "profile": "rapid", "outcome": None, "sentence": "", "member": None}
    ]


def test_a_decision_on_too_many_members_names_none_of_them(scene: UseCaseScene, app: HttpApp) -> None:
    other = Profile(FLEET.child("autoUpgradeProfiles", "off"), Channel.STABLE, disabled=True)
    scene.azure.fleet = replace(scene.azure.fleet, profiles=(other,))
    scene.evaluate()

    [profile] = profiles_of(found(app, "stock")[0])
    assert (profile["outcome"], profile["member"]) == ("Skipped", None)
    assert profile["sentence"] != ""


def test_at_most_fifty_are_shown_and_it_says_whether_they_are_all(scene: UseCaseScene, app: HttpApp) -> None:
    for count, is_complete in ((MOST, True), (MOST + 1, False)):
        names = tuple((f"shop-{number:02}", f"shop-{number:02}") for number in range(count))
        scene.overview.named = {FLEET: FleetMembers(FLEET, ("rapid",), names)}
        answer = app.get("/api/members?name=shop").json
        assert (len(cast("list[object]", answer["value"])), answer["isComplete"]) == (MOST, is_complete)


def test_before_an_evaluation_has_recorded_names_there_is_no_time_of_one(scene: UseCaseScene, app: HttpApp) -> None:
    assert app.get("/api/members?name=none-of-them").json["evaluatedAt"] == "2026-08-03T06:00:00Z"

    scene.overview.named.clear()
    answer = app.get("/api/members?name=shop").json
    assert (answer["value"], answer["evaluatedAt"], answer["ageSeconds"]) == ([], None, None)


@pytest.mark.parametrize("query", ["", "name=", "name=%20", f"name={'x' * 101}", "name=shop&top=5"])
def test_a_query_without_a_name_is_refused(scene: UseCaseScene, app: HttpApp, query: str) -> None:
    assert app.get(f"/api/members?{query}").status == 400


def test_nothing_but_the_ledger_is_read(scene: UseCaseScene, app: HttpApp) -> None:
    scene.azure.fleet = replace(scene.azure.fleet, id=ResourceId.parse(f"{FLEET}-elsewhere"), members=())

    assert [member["name"] for member in found(app, "stock")] == ["stock"]
