"""One run for each specification, started once, with concurrent callers and workers that stop; nothing is forgotten."""

from __future__ import annotations

import uuid
from concurrent.futures import Future, ThreadPoolExecutor

import httpx

from tests.app.end_to_end.scene import RAPID, Scene
from tests.app.end_to_end.storage import send
from tools.json_value import JsonObject
from tools.stack.control import HostControl, as_text

COPIES = 10


def deliver(host: HostControl, function: str, event: JsonObject) -> httpx.Response:
    return host.http.post(host.webhook(function), json=[event], headers={"aeg-event-type": "Notification"})


def a_release_event(scene: Scene) -> JsonObject:
    return {
        "id": str(uuid.uuid4()),
        "topic": "/subscriptions/s/resourceGroups/g/providers/Microsoft.EventGrid/topics/auto-upgrade",
        "subject": "westus2",
        "eventType": "FleetAutoUpgrade.ReleaseDetected",
        "eventTime": as_text(scene.now()),
        "data": {"region": "westus2", "kubernetesVersions": ["1.34.2"], "nodeImages": [], "at": as_text(scene.now())},
        "dataVersion": "1.0",
        "metadataVersion": "1",
    }


DUE: JsonObject = {"profileId": RAPID}
"""A message that the profile is due."""


def test_ten_copies_of_one_message_at_once_give_one_run_started_once(scene: Scene) -> None:
    for subscription in ("aks", "releases"):
        scene.stack.emulator.unsubscribe(subscription)
    scene.release("1.34.2")

    send(scene.stack, "evaluate-profile", *[DUE] * COPIES)
    scene.rest(others_send=True)

    assert scene.invocations_of("evaluate_profile") == COPIES
    assert len(scene.journal("runCreated")) == 1
    assert len(scene.journal("runStarted")) == 1


def test_a_hundred_events_about_one_release_lead_to_one_evaluation(scene: Scene) -> None:
    scene.stack.emulator.unsubscribe("aks")
    scene.release("1.34.2")
    events = [a_release_event(scene) for _ in range(100)]
    with ThreadPoolExecutor(COPIES) as pool:
        answers = list(pool.map(lambda event: deliver(scene.stack.host, "release_events", event), events))
    scene.rest()

    assert {answer.status_code for answer in answers} == {202}
    assert len(scene.logged("reconcile_succeeded")) == 1
    assert len(scene.journal("runStarted")) == 1


def test_timer_events_and_two_instances_at_once_give_one_run_started_once(scene: Scene) -> None:
    _, second = scene.stack.start_host("second-host")
    scene.release("1.34.2")
    with ThreadPoolExecutor(6) as pool:
        calls: list[Future[object]] = [
            pool.submit(scene.stack.host.invoke, "reconcile"),
            pool.submit(second.invoke, "reconcile"),
            pool.submit(deliver, scene.stack.host, "release_events", a_release_event(scene)),
            pool.submit(deliver, second, "release_events", a_release_event(scene)),
            pool.submit(send, scene.stack, "evaluate-profile", DUE, DUE),
            pool.submit(second.invoke, "detect_releases"),
        ]
        for call in calls:
            call.result()
    scene.rest(second)

    assert len(scene.journal("runCreated")) == 1
    assert len(scene.journal("runStarted")) == 1


def test_a_lost_answer_to_the_creation_gives_one_run_started_once(scene: Scene) -> None:
    scene.stack.emulator.set_faults([{"method": "PUT", "path": "/updateRuns/", "times": 1, "action": "lostResponse"}])
    scene.release("1.34.2")
    scene.reconcile()

    assert len(scene.journal("runCreated")) == 1
    assert len(scene.journal("runStarted")) == 1


def test_a_lost_answer_to_the_start_gives_one_run_started_once(scene: Scene) -> None:
    scene.stack.emulator.set_faults([{"method": "POST", "path": "/start$", "times": 1, "action": "lostResponse"}])
    scene.release("1.34.2")
    scene.reconcile()
    scene.pass_time(hours=3)

    assert len(scene.journal("runCreated")) == 1
    assert len(scene.journal("runStarted")) == 1
    assert scene.versions("shop-one", "shop-two") == ["1.34.2", "1.34.2"]


def test_a_host_that_dies_between_creating_and_starting_leaves_a_run_that_the_next_one_starts(scene: Scene) -> None:
    scene.stack.emulator.set_faults(
        [{"method": "POST", "path": "/start$", "times": 1, "action": "status", "status": 503, "headers": {}}] * 50
    )
    scene.release("1.34.2")
    scene.wait_for("runCreated")
    scene.stack.host_process.kill()
    assert [run["state"] for run in scene.runs()] == ["NotStarted"]

    scene.stack.emulator.set_faults([])
    scene.stack.host_process, scene.stack.host = scene.stack.start_host("host-again")
    scene.stack.subscribe(scene.stack.host)
    scene.pass_time(minutes=15)  # an evaluation that died is over by then
    scene.reconcile()

    assert len(scene.journal("runCreated")) == 1
    assert len(scene.journal("runStarted")) == 1


def test_throttling_delays_and_loses_nothing(scene: Scene) -> None:
    throttled: JsonObject = {"action": "status", "status": 429, "headers": {"Retry-After": "1"}}
    scene.stack.emulator.set_faults(
        [
            {"method": "POST", "path": "ResourceGraph", "times": 1, **throttled},
            {"method": "GET", "path": "/kubernetesVersions", "times": 1, **throttled},
            {"method": "PUT", "path": "/updateRuns/", "times": 1, **throttled},
        ]
    )
    scene.release("1.34.2")
    scene.reconcile()

    assert len(scene.journal("runStarted")) == 1
