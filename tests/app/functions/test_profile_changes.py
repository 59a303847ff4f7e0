"""Profiles over HTTP: what one would do before it exists, evaluating now, and creating, changing and deleting one."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import cast

import pytest

from functions.http.profiles_response import capabilities_json
from shared import composition
from shared.azure import api_versions
from shared.core.model.profile import Channel
from shared.core.model.unknown import Unknown
from shared.settings import HttpSettings, read_http_settings
from tests.app.functions.composed import compose
from tests.app.functions.http_app import Answer, HttpApp
from tests.app.functions.settings import SETTINGS
from tests.app.telemetry.emitted import Emitted
from tests.app.use_cases.scene import FLEET, PROFILE, UseCaseScene
from tools.json_value import Json, JsonObject

NEW = FLEET.child("autoUpgradeProfiles", "new")
ALLOWED, FORBIDDEN = HttpSettings(write_profiles=True), HttpSettings()


@pytest.fixture
def scene(monkeypatch: pytest.MonkeyPatch) -> UseCaseScene:
    return compose(monkeypatch, ALLOWED)


@pytest.fixture(scope="module")
def app() -> HttpApp:
    return HttpApp()


def send(app: HttpApp, method: str, path: str, content: Json = None, **headers: str) -> Answer:
    body = b"" if content is None else json.dumps(content).encode()
    return app.request(method, f"/api{path}", body, {name.replace("_", "-"): each for name, each in headers.items()})


def error_of(answer: Answer) -> JsonObject:
    return cast("JsonObject", answer.json["error"])


def a_body(channel: str = "Rapid", **properties: Json) -> JsonObject:
    return {"properties": {"channel": channel, **properties}}


class TestPreview:
    def test_it_decides_the_profile_as_if_the_fleet_had_it_and_changes_nothing(
        self, scene: UseCaseScene, app: HttpApp
    ) -> None:
        before = scene.azure.fleet

        answer = send(app, "POST", f"{FLEET}/preview", {"name": "new", **a_body()})

        assert (answer.status, answer.json["profileId"], answer.json["outcome"]) == (200, NEW.text, "Generate")
        assert cast("JsonObject", answer.json["target"])["kubernetesVersion"] == "1.35.6"
        assert (scene.azure.fleet, scene.azure.created, scene.ledger.decisions) == (before, [], {})

    def test_one_of_the_same_name_counts_as_replaced(self, scene: UseCaseScene, app: HttpApp) -> None:
        answer = send(app, "POST", f"{FLEET}/preview", {"name": PROFILE.name, **a_body(disabled=True)})

        assert answer.json["reason"] == "ProfileDisabled"

    def test_it_takes_other_assumptions(self, scene: UseCaseScene, app: HttpApp) -> None:
        query = "policy.freeze=2026-08-01/2026-08-09&at=2026-08-02T00:00:00Z"

        answer = send(app, "POST", f"{FLEET}/preview?{query}", {"name": "n", **a_body()})

        assert (answer.json["reason"], answer.json["until"]) == ("Freeze", "2026-08-10T00:00:00Z")

    def test_facts_are_of_existing_profiles_alone(self, scene: UseCaseScene, app: HttpApp) -> None:
        answer = send(app, "POST", f"{FLEET}/preview?facts=true", {"name": "n", **a_body()})

        assert (answer.status, error_of(answer)["target"]) == (400, "facts")


@pytest.mark.parametrize(
    ("body", "field", "right"),
    [
        ({"properties": {}}, "body.properties.channel", "a text"),
        ({}, "body.properties", "a JSON object"),
        (a_body("Fast"), "body.properties.channel", " or ".join(Channel)),
        (a_body("SecurityPatch"), "body.properties.channel", "AUTO_UPGRADE_FLEET_API_VERSION"),
        (a_body("TargetKubernetesVersion"), "body.properties.targetKubernetesVersion", 'in the form "1.33"'),
        (
            a_body("TargetKubernetesVersion", targetKubernetesVersion="1.33.1"),
            "body.properties.targetKubernetesVersion",
            'in the form "1.33"',
        ),
        (a_body(targetKubernetesVersion="1.33"), "body.properties.targetKubernetesVersion", "nothing, unless"),
        (a_body(longTermSupport=True), "body.properties.longTermSupport", "false, unless the channel"),
        (a_body(longTermSupport="yes"), "body.properties.longTermSupport", "true or false"),
        (
            a_body("NodeImage", nodeImageSelection={"type": "Latest"}),
            "body.properties.nodeImageSelection",
            "the channel prescribes",
        ),
        (a_body(nodeImageSelection={"type": "Custom"}), "body.properties.nodeImageSelection.type", "Latest or Consis"),
        (a_body(nodeImageSelection="Latest"), "body.properties.nodeImageSelection", "a JSON object"),
        (a_body(updateStrategyId="canary"), "body.properties.updateStrategyId", "/subscriptions/"),
        (
            a_body(updateStrategyId=f"{FLEET}x/updateStrategies/canary"),
            "body.properties.updateStrategyId",
            "an update strategy of the profile's fleet",
        ),
        (a_body(chanel="Rapid"), "body.properties.chanel", "no other property"),
    ],
)
def test_a_wrong_combination_is_refused_with_the_field_and_what_would_be_right(
    scene: UseCaseScene, app: HttpApp, body: JsonObject, field: str, right: str
) -> None:
    preview = send(app, "POST", f"{FLEET}/preview", {"name": "new", **body})
    write = send(app, "PUT", NEW.text, body)

    for answer in (preview, write):
        assert (answer.status, error_of(answer)["code"], error_of(answer)["target"]) == (400, "InvalidRequest", field)
        assert right in str(error_of(answer)["message"])
    assert [profile.id for profile in scene.azure.fleet.profiles] == [PROFILE]


@pytest.mark.parametrize("name", ["Upper", "-a", "a-", "a.b", "x" * 51, "ä"])
def test_a_name_that_azure_refuses_is_refused(scene: UseCaseScene, app: HttpApp, name: str) -> None:
    answer = send(app, "POST", f"{FLEET}/preview", {"name": name, **a_body()})

    assert (answer.status, error_of(answer)["target"]) == (400, "body.name")


class TestWrite:
    def test_a_profile_is_created_and_everything_is_evaluated(
        self, scene: UseCaseScene, app: HttpApp, caplog: pytest.LogCaptureFixture
    ) -> None:
        emitted = Emitted(caplog)
        body = a_body("TargetKubernetesVersion", targetKubernetesVersion="1.35", nodeImageSelection={"type": "Latest"})

        answer = send(app, "PUT", NEW.text, body, If_None_Match="*")

        assert (answer.status, answer.json) == (200, {"id": NEW.text})
        [profile] = [each for each in scene.azure.fleet.profiles if each.id == NEW]
        assert (profile.channel, str(profile.target_kubernetes_version)) == (Channel.TARGET_KUBERNETES_VERSION, "1.35")
        assert scene.azure.evaluations_sent == 1
        [event] = emitted.properties("profile_changed")
        assert (event["profile_id"], event["change"]) == (NEW.text, "written")

    def test_a_profile_is_changed_unless_it_is_to_be_new(self, scene: UseCaseScene, app: HttpApp) -> None:
        refused = send(app, "PUT", PROFILE.text, a_body(disabled=True), If_None_Match="*")
        assert (refused.status, error_of(refused)["code"]) == (409, "RefusedByFleet")
        assert [profile.disabled for profile in scene.azure.fleet.profiles] == [False]

        assert send(app, "PUT", PROFILE.text, a_body(disabled=True)).status == 200
        assert [profile.disabled for profile in scene.azure.fleet.profiles] == [True]

    def test_a_change_of_someone_else_is_not_lost(self, scene: UseCaseScene, app: HttpApp) -> None:
        read = app.get(f"/api{PROFILE}/settings").json
        assert (read["id"], cast("JsonObject", read["settings"])["channel"]) == (PROFILE.text, "Rapid")
        etag = str(read["eTag"])

        assert send(app, "PUT", PROFILE.text, a_body(disabled=True), If_Match=etag).status == 200
        refused = send(app, "PUT", PROFILE.text, a_body("Stable"), If_Match=etag)

        assert (refused.status, error_of(refused)["code"]) == (409, "RefusedByFleet")
        assert "changed since it was read" in str(error_of(refused)["message"])
        assert [profile.channel for profile in scene.azure.fleet.profiles] == [Channel.RAPID]

    def test_a_profile_is_deleted_any_number_of_times(self, scene: UseCaseScene, app: HttpApp) -> None:
        assert [send(app, "DELETE", PROFILE.text).status for _ in range(2)] == [204, 204]
        assert scene.azure.fleet.profiles == ()

    @pytest.mark.parametrize("method", ["PUT", "DELETE"])
    def test_without_the_setting_nothing_is_changed(
        self, scene: UseCaseScene, app: HttpApp, monkeypatch: pytest.MonkeyPatch, method: str
    ) -> None:
        monkeypatch.setattr(composition, "http_settings", lambda: FORBIDDEN)
        before = scene.azure.fleet

        answer = send(app, method, PROFILE.text, a_body())

        assert (answer.status, error_of(answer)["target"]) == (403, "AUTO_UPGRADE_PROFILES_WRITE")
        assert scene.azure.fleet == before


class TestWhatIsAllowed:
    @pytest.mark.parametrize(
        ("http", "version", "writes", "has_security_patch"),
        [(ALLOWED, api_versions.FLEET_PREVIEW, True, True), (FORBIDDEN, api_versions.FLEET, False, False)],
    )
    def test_the_settings_say_what(
        self,
        scene: UseCaseScene,
        app: HttpApp,
        monkeypatch: pytest.MonkeyPatch,
        http: HttpSettings,
        version: str,
        writes: bool,
        has_security_patch: bool,
    ) -> None:
        monkeypatch.setattr(composition, "http_settings", lambda: http)
        monkeypatch.setattr(composition, "settings", lambda: replace(SETTINGS, fleet_api_version=version))

        answer = app.get("/api/capabilities").json

        assert (answer["writesProfiles"], answer["fleetApiVersion"]) == (writes, version)
        assert ("SecurityPatch" in cast("list[str]", answer["channels"])) is has_security_patch

    def test_what_is_old_follows_the_schedules(self) -> None:
        schedules = {"AUTO_UPGRADE_DETECT_SCHEDULE": "0 */10 * * * *", "AUTO_UPGRADE_RECONCILE_SCHEDULE": "0 0 6 * * *"}
        read, unreadable = read_http_settings(schedules), read_http_settings({"AUTO_UPGRADE_DETECT_SCHEDULE": "often"})

        answer = capabilities_json(SETTINGS, read)

        assert (answer["detectionOldAfterSeconds"], answer["evaluationOldAfterSeconds"]) == (7_800, 93_600)
        assert unreadable.detection_old_after == HttpSettings().detection_old_after

    def test_strategies_have_the_names_of_their_stages(self, scene: UseCaseScene, app: HttpApp) -> None:
        strategies = [FLEET.child("updateStrategies", name) for name in ("two", "one")]
        scene.azure.fleet = replace(scene.azure.fleet, strategies=dict.fromkeys(strategies, Unknown("not needed")))

        assert [
            (strategy["name"], strategy["stages"])
            for strategy in cast("list[JsonObject]", app.get(f"/api{FLEET}/updateStrategies").json["value"])
        ] == [("one", ["first", "rest"]), ("two", ["first", "rest"])]


class TestEvaluate:
    def test_one_profile_is_enqueued(self, scene: UseCaseScene, app: HttpApp) -> None:
        answer = send(app, "POST", f"{PROFILE}/evaluate")

        assert (answer.status, scene.azure.due) == (202, [PROFILE])
        assert send(app, "POST", f"{PROFILE}x/evaluate").status == 404

    def test_all_profiles_are_evaluated_once_for_many_requests(self, scene: UseCaseScene, app: HttpApp) -> None:
        assert [send(app, "POST", "/evaluate").status for _ in range(3)] == [202] * 3
        assert scene.azure.evaluations_sent == 1
