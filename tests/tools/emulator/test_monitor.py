"""Azure Monitor: what an app sends is kept as rows of Log Analytics' tables, at the emulated time of its moment."""

from __future__ import annotations

import gzip
import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette

from tests.tools.emulator.app_client import AppClient
from tests.tools.emulator.emulator_process import EmulatorProcess
from tests.tools.emulator.webhook import Webhook
from tools.emulator.identity import API_VERSION, Identity
from tools.emulator.monitor import Monitor
from tools.json_value import Json

AUDIENCE = "https://monitor.azure.com"
BACK = timedelta(days=365)
"""The emulated time lies a year before the machine's here."""

TAGS: dict[str, Json] = {
    "ai.operation.id": "4bf92f3577b34da6a3ce929d0e0e4736",
    "ai.operation.parentId": "00f067aa0ba902b7",
    "ai.operation.name": "watch runs",
    "ai.cloud.role": "the-app",
    "ai.cloud.roleInstance": "instance",
    "ai.internal.sdkVersion": "sdk",
    "ai.device.id": "no column has this",
}
COMMON: dict[str, Json] = {
    "TimeGenerated": "2025-11-24T12:00:00.2500000Z",
    "OperationId": "4bf92f3577b34da6a3ce929d0e0e4736",
    "ParentId": "00f067aa0ba902b7",
    "OperationName": "watch runs",
    "AppRoleName": "the-app",
    "AppRoleInstance": "instance",
    "SDKVersion": "sdk",
}


def envelope(base_type: str, *, at: Json = "2026-11-24T12:00:00.250000Z", **base_data: Json) -> dict[str, Json]:
    data: dict[str, Json] = {"baseType": base_type, "baseData": {"ver": 2, **base_data}}
    return {"name": f"Microsoft.ApplicationInsights.{base_type}", "time": at, "tags": TAGS, "data": data}


class Workspace:
    """A monitor, a client with its token, and the rows."""

    def __init__(self, file: Path) -> None:
        self._file = file
        identity = Identity("header", "tenant")
        self.monitor = Monitor(file, identity, lambda moment: moment - BACK)
        app = Starlette(routes=[*self.monitor.routes(), *identity.routes()])
        self.anonymous = AppClient(app)
        self.http = AppClient(app, {"Authorization": f"Bearer {self.token(AUDIENCE)}"})

    def token(self, resource: str) -> str:
        query = {"api-version": API_VERSION, "resource": resource}
        response = self.anonymous.get("/msi/token", params=query, headers={"X-IDENTITY-HEADER": "header"})
        return str(response.json()["access_token"])

    def track(self, *items: Json) -> httpx.Response:
        return self.http.request("POST", "/v2.1/track", json=list(items))

    def rows(self) -> list[dict[str, Json]]:
        return [json.loads(line) for line in self._file.read_text().splitlines()]


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    workspace = Workspace(tmp_path / "rows.jsonl")
    yield workspace
    workspace.monitor.close()


SPAN: dict[str, Json] = {"id": "986786d2564d89fc", "name": "watch runs", "duration": "1.02:03:04.5", "success": True}
MILLISECONDS = (26 * 3600 + 3 * 60 + 4.5) * 1000
ROWS: list[tuple[dict[str, Json], dict[str, Json]]] = [
    (
        envelope("EventData", name="run_started", properties={"run": "r", "restart": 1, "sentence": ""}),
        {
            "Table": "AppEvents",
            "Name": "run_started",
            "ItemCount": 1,
            "Properties": {"run": "r", "restart": "1", "sentence": ""},
        },
    ),
    (
        envelope("MessageData", message="It happened.", severityLevel=2),
        {"Table": "AppTraces", "Message": "It happened.", "SeverityLevel": 2, "ItemCount": 1, "Properties": {}},
    ),
    (
        envelope("ExceptionData", severityLevel="Error", exceptions=[{"typeName": "ValueError", "message": "no"}]),
        {
            "Table": "AppExceptions",
            "ExceptionType": "ValueError",
            "OuterMessage": "no",
            "Details": [{"typeName": "ValueError", "message": "no"}],
            "SeverityLevel": 3,
            "ItemCount": 1,
            "Properties": {},
        },
    ),
    (
        envelope(
            "MetricData", metrics=[{"name": "decisions", "value": 3, "count": 1}], properties={"outcome": "Start"}
        ),
        {
            "Table": "AppMetrics",
            "Name": "decisions",
            "Sum": 3,
            "Min": 3,
            "Max": 3,
            "ItemCount": 1,
            "Properties": {"outcome": "Start"},
        },
    ),
    (
        envelope("MetricData", metrics=[{"name": "duration", "value": 9.5, "min": 1, "max": 5, "count": 4}]),
        {"Table": "AppMetrics", "Name": "duration", "Sum": 9.5, "Min": 1, "Max": 5, "ItemCount": 4, "Properties": {}},
    ),
    (
        envelope("RequestData", **SPAN, responseCode="0", url="https://app/api"),
        {
            "Table": "AppRequests",
            "Id": "986786d2564d89fc",
            "Name": "watch runs",
            "Url": "https://app/api",
            "Success": True,
            "ResultCode": "0",
            "DurationMs": MILLISECONDS,
            "ItemCount": 1,
            "Properties": {},
        },
    ),
    (
        envelope("RemoteDependencyData", **SPAN, resultCode="200", type="InProc"),
        {
            "Table": "AppDependencies",
            "Id": "986786d2564d89fc",
            "Name": "watch runs",
            "Target": "",
            "DependencyType": "InProc",
            "Data": "",
            "Success": True,
            "ResultCode": "200",
            "DurationMs": MILLISECONDS,
            "ItemCount": 1,
            "Properties": {},
        },
    ),
]


