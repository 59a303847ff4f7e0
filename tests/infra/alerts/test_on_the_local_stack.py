"""From fault to alert: a fault in the local stack, the telemetry it makes the real app send, the rules over that."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from tests.app.end_to_end.arm import arm_client, publish, upgrade_on_sundays_only
from tests.app.end_to_end.scene import FLEET, RAPID, START, SUBSCRIPTION, Scene, options
from tests.app.end_to_end.storage import peek, send
from tests.app.end_to_end.test_exactly_once import a_release_event
from tests.infra.alerts.evaluation import RESOURCE_GRAPH_RULES, RULES, WORKSPACE_RULES, alerts, alerts_between, measure
from tests.infra.alerts.workspace import Workspace
from tests.processes.stack import Stack
from tools.checks.kusto.queries import alert_query
from tools.json_value import Json

SCHEDULES = {
    "AUTO_UPGRADE_DETECT_SCHEDULE": "0 */10 * * * *",
    "AUTO_UPGRADE_RECONCILE_SCHEDULE": "0 0 * * * *",
    "AUTO_UPGRADE_WATCH_SCHEDULE": "0 */5 * * * *",
}
"""Those that the templates deploy, and the rules' windows are made for."""

LEGACY = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/legacy/providers/Microsoft.ContainerService/fleets/legacy"
TOLERANT = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/tolerant/providers/Microsoft.ContainerService/fleets/tolerant"
GATE: Json = {"displayName": "go?", "type": "Approval"}

Fired = Mapping[str, list[Mapping[str, str]]]
"""The dimensions of the alerts that fire, by rule."""


@contextmanager
def observed(world: str = "world", settings: Mapping[str, str] | None = None) -> Iterator[Scene]:
    """A running stack whose app sends telemetry."""
    timeline = "timeline.json" if world == "world" else f"{world}-timeline.json"
    made = options(settings, world=f"{world}.yaml", timeline=timeline)
    with Stack(replace(made, telemetry=True)) as stack:
        yield Scene(stack)


@pytest.fixture
def scene() -> Iterator[Scene]:
    """With the small world; timers run when a test runs them."""
    with observed() as running:
        yield running


@pytest.fixture
def policies() -> Iterator[Scene]:
    """With fleets that are behind, or tolerate failures; timers run when a test runs them."""
    with observed("policies") as running:
        yield running


@pytest.fixture
def on_schedule() -> Iterator[Scene]:
    """With the small world, and timers that run by themselves."""
    with observed(settings=SCHEDULES) as running:
        yield running


def over_the_workspace(scene: Scene) -> Fired:
    workspace = Workspace.from_file(scene.stack.telemetry_file)
    fired = {name: [alert.dimensions for alert in alerts(name, workspace, scene.now())] for name in WORKSPACE_RULES}
    return {name: dimensions for name, dimensions in fired.items() if dimensions}


def over_resource_graph(scene: Scene) -> Fired:
    fired: dict[str, list[Mapping[str, str]]] = {}
    with arm_client(scene.stack) as http:
        for name in RESOURCE_GRAPH_RULES:
            query = alert_query(RULES[name]).runnable
            path = "/providers/Microsoft.ResourceGraph/resources?api-version=2021-03-01"
            answer = http.post(path, json={"query": query, "subscriptions": [SUBSCRIPTION]})
            assert answer.status_code == 200, answer.text
            fired[name] = [alert.dimensions for alert in measure(RULES[name], answer.json()["data"])]
    return {name: dimensions for name, dimensions in fired.items() if dimensions}


def looked_well(scene: Scene) -> None:
    """Both timers succeed at this time, so that nothing is silent."""
    scene.detect()
    scene.reconcile()


def run_id(scene: Scene, fleet: str = FLEET) -> str:
    [run] = [run for run in scene.runs() if str(run["id"]).startswith(f"{fleet}/")]
    return str(run["id"])


def refuse(scene: Scene, path: str, status: int, code: str, **more: Json) -> None:
    """From now on Azure refuses calls to a path."""
    error: Json = {"error": {"code": code, "message": f"{code}, says the test."}}
    scene.stack.emulator.set_faults(
        [{"path": path, "action": "status", "status": status, "body": error, "times": None, **more}]
    )


def step(scene: Scene, until: datetime, minutes: int = 10) -> None:
    """Let time pass slowly enough for every timer to come each time it is due."""
    while scene.now() < until:
        scene.pass_time(minutes=minutes)


