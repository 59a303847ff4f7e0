"""What the running app sends to Application Insights: by the real exporter, over TLS, with the app's identity."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.app.end_to_end.arm import arm_client, upgrade_on_sundays_only
from tests.app.end_to_end.scene import FLEET, RAPID, START, Scene, options
from tests.app.end_to_end.telemetry import Telemetry
from tests.app.end_to_end.test_exactly_once import a_release_event, deliver
from tests.processes.stack import Stack
from tools.json_value import Json, JsonObject

API = "api-version=2026-06-01"


def telemetry_of(scene: Scene) -> Telemetry:
    return Telemetry(scene.stack.telemetry_file)


def upgrade_under_way(scene: Scene) -> None:
    """A release is detected, and its run has begun."""
    scene.detect()
    scene.release("1.34.2")
    scene.pass_time(minutes=5)
    scene.detect()


def test_one_trace_leads_from_a_release_to_the_watching_of_its_run(observed: Scene) -> None:
    upgrade_under_way(observed)
    observed.pass_time(minutes=10)
    observed.watch()
    sent = telemetry_of(observed)

    [generated] = sent.events("run_generated")
    trace = str(generated["OperationId"])
    for name in ("decision", "run_started", "run_watched"):
        assert trace in {row["OperationId"] for row in sent.events(name)}, name
    detected = [row for row in sent.events("release_detected") if row["OperationId"] == trace]
    assert {row["Properties"]["region"] for row in detected if isinstance(row["Properties"], dict)} == {
        "westus2",
        "eastus",
    }
    assert {
        "detect releases",
        "release event",
        "evaluate estate",
        "evaluate profile",
        "generate run",
        "start run",
        "watch run",
    } <= sent.spans(trace)


def test_every_invocation_is_a_request_and_rows_have_the_emulated_time(observed: Scene) -> None:
    observed.watch()  # the first invocation sets telemetry up, too late for the host to tell of it
    observed.pass_time(hours=2)
    observed.detect()
    sent = telemetry_of(observed)
    observed.watch()  # what the host reports of an invocation goes out with the next one at the latest
    sent.wait_for(lambda: any(row["Name"] == "detect_releases" for row in sent.rows("AppRequests")))

    [request] = [row for row in sent.rows("AppRequests") if row["Name"] == "detect_releases"]
    assert request["Success"] is True
    moment = (START + timedelta(hours=2)).strftime("%Y-%m-%dT%H:%M:%S.0000000Z")
    assert {row["TimeGenerated"] for row in sent.events("detection_succeeded")} == {moment}


def test_where_a_profile_stands_is_reported_in_clusters_versions_and_days(observed: Scene) -> None:
    observed.detect()
    observed.tag(FLEET, freeze="2026-01-01/2026-02-01")
    observed.release("1.34.2")
    observed.detect()
    observed.pass_time(days=3)
    observed.reconcile()
    sent = telemetry_of(observed)

    state = [row for row in sent.properties("profile_state") if row["profile"] == "rapid"][-1]
    assert (state["clusters_behind"], state["versions_behind"], state["days_behind"]) == ("2", "1", "3")
    assert (state["outcome"], state["reason"], state["target"]) == ("Waiting", "Freeze", "1.34.2")
    measured = [row for row in sent.rows("AppMetrics") if row["Name"] == "days_behind"]
    assert {"profile_id": RAPID} in [row["Properties"] for row in measured]


def test_a_gate_that_waits_for_approval_is_reported_as_soon_as_the_run_reaches_it(observed: Scene) -> None:
    gate = [{"displayName": "go?", "type": "Approval"}]
    stage = {"name": "all", "beforeGates": gate, "groups": [{"name": "rapid"}]}
    upgrade = {"type": "Full", "kubernetesVersion": "1.34.1"}
    body = {"properties": {"managedClusterUpdate": {"upgrade": upgrade}, "strategy": {"stages": [stage]}}}
    with arm_client(observed.stack) as http:
        http.put(f"{FLEET}/updateRuns/by-hand?{API}", json=body).raise_for_status()
        http.post(f"{FLEET}/updateRuns/by-hand/start?{API}").raise_for_status()
    observed.rest()
    sent = telemetry_of(observed)

    [event] = sent.properties("gate_pending")
    assert (event["run"], event["stage"], event["group"], event["timing"]) == ("by-hand", "all", "", "Before")
    assert (event["display_name"], event["waiting_days"], event["fleet_id"]) == ("go?", "0", FLEET)


def test_what_a_pending_run_waits_for_and_how_long_is_reported(observed: Scene) -> None:
    clusters = [str(observed.member(name)["cluster"]) for name in ("shop-one", "shop-two")]
    upgrade_on_sundays_only(observed.stack, clusters)
    upgrade_under_way(observed)
    observed.pass_time(days=2)
    observed.watch()

    event = telemetry_of(observed).properties("run_watched")[-1]
    assert (event["state"], event["pending_reason"]) == ("Pending", "MaintenanceWindow")
    assert float(str(event["pending_days"])) == pytest.approx(2, abs=0.1)


def test_an_identity_that_lost_a_permission_is_reported_with_what_it_may_not_do(observed: Scene) -> None:
    denied: Json = {"error": {"code": "AuthorizationFailed", "message": "The client does not have authorization."}}
    fault: JsonObject = {
        "path": "Microsoft.ResourceGraph",
        "action": "status",
        "status": 403,
        "body": denied,
        "times": 1,
    }
    observed.stack.emulator.set_faults([fault])
    observed.stack.host.invoke("reconcile")
    observed.rest()
    sent = telemetry_of(observed)

    [event] = sent.properties("access_denied")
    assert "may not query Resource Graph" in str(event["sentence"])
    assert [row["ExceptionType"] for row in sent.rows("AppExceptions")] == ["AccessDeniedError"]


def test_throttling_is_reported_and_counted(observed: Scene) -> None:
    fault: JsonObject = {
        "path": "kubernetesVersions",
        "action": "status",
        "status": 429,
        "headers": {"Retry-After": "1"},
    }
    observed.stack.emulator.set_faults([fault])
    observed.detect()
    sent = telemetry_of(observed)

    [event] = sent.properties("throttled")
    assert (event["service"], event["retry_after_seconds"]) == ("ResourceManager", "1")
    counted = [row for row in sent.rows("AppMetrics") if row["Name"] == "azure_calls_throttled"]
    assert [(row["Sum"], row["Properties"]) for row in counted] == [(1, {"service": "ResourceManager"})]


def test_no_token_and_no_key_is_in_any_signal_or_log(observed: Scene) -> None:
    upgrade_under_way(observed)
    observed.ask(f"{RAPID}/preview")
    observed.stack.host.invoke("reconcile")
    observed.pass_time(hours=2)
    observed.watch()

    host = observed.stack.host
    secrets = [host.function_key, host.master_key, observed.stack.identity["IDENTITY_HEADER"]]
    written = [file for file in observed.stack.directory.iterdir() if file.suffix in {".log", ".jsonl"}]
    assert {"telemetry.jsonl", "host.jsonl", "host.log", "emulator.log"} <= {file.name for file in written}
    for file in written:
        text = file.read_text()
        assert [secret for secret in secrets if secret in text] == [], file.name
        assert re.search(r"eyJ[\w-]{10,}\.[\w-]{10,}\.", text) is None, f"{file.name}: a token"


def test_no_text_of_a_body_or_an_event_is_in_any_signal_or_log(observed: Scene) -> None:
    """The sweep through every function is in tests/functions; this is what the exporter and the host make of it."""
    host, marker = observed.stack.host, "a text, for no log"
    key = {"code": host.function_key}
    generate = f"/api{RAPID}/generateUpdateRun"
    bodies: list[Json] = [marker, {marker: 1}, {"start": marker}, {"schemaId": marker}]
    for path in ("/api/alerts", generate):
        answers = [host.http.post(path, params=key, json=body) for body in bodies]
        answers.append(host.http.post(path, params=key, content=marker))
        assert {answer.status_code for answer in answers} == {400}
    events: list[JsonObject] = [{"data": {"region": marker, "profileId": marker}}, {"eventType": marker}]
    for function in ("release_events", "gate_events"):
        for fields in events:
            event = {**a_release_event(observed), **fields}
            assert deliver(host, function, event).status_code == 500

    observed.watch()
    sent = telemetry_of(observed)
    assert len(sent.properties("request_refused")) == 2 * (len(bodies) + 1)
    assert len(sent.rows("AppExceptions")) == 2 * len(events)
    written = [file for file in observed.stack.directory.iterdir() if file.suffix in {".log", ".jsonl"}]
    for file in written:
        assert marker not in file.read_text(), file.name


def test_a_malformed_setting_is_reported_by_name() -> None:
    settings = {"AUTO_UPGRADE_CATALOG_MAX_AGE": "1 hour"}
    with Stack(replace(options(settings), telemetry=True)) as stack:
        stack.host.invoke("detect_releases")
        scene = Scene(stack)
        scene.rest()
        [event] = telemetry_of(scene).properties("failed")

    assert event["work"] == "detect releases"
    assert str(event["sentence"]).startswith("AUTO_UPGRADE_CATALOG_MAX_AGE is '1 hour'; expected ")
