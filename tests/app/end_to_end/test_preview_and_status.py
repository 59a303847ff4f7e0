"""Asking over HTTP what would be decided, under which assumptions, and what was done last."""

from __future__ import annotations

from typing import cast

from tests.app.end_to_end.scene import FLEET, LAB, RAPID, Scene
from tools.json_value import JsonObject


def test_a_preview_shows_the_whole_decision_and_changes_nothing(scene: Scene) -> None:
    scene.tag(FLEET, stopped_clusters="skip")
    scene.stack.emulator.tag_fleet(FLEET, {"auto-upgrade.rapid.start": "manual"})
    scene.change("shop-two", powerState="Stopped")
    fact: JsonObject = {"kind": "patch", "version": "1.34.3", "preview": False, "lts_patch": False}
    scene.stack.emulator.publish_release({**fact, "version": "1.34.2"})
    scene.stack.emulator.publish_release({**fact, "regions": ["westus2"]})
    scene.rest()
    before = scene.runs()
    journal = len(scene.journal("runCreated", "runStarted"))

    decision = scene.decision(LAB)
    disabled = scene.decision(RAPID)

    assert decision["reason"] == "ProfileDisabled"
    assert cast("JsonObject", disabled["target"])["kubernetesVersion"] == "1.34.2"
    members = {str(one["name"]): one["reason"] for one in cast("list[JsonObject]", disabled["members"])}
    assert members == {"shop-one": "BelowTarget", "shop-two": "Stopped"}
    candidates = cast("JsonObject", disabled["candidates"])
    assert set(cast("JsonObject", candidates["regions"])) == {"eastus", "westus2"}
    [rejected] = cast("list[JsonObject]", candidates["rejected"])
    assert (rejected["name"], rejected["reason"]) == ("1.34.3", "NotInEveryRegion")
    policies = cast("dict[str, JsonObject]", disabled["policies"])
    assert policies["start"] == {"value": "manual", "source": "tag auto-upgrade.rapid.start"}
    assert policies["stopped-clusters"] == {"value": "skip", "source": "tag auto-upgrade.stopped-clusters"}
    assert policies["soak"] == {"value": "PT0S", "source": "default"}
    codes = {str(note["code"]) for note in cast("list[JsonObject]", disabled["warnings"])}
    assert codes == {"NoMaintenanceWindow"}
    assert scene.runs() == before
    assert len(scene.journal("runCreated", "runStarted")) == journal


def test_what_if_is_answered_and_a_bad_question_is_refused_with_what_would_be_right(scene: Scene) -> None:
    scene.release("1.34.2")
    scene.rest()
    scene.pass_time(hours=3)
    scene.release("1.34.3")
    scene.rest()

    frozen = scene.ask(f"{RAPID}/preview", policy__freeze="2026-12-15/2027-01-05", at="2026-12-24T12:00:00Z").json()
    assert frozen["policies"]["freeze"] == {"value": "2026-12-15/2027-01-05", "source": "policy.freeze"}
    soaking = scene.ask(f"{RAPID}/preview", policy__soak="P7D").json()
    assert soaking["reason"] == "Soaking"

    for query, target, part in (
        ({"at": "tomorrow"}, "at", "ISO 8601"),
        ({"policy__sook": "P7D"}, "policy.sook", "the nearest is soak"),
        ({"policy__retry": "often"}, "policy.retry", "a whole number from 0 to 10"),
        ({"when": "now"}, "when", "no other parameters"),
    ):
        answer = scene.ask(f"{RAPID}/preview", **query)
        assert answer.status_code == 400, query
        error = answer.json()["error"]
        assert (error["code"], error["target"]) == ("InvalidRequest", target)
        assert part in error["message"]


def test_status_shows_the_last_action_in_the_native_form_and_the_last_decision(scene: Scene) -> None:
    before = scene.ask(f"{RAPID}/status").json()
    assert "autoUpgradeProfileStatus" not in before
    assert before["lastDecision"] is None

    scene.release("1.34.2")
    scene.rest()
    scene.pass_time(hours=3)
    scene.reconcile()

    after = scene.ask(f"{RAPID}/status").json()
    assert after["autoUpgradeProfileStatus"] == {
        "lastTriggeredAt": "2026-01-05T00:00:00Z",
        "lastTriggerStatus": "Succeeded",
        "lastTriggerUpgradeVersions": ["1.34.2"],
    }
    assert after["lastDecision"]["reason"] == "UpToDate"
    assert after["lastDecision"]["since"] == "2026-01-05T03:00:00Z"
    assert after["lastEvaluatedAt"] == "2026-01-05T03:00:00Z"
    for path in ("preview", "status"):
        answer = scene.ask(f"{FLEET}/autoUpgradeProfiles/missing/{path}")
        assert (answer.status_code, answer.json()["error"]["code"]) == (404, "ResourceNotFound")
    unsigned = scene.stack.host.http.get(f"/api{RAPID}/status")
    assert unsigned.status_code == 401


def test_a_trigger_that_fleet_refuses_is_in_the_status_with_its_error(scene: Scene) -> None:
    refusal: JsonObject = {"error": {"code": "InvalidParameter", "message": "the fleet says no"}}
    scene.stack.emulator.set_faults(
        [{"method": "PUT", "path": "/updateRuns/", "times": 50, "action": "status", "status": 400, "body": refusal}]
    )
    scene.release("1.34.2")
    scene.rest()

    status = scene.ask(f"{RAPID}/status").json()["autoUpgradeProfileStatus"]
    assert status["lastTriggerStatus"] == "Failed"
    assert "the fleet says no" in status["lastTriggerError"]["message"]