def test_no_alert_fires_while_a_release_is_rolled_out_and_all_goes_well(on_schedule: Scene) -> None:
    on_schedule.rest()
    step(on_schedule, START + timedelta(hours=1))
    on_schedule.release("1.34.2")
    step(on_schedule, START + timedelta(hours=4))

    assert on_schedule.versions("shop-one", "shop-two") == ["1.34.2"] * 2
    workspace = Workspace.from_file(on_schedule.stack.telemetry_file)
    start, end = START + timedelta(hours=1), on_schedule.now()
    assert [one for name in WORKSPACE_RULES for one in alerts_between(name, workspace, start, end)] == []
    assert over_resource_graph(on_schedule) == {}


def test_a_lost_permission_is_an_alert_at_once_and_silence_is_one_after_three_periods(on_schedule: Scene) -> None:
    step(on_schedule, START + timedelta(hours=1))
    refuse(on_schedule, "Microsoft.ResourceGraph", 403, "AuthorizationFailed")
    on_schedule.pass_time(minutes=10)
    at_once = over_the_workspace(on_schedule)
    step(on_schedule, START + timedelta(hours=4))

    assert at_once == {"access-denied": [{}]}
    later = over_the_workspace(on_schedule)
    assert {"access-denied", "detection-silent", "reconcile-silent", "function-failing", "work-failed"} == set(later)
    assert later["detection-silent"] == later["reconcile-silent"] == [{}]
    assert {"function": "detect_releases"} in later["function-failing"]


def test_throttling_that_goes_on_is_an_alert(scene: Scene) -> None:
    looked_well(scene)
    refuse(scene, "Microsoft.ResourceGraph", 429, "RateLimiting", headers={"Retry-After": "0"})
    before = over_the_workspace(scene)
    for _ in range(3):
        scene.pass_time(minutes=10)
        scene.reconcile()

    assert before == {}
    assert over_the_workspace(scene)["azure-throttled"] == [{"service": "ResourceGraph"}]


def test_a_failed_run_is_an_alert_and_then_blocks_its_profile(scene: Scene) -> None:
    scene.change("shop-one", failUpgrades={"times": 1, "provisioningState": "Succeeded"})
    scene.detect()
    scene.release("1.34.2")
    looked_well(scene)
    scene.pass_time(minutes=30)
    scene.watch()
    failed = run_id(scene)

    assert over_the_workspace(scene) == {"run-failed": [{"run_id": failed, "profile_id": RAPID}]}
    assert over_resource_graph(scene) == {"run-failed-in-azure": [{"run_id": failed, "fleet_id": FLEET}]}
    scene.reconcile()
    assert over_the_workspace(scene)["profile-blocked"] == [{"profile_id": RAPID, "reason": "RunFailed"}]


def test_a_run_that_went_on_without_a_cluster_is_an_alert(policies: Scene) -> None:
    policies.change("left", failUpgrades={"times": 1, "provisioningState": "Succeeded"})
    policies.detect()
    policies.release("1.34.2")
    looked_well(policies)
    policies.pass_time(minutes=59)
    policies.watch()
    run = run_id(policies, TOLERANT)

    fired = over_the_workspace(policies)
    profile = f"{TOLERANT}/autoUpgradeProfiles/rapid"
    assert fired["run-completed-with-failures"] == [{"run_id": run, "profile_id": profile}]
    of_azure = over_resource_graph(policies)
    assert of_azure == {"run-completed-with-failures-in-azure": [{"run_id": run, "fleet_id": TOLERANT}]}


def test_a_run_that_waits_for_a_maintenance_window_is_an_alert_after_three_days(scene: Scene) -> None:
    clusters = [str(scene.member(name)["cluster"]) for name in ("shop-one", "shop-two")]
    upgrade_on_sundays_only(scene.stack, clusters)
    scene.detect()
    scene.release("1.34.2")
    looked_well(scene)
    scene.pass_time(days=2.9)
    looked_well(scene)
    scene.watch()
    before = over_the_workspace(scene)
    scene.pass_time(days=0.2)
    looked_well(scene)
    scene.watch()

    assert before == {}
    run = run_id(scene)
    assert over_the_workspace(scene) == {"run-pending": [{"run_id": run, "pending_reason": "MaintenanceWindow"}]}