@pytest.mark.parametrize(("item", "row"), ROWS, ids=[str(row["Table"]) for _, row in ROWS])
def test_each_kind_of_telemetry_becomes_a_row_of_its_table(
    workspace: Workspace, item: dict[str, Json], row: dict[str, Json]
) -> None:
    response = workspace.track(item)

    assert (response.status_code, response.json()) == (200, {"itemsReceived": 1, "itemsAccepted": 1, "errors": []})
    assert workspace.rows() == [{**COMMON, **row}]


def test_telemetry_of_an_unknown_kind_is_taken_and_not_shown(workspace: Workspace) -> None:
    response = workspace.track(envelope("SomethingNew"), envelope("EventData", name="known"))

    assert response.json()["itemsAccepted"] == 2
    assert [row["Name"] for row in workspace.rows()] == ["known"]


@pytest.mark.parametrize("at", ["2026-11-24T12:00:00.25Z", "2026-11-24T14:00:00.25+02:00", "2026-11-24T12:00:00.25"])
def test_a_row_shows_the_emulated_time_of_the_moment_it_was_reported(workspace: Workspace, at: str) -> None:
    workspace.track(envelope("EventData", name="e", at=at))

    assert workspace.rows()[0]["TimeGenerated"] == "2025-11-24T12:00:00.2500000Z"


@pytest.mark.parametrize("path", ["/v2.1/track", "//v2.1/track"])
def test_it_is_there_with_one_slash_and_with_two(workspace: Workspace, path: str) -> None:
    assert workspace.http.request("POST", f"https://emulator{path}", json=[]).status_code == 200


def body_of(items: list[dict[str, Json]]) -> str:
    return "\n".join(json.dumps(item) for item in items)


@pytest.mark.parametrize("end", ["", "\n", "\n\n"])
@pytest.mark.parametrize("is_compressed", [False, True])
def test_bodies_come_line_by_line_too_and_compressed(workspace: Workspace, end: str, *, is_compressed: bool) -> None:
    text = (body_of([envelope("EventData", name="a"), envelope("EventData", name="b")]) + end).encode()
    content = gzip.compress(text) if is_compressed else text

    headers = {"Content-Encoding": "gzip"} if is_compressed else {}
    response = workspace.http.request("POST", "/v2.1/track", content=content, headers=headers)

    assert (response.status_code, response.json()["itemsAccepted"]) == (200, 2)
    assert [row["Name"] for row in workspace.rows()] == ["a", "b"]


def test_a_compressed_list_is_read(workspace: Workspace) -> None:
    content = gzip.compress(json.dumps([envelope("EventData", name="a")]).encode())

    workspace.http.request("POST", "/v2.1/track", content=content, headers={"Content-Encoding": "gzip"})

    assert [row["Name"] for row in workspace.rows()] == ["a"]


@pytest.mark.parametrize("authorization", ["", "Bearer nonsense", "another audience"])
def test_without_a_token_for_it_nothing_is_taken(workspace: Workspace, authorization: str) -> None:
    if authorization == "another audience":
        authorization = f"Bearer {workspace.token('https://management.azure.com')}"
    response = workspace.anonymous.request(
        "POST", "/v2.1/track", json=[envelope("EventData", name="a")], headers={"Authorization": authorization}
    )

    assert (response.status_code, response.json()["itemsAccepted"]) == (401, 0)
    assert workspace.rows() == []


@pytest.mark.parametrize(
    ("content", "encoding"), [(b"{", ""), (b"\xff", ""), (b"[1", ""), (b"no gzip", "gzip"), (b"\x1f\x8b", "gzip")]
)
def test_a_body_that_cannot_be_read_is_refused(workspace: Workspace, content: bytes, encoding: str) -> None:
    response = workspace.http.request("POST", "/v2.1/track", content=content, headers={"Content-Encoding": encoding})

    assert (response.status_code, response.json()["itemsAccepted"]) == (400, 0)


