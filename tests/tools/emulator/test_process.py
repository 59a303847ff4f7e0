"""The process: it starts, serves over TLS, breaks connections off to order, and ends."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import httpx
import pytest

from tests.processes.forked_process import ForkedProcess
from tests.tools.emulator.builders import SUBSCRIPTION
from tests.tools.emulator.emulator_process import (
    DEADLINE_SECONDS,
    EmulatorProcess,
    emulator_arguments,
    emulator_client,
)
from tests.tools.emulator.webhook import Webhook
from tools.paths import ROOT

SOON_SECONDS = 15
"""On a busy machine; half of what the client would wait."""

CLUSTERS = f"/subscriptions/{SUBSCRIPTION}/providers/Microsoft.ContainerService/managedClusters?api-version=2026-08-01"


@pytest.fixture(scope="module")
def emulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmulatorProcess]:
    with EmulatorProcess(tmp_path_factory.mktemp("emulator")) as running:
        running.authorize()
        yield running


def test_the_ready_line_says_where_everything_is(emulator: EmulatorProcess) -> None:
    assert set(emulator.ready) == {"endpoint", "caBundle", "identityEndpoint", "identityHeader"}
    assert emulator.ready["identityEndpoint"] == f"{emulator.ready['endpoint']}/msi/token"
    assert Path(emulator.ready["caBundle"]).with_name("server.key.pem").is_file()


def test_resource_graph_sees_the_estate(emulator: EmulatorProcess) -> None:
    body = {"query": "aksresources | where type =~ 'microsoft.containerservice/fleets/members' | project id"}
    response = emulator.http.post("/providers/Microsoft.ResourceGraph/resources?api-version=2021-03-01", json=body)
    assert response.json()["totalRecords"] == 16


def test_the_release_tracker_names_the_regions(emulator: EmulatorProcess) -> None:
    assert "Southeast Asia" in emulator.http.get("/webpage/parsed_data.json").text


@pytest.mark.parametrize("action", ["lostResponse", "dropConnection"])
def test_a_connection_is_broken_off_without_a_response(emulator: EmulatorProcess, action: str) -> None:
    fault = {"method": "GET", "path": "managedClusters", "action": action}
    emulator.http.put("/emulator/faults", json={"faults": [fault]}).raise_for_status()
    with pytest.raises(httpx.RemoteProtocolError):
        emulator.http.get(CLUSTERS)
    assert emulator.http.get(CLUSTERS).status_code == 200


def test_new_versions_are_announced_to_subscribers_of_aks_cluster_by_cluster(emulator: EmulatorProcess) -> None:
    with Webhook() as webhook:
        subscription = {"source": "aks", "endpoint": webhook.url, "deliverySchema": "EventGridSchema"}
        emulator.http.put("/emulator/eventgrid/subscriptions/s", json=subscription).raise_for_status()
        emulator.http.post("/emulator/clock", json={"to": "2025-01-19T00:00:00Z"}).raise_for_status()
        assert emulator.http.get("/emulator/idle").json()["idle"] is True
        emulator.http.delete("/emulator/eventgrid/subscriptions/s").raise_for_status()
    clusters = emulator.http.get(CLUSTERS).json()["value"]
    in_first_region = {cluster["name"] for cluster in clusters if cluster["location"] == "westus2"}
    assert {event["subject"] for event in webhook.events} == in_first_region
    assert len(webhook.events) == len(in_first_region)


def test_gates_and_node_pools_are_announced_to_their_subscribers(emulator: EmulatorProcess) -> None:
    fleet = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/platform/providers/Microsoft.ContainerService/fleets/retail"
    run, api = f"{fleet}/updateRuns/gated", "api-version=2026-06-01"
    stage = {
        "name": "legacy",
        "groups": [{"name": "legacy"}],
        "beforeGates": [{"displayName": "go?", "type": "Approval"}],
    }
    upgrade = {"type": "Full", "kubernetesVersion": "1.30.5"}
    body = {"properties": {"managedClusterUpdate": {"upgrade": upgrade}, "strategy": {"stages": [stage]}}}
    with Webhook() as webhook:
        subscription = {"source": "gates", "endpoint": webhook.url, "deliverySchema": "EventGridSchema"}
        emulator.http.put("/emulator/eventgrid/subscriptions/gates", json=subscription).raise_for_status()
        emulator.http.put(f"{run}?{api}", json=body).raise_for_status()
        emulator.http.post(f"{run}/start?{api}").raise_for_status()
        [gate] = emulator.http.get(f"{fleet}/gates?{api}").json()["value"]
        approval = {"properties": {"state": "Completed"}}
        emulator.http.patch(f"{fleet}/gates/{gate['name']}?{api}", json=approval).raise_for_status()
        emulator.http.delete(f"{run}?{api}").raise_for_status()
        wait_until_idle(emulator)
        emulator.http.delete("/emulator/eventgrid/subscriptions/gates").raise_for_status()

    received = {event["eventType"]: event for event in webhook.events}
    kind = "Microsoft.ResourceNotifications.AksResources.FleetGate"
    assert {*received} == {f"{kind}Created", f"{kind}Updated", f"{kind}Deleted"}
    created = received[f"{kind}Created"]
    assert (created["topic"], created["subject"]) == (f"/subscriptions/{SUBSCRIPTION}", gate["id"])
    data = cast("dict[str, dict[str, object]]", created["data"])
    assert data["resourceInfo"] == {key: gate[key] for key in ("id", "name", "type", "properties")}
    assert str(data["operationalInfo"]["resourceEventTime"]).endswith("+00:00")


def wait_until_idle(emulator: EmulatorProcess) -> None:
    """Until every delivery has a response."""
    deadline = time.monotonic() + 30
    while not emulator.http.get("/emulator/idle").json()["idle"]:
        assert time.monotonic() < deadline


def test_it_ends_soon_on_a_signal_though_a_client_waits_and_says_nothing(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tools.emulator", *emulator_arguments(tmp_path)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout is not None
    ready = json.loads(process.stdout.readline())
    with emulator_client(ready) as http:
        until = "/emulator/clock/wait?until=2099-01-01T00:00:00Z&timeout=30"
        waiting = threading.Thread(target=lambda: http.get(until))
        waiting.start()
        assert http.get("/emulator/clock").status_code == 200
        began = time.monotonic()
        process.send_signal(signal.SIGTERM)
        stdout, stderr = process.communicate(timeout=DEADLINE_SECONDS)
        assert time.monotonic() - began < SOON_SECONDS
        waiting.join()
    assert (process.returncode, stdout, stderr) == (0, "", "")


def test_time_can_run_by_itself(tmp_path: Path) -> None:
    with EmulatorProcess(tmp_path, "--rate", "1000000", "--start", "2025-01-18T00:00:00Z") as running:
        entries = running.http.get("/emulator/journal?after=0&wait=20").json()["entries"]
        assert (entries[0]["kind"], entries[0]["at"]) == ("release", "2025-01-18T02:06:04.0000000Z")


def test_a_world_with_a_mistake_is_refused_with_its_place(tmp_path: Path) -> None:
    world = tmp_path / "world.yaml"
    world.write_text("regions: []")
    process = ForkedProcess("emulator", "tools.emulator", emulator_arguments(tmp_path, world=world), tmp_path / "log")
    assert (process.stdout.read(), process.wait(DEADLINE_SECONDS)) == ("", 2)
    process.stop()
    assert process.log.read_text() == f"emulator: {world}:1: the document: 'subscription' is missing\n"
