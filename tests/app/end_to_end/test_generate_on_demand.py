"""The HTTP function: it answers as ARM does, creates for review unless asked to start, and returns what exists."""

from __future__ import annotations

import pytest

from tests.app.end_to_end.scene import FLEET, LAB, RAPID, Scene
from tools.json_value import JsonObject


def test_a_run_is_created_for_review_and_not_started(scene: Scene) -> None:
    scene.release()
    answer = scene.stack.host.generate_update_run(LAB)

    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("application/json")
    [run] = [run for run in scene.runs() if "lab" in str(run["id"]).rpartition("/")[2]]
    assert answer.json() == {"id": run["id"]}
    assert run["state"] == "NotStarted"


def test_the_same_specification_gives_back_the_same_run(scene: Scene) -> None:
    scene.release()
    first = scene.stack.host.generate_update_run(LAB)
    second = scene.stack.host.generate_update_run(LAB)

    assert second.json() == first.json()
    assert len([entry for entry in scene.journal("runCreated") if "lab" in str(entry["run"])]) == 1


def test_start_true_starts_it_also_when_it_was_there_for_review(scene: Scene) -> None:
    scene.release()
    scene.stack.host.generate_update_run(LAB)
    answer = scene.stack.host.generate_update_run(LAB, start=True)
    again = scene.stack.host.generate_update_run(LAB, start=True)
    scene.pass_time(hours=3)

    assert answer.status_code == again.status_code == 200
    assert scene.versions("lab-one", "lab-two") == ["1.34.2", "1.34.2"]
    assert len([entry for entry in scene.journal("runStarted") if "lab" in str(entry["run"])]) == 1


def test_a_run_created_for_review_is_never_started_by_a_trigger(scene: Scene) -> None:
    scene.stack.emulator.unsubscribe("aks")
    scene.release()
    assert scene.stack.host.generate_update_run(RAPID).status_code == 200
    scene.stack.subscribe(scene.stack.host)

    scene.reconcile()
    scene.pass_time(days=1)
    scene.reconcile()

    assert [run["state"] for run in scene.runs()] == ["NotStarted"]
    assert scene.journal("runStarted") == []


def test_nothing_to_upgrade_is_a_conflict_that_says_so(scene: Scene) -> None:
    answer = scene.stack.host.generate_update_run(RAPID)

    assert answer.status_code == 409
    assert answer.json()["error"]["code"] == "UpToDate"


def test_an_unknown_profile_is_not_found(scene: Scene) -> None:
    answer = scene.stack.host.generate_update_run(f"{FLEET}/autoUpgradeProfiles/missing")

    assert answer.status_code == 404
    assert answer.json()["error"]["code"] == "ResourceNotFound"
    assert "missing" in answer.json()["error"]["message"]


@pytest.mark.parametrize(
    ("body", "target", "says"),
    [
        (b"{", "body", "JSON"),
        (b"[]", "body", "a JSON object"),
        (b'{"start": "yes"}', "body.start", "true or false"),
        (b'{"begin": true}', "body.begin", "start"),
    ],
)
def test_a_bad_body_is_refused_with_the_field_and_what_would_be_right(
    scene: Scene, body: bytes, target: str, says: str
) -> None:
    host = scene.stack.host
    answer = host.http.post(
        f"/api{RAPID}/generateUpdateRun", content=body, headers={"x-functions-key": host.function_key}
    )

    error = answer.json()["error"]
    assert answer.status_code == 400
    assert (error["code"], error["target"]) == ("InvalidRequest", target)
    assert says in error["message"]
    assert "Traceback" not in answer.text


def test_a_wrong_key_is_refused(scene: Scene) -> None:
    host = scene.stack.host
    url = f"/api{RAPID}/generateUpdateRun"

    assert host.http.post(url).status_code == 401
    assert host.http.post(url, headers={"x-functions-key": "wrong"}).status_code == 401


def test_throttling_by_arm_is_reported_with_when_to_retry(scene: Scene) -> None:
    fault: JsonObject = {"action": "status", "status": 429, "headers": {"Retry-After": "0"}, "times": 10}
    scene.stack.emulator.set_faults([{"method": "GET", "path": "/autoUpgradeProfiles$", **fault}])

    answer = scene.stack.host.generate_update_run(RAPID)

    assert answer.status_code == 503
    assert answer.json()["error"]["code"] == "Throttled"
    assert int(answer.headers["retry-after"]) > 0
