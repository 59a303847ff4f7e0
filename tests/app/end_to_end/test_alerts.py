"""An action group calls with an alert: profiles are evaluated, a run is generated, anything else is refused."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from tests.app.builders.alerts import an_alert
from tests.app.end_to_end.scene import FLEET, LAB, RAPID, Scene, options
from tests.processes.stack import Stack
from tools.json_value import JsonObject

SOMEBODY_ELSES = f"{FLEET}-two"
ACT, GENERATE = "AUTO_UPGRADE_ALERTS_ACT", "AUTO_UPGRADE_ALERTS_GENERATE"


@pytest.fixture
def scene() -> Iterator[Scene]:
    """A running stack with the small world, whose app lets alerts do everything."""
    with Stack(options({ACT: "true", GENERATE: "true"})) as stack:
        yield Scene(stack)


@pytest.fixture
def default() -> Iterator[Scene]:
    """The same without any setting of alerts."""
    with Stack(options()) as stack:
        yield Scene(stack)


def call(scene: Scene, alert: JsonObject) -> httpx.Response:
    """As an action group does: the function's key is in the URL."""
    host = scene.stack.host
    return host.http.post("/api/alerts", params={"code": host.function_key}, json=alert)


def release_without_an_event(scene: Scene) -> None:
    scene.stack.emulator.unsubscribe("aks")
    scene.release()


def test_a_fired_alert_has_its_fleets_profiles_evaluated_and_the_missed_upgrade_is_made(scene: Scene) -> None:
    release_without_an_event(scene)

    answer = call(scene, an_alert(about=[FLEET.lower()]))
    scene.rest()

    assert answer.status_code == 202
    assert answer.headers["content-type"].startswith("application/json")
    assert answer.json() == {
        "alertRule": "clusters-behind",
        "action": "evaluate",
        "profiles": [LAB, RAPID],
        "sentence": "Each profile is enqueued for evaluation; its status shows the result.",
    }
    [run] = scene.runs()
    assert "rapid" in str(run["id"]).rpartition("/")[2]
    assert run["state"] == "Running"
    assert scene.ask(f"{LAB}/status").json()["lastDecision"]["reason"] == "ProfileDisabled"


def test_the_same_alert_again_makes_no_other_run(scene: Scene) -> None:
    release_without_an_event(scene)

    for _ in range(2):
        assert call(scene, an_alert(dimensions={"profile_id": RAPID})).status_code == 202
        scene.rest()
    scene.pass_time(hours=3)
    assert call(scene, an_alert(dimensions={"profile_id": RAPID})).status_code == 202
    scene.rest()

    assert scene.versions("shop-one", "shop-two") == ["1.34.2", "1.34.2"]
    assert len(scene.journal("runCreated")) == len(scene.journal("runStarted")) == 1


def test_a_rule_may_generate_a_run_for_review_and_start_it(scene: Scene) -> None:
    release_without_an_event(scene)
    properties: JsonObject = {"action": "generateUpdateRun", "profileId": LAB}

    review = call(scene, an_alert(properties=properties))
    [run] = scene.runs()
    assert run["state"] == "NotStarted"
    started = call(scene, an_alert(properties={**properties, "start": "true"}))
    [run] = scene.runs()

    assert run["state"] == "Running"
    assert review.status_code == started.status_code == 200
    assert review.json() == started.json()
    assert review.json() == {
        "alertRule": "clusters-behind",
        "action": "generateUpdateRun",
        "profiles": [LAB],
        "updateRun": run["id"],
        "sentence": f"The update run {str(run['id']).rpartition('/')[2]} exists.",
    }


def test_without_settings_an_alert_is_forbidden_and_everything_else_goes_on(default: Scene) -> None:
    release_without_an_event(default)
    for properties in ({}, {"action": "generateUpdateRun", "profileId": LAB}):
        answer = call(default, an_alert(about=[FLEET], properties={**properties}))
        assert (answer.status_code, answer.json()["error"]["target"]) == (403, ACT)
    assert call(default, an_alert(about=[FLEET], condition="Resolved")).status_code == 200
    default.rest()
    assert default.runs() == []

    default.reconcile()

    assert [run["state"] for run in default.runs()] == ["Running"]


def test_settings_of_alerts_that_contradict_each_other_stop_alerts_alone() -> None:
    with Stack(options({GENERATE: "true"})) as stack:
        scene = Scene(stack)
        release_without_an_event(scene)
        answer = call(scene, an_alert(about=[FLEET]))
        scene.reconcile()

        assert (answer.status_code, answer.json()["error"]["code"]) == (500, "InvalidAppSetting")
        assert GENERATE in answer.json()["error"]["message"]
        assert ACT in answer.json()["error"]["message"]
        assert [run["state"] for run in scene.runs()] == ["Running"]


def test_what_is_not_acted_on_is_answered_with_the_reason_and_changes_nothing(scene: Scene) -> None:
    host = scene.stack.host
    release_without_an_event(scene)
    assert host.http.post("/api/alerts", json=an_alert(about=[FLEET])).status_code == 401

    resolved = call(scene, an_alert(about=[FLEET], condition="Resolved"))
    assert resolved.status_code == 200
    assert resolved.json() == {
        "alertRule": "clusters-behind",
        "sentence": "The alert is resolved, so nothing is done.",
    }

    wrong = call(scene, an_alert(about=[FLEET], properties={"action": "upgrade"}))
    assert wrong.status_code == 400
    assert wrong.json() == {
        "error": {
            "code": "InvalidRequest",
            "message": "data.customProperties.action is 'upgrade'; expected evaluate or generateUpdateRun",
            "target": "data.customProperties.action",
        }
    }

    foreign = call(scene, an_alert(about=[SOMEBODY_ELSES]))
    assert foreign.status_code == 400
    assert foreign.json() == {
        "error": {
            "code": "InvalidRequest",
            "message": f"data.essentials.alertTargetIDs[0] is '{SOMEBODY_ELSES}'; expected a fleet in the"
            " subscriptions or management groups that the app manages",
            "target": "data.essentials.alertTargetIDs[0]",
        }
    }

    response = call(scene, an_alert(properties={"profileId": f"{FLEET}/autoUpgradeProfiles/missing"}))
    assert (response.status_code, response.json()["error"]["code"]) == (404, "ResourceNotFound")

    scene.rest()
    assert scene.runs() == []


def test_what_may_succeed_later_is_answered_so_that_azure_monitor_repeats_the_call(scene: Scene) -> None:
    fault: JsonObject = {"action": "status", "status": 429, "headers": {"Retry-After": "0"}, "times": 10}
    scene.stack.emulator.set_faults([{"method": "POST", "path": "/providers/Microsoft.ResourceGraph/", **fault}])

    answer = call(scene, an_alert(about=[FLEET]))

    assert (answer.status_code, answer.json()["error"]["code"]) == (503, "Throttled")
    assert int(answer.headers["retry-after"]) > 0