def test_a_gate_that_waits_for_approval_is_an_alert(scene: Scene) -> None:
    looked_well(scene)
    stage: Json = {"name": "all", "beforeGates": [GATE], "groups": [{"name": "rapid"}]}
    upgrade: Json = {"type": "Full", "kubernetesVersion": "1.34.1"}
    body: Json = {"properties": {"managedClusterUpdate": {"upgrade": upgrade}, "strategy": {"stages": [stage]}}}
    with arm_client(scene.stack) as http:
        http.put(f"{FLEET}/updateRuns/by-hand?api-version=2026-06-01", json=body).raise_for_status()
        http.post(f"{FLEET}/updateRuns/by-hand/start?api-version=2026-06-01").raise_for_status()
        scene.rest()
        [gate] = http.get(f"{FLEET}/gates?api-version=2026-06-01").json()["value"]

    waiting = {"run_id": f"{FLEET}/updateRuns/by-hand", "gate_id": gate["id"]}
    assert over_the_workspace(scene) == {"gate-waiting": [waiting]}
    assert over_resource_graph(scene) == {"gate-waiting-in-azure": [waiting]}


def test_clusters_that_a_freeze_holds_back_are_an_alert_after_two_weeks(scene: Scene) -> None:
    scene.detect()
    scene.tag(FLEET, freeze="2026-01-01/2026-03-01")
    scene.release("1.34.2")
    looked_well(scene)
    scene.pass_time(days=14)
    looked_well(scene)
    before = over_the_workspace(scene)
    scene.pass_time(days=1)
    looked_well(scene)

    assert before == {}
    assert over_the_workspace(scene) == {"clusters-behind": [{"profile_id": RAPID}]}


def test_a_cluster_out_of_support_is_an_alert(policies: Scene) -> None:
    looked_well(policies)
    before = over_the_workspace(policies)
    policies.change("old", kubernetesVersion="1.27.9")
    policies.pass_time(hours=1)
    policies.reconcile()

    assert "clusters-out-of-support" not in before
    fired = over_the_workspace(policies)
    assert fired["clusters-out-of-support"] == [{"profile_id": f"{LEGACY}/autoUpgradeProfiles/rapid"}]


def test_what_cannot_be_understood_is_an_alert(scene: Scene) -> None:
    nameless: Json = {"totalRecords": 1, "count": 1, "resultTruncated": "false", "facets": [], "data": [{"id": ""}]}
    fault: dict[str, Json] = {"path": "Microsoft.ResourceGraph", "action": "status", "status": 200, "body": nameless}
    scene.stack.emulator.set_faults([fault])
    scene.reconcile()
    scene.detect()

    assert over_the_workspace(scene) == {"unreadable": [{"what": "estate"}]}


def test_events_that_the_app_never_takes_are_dead_lettered_and_an_alert(scene: Scene) -> None:
    looked_well(scene)
    began = scene.now()
    publish(scene.stack, {**a_release_event(scene), "data": {"region": "no region"}})
    looked_well(scene)
    scene.pass_time(hours=25)

    workspace = Workspace.from_file(scene.stack.telemetry_file)
    fired = list(alerts_between("events-dead-lettered", workspace, began, scene.now()))
    assert fired[0][0] - began > timedelta(hours=12), "after many attempts"
    [dimensions] = {tuple(sorted(alert.dimensions.items())) for _, alert in fired}
    assert dict(dimensions)["metric"] == "DeadLetteredCount"


def test_messages_that_fail_too_often_wait_in_the_poison_queue_and_are_an_alert(scene: Scene) -> None:
    looked_well(scene)
    scene.pass_time(minutes=1)
    refuse(scene, "/fleets/retail", 429, "TooManyRequests", headers={"Retry-After": "3600"})
    scene.release("1.34.2")
    scene.rest()
    step(scene, scene.now() + timedelta(minutes=12), minutes=1)
    scene.watch()

    assert over_the_workspace(scene)["messages-poisoned"] == [{"queue": "evaluate-profile"}]
    [message] = peek(scene.stack, "evaluate-profile-poison")
    assert json.loads(message)["profileId"] == RAPID
    assert scene.runs() == []

    scene.stack.emulator.set_faults([])
    send(scene.stack, "evaluate-profile", message)
    scene.rest(others_send=True)
    assert len(scene.journal("runStarted")) == 1, "a person put the message back"