@pytest.mark.parametrize("bad", [5, "text", {"data": {}}, envelope("EventData", at="soon", name="b")])
def test_an_item_that_cannot_be_read_spoils_no_other(workspace: Workspace, bad: Json) -> None:
    partly = workspace.track(envelope("EventData", name="a"), bad)
    wholly = workspace.track(bad)

    assert (partly.status_code, partly.json()["itemsReceived"], partly.json()["itemsAccepted"]) == (206, 2, 1)
    assert [(slip["index"], slip["statusCode"]) for slip in partly.json()["errors"]] == [(1, 400)]
    assert wholly.status_code == 400
    assert [row["Name"] for row in workspace.rows()] == ["a"]


def test_rows_are_added_to_those_of_an_earlier_start(workspace: Workspace, tmp_path: Path) -> None:
    workspace.track(envelope("EventData", name="a"))
    again = Workspace(tmp_path / "rows.jsonl")
    again.track(envelope("EventData", name="b"))
    again.monitor.close()

    assert [row["Name"] for row in workspace.rows()] == ["a", "b"]


@pytest.mark.slow
class TestProcess:
    """`--telemetry`: rows of what is sent, and of what Event Grid gave up on."""

    @pytest.fixture
    def file(self, tmp_path: Path) -> Path:
        return tmp_path / "telemetry.jsonl"

    @pytest.fixture
    def emulator(self, tmp_path: Path, file: Path) -> Iterator[EmulatorProcess]:
        with EmulatorProcess(tmp_path, "--telemetry", str(file), "--start", "2025-01-18T00:00:00Z") as running:
            yield running

    def authorization(self, emulator: EmulatorProcess, resource: str) -> dict[str, str]:
        response = emulator.http.get(
            emulator.ready["identityEndpoint"],
            params={"api-version": API_VERSION, "resource": resource},
            headers={"X-IDENTITY-HEADER": emulator.ready["identityHeader"]},
        )
        return {"Authorization": f"Bearer {response.json()['access_token']}"}

    def rows(self, file: Path) -> list[dict[str, Json]]:
        return [json.loads(line) for line in file.read_text().splitlines()]

    def test_telemetry_has_the_time_it_is_in_the_emulated_world(self, emulator: EmulatorProcess, file: Path) -> None:
        item = envelope("EventData", name="e", at=datetime.now(UTC).isoformat())
        headers = self.authorization(emulator, AUDIENCE)
        emulator.http.post("/v2.1/track", json=[item], headers=headers).raise_for_status()
        emulator.http.post("/emulator/clock", json={"to": "2025-01-18T01:00:00Z"}).raise_for_status()
        later = envelope("EventData", name="e", at=datetime.now(UTC).isoformat())
        emulator.http.post("/v2.1/track", json=[later, item], headers=headers).raise_for_status()

        hours = [str(row["TimeGenerated"])[:16] for row in self.rows(file)]
        assert hours == ["2025-01-18T00:00", "2025-01-18T01:00", "2025-01-18T00:00"]

    @pytest.mark.parametrize(("is_kept", "metric"), [(True, "DeadLetteredCount"), (False, "DroppedEventCount")])
    def test_an_event_that_is_given_up_is_a_row_of_its_topics_metric(
        self, emulator: EmulatorProcess, file: Path, tmp_path: Path, metric: str, *, is_kept: bool
    ) -> None:
        subscription: dict[str, Json] = {
            "source": "topic:app",
            "deliverySchema": "EventGridSchema",
            "maxDeliveryAttempts": 1,
            "deadLetterFile": str(tmp_path / "dead-letters.jsonl") if is_kept else None,
        }
        with Webhook() as webhook:
            body = {**subscription, "endpoint": webhook.url}
            emulator.http.put("/emulator/eventgrid/subscriptions/s", json=body).raise_for_status()
        event = {"id": "1", "subject": "s", "eventType": "T", "eventTime": "2025-01-18T00:00:00Z", "data": {}}
        emulator.http.post(
            "/eventgrid/topics/app/api/events?api-version=2018-01-01",
            json=[{**event, "dataVersion": "1"}],
            headers=self.authorization(emulator, "https://eventgrid.azure.net"),
        ).raise_for_status()
        wait_until_idle(emulator)
        emulator.http.post("/emulator/clock", json={"to": "2025-01-18T00:05:00Z"}).raise_for_status()

        [row] = self.rows(file)
        names = ("Table", "ResourceProvider", "ResourceId", "MetricName", "Total")
        assert [row[name] for name in names] == ["AzureMetrics", "MICROSOFT.EVENTGRID", "TOPIC:APP", metric, 1.0]
        assert row["TimeGenerated"] == f"2025-01-18T00:0{5 if is_kept else 0}:00.0000000Z"

    def test_without_it_there_is_no_endpoint(self, tmp_path: Path) -> None:
        with EmulatorProcess(tmp_path) as running:
            headers = self.authorization(running, AUDIENCE)
            assert running.http.post("/v2.1/track", json=[], headers=headers).status_code == 404


def wait_until_idle(emulator: EmulatorProcess) -> None:
    """Until every delivery has a response."""
    deadline = time.monotonic() + 30
    while not emulator.http.get("/emulator/idle").json()["idle"]:
        assert time.monotonic() < deadline
