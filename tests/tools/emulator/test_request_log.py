"""The log of requests."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tests.tools.emulator.app_client import AppClient
from tests.tools.emulator.builders import MONDAY
from tests.tools.emulator.lab import AKS, SUBSCRIPTION_PATH, Lab
from tools.emulator.request_log import RequestLog
from tools.json_value import Json

CLUSTERS = f"{SUBSCRIPTION_PATH}/providers/Microsoft.ContainerService/managedClusters"
TOKEN = "Bearer very-secret"


class Log:
    """A lab whose requests are noted."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._lab = Lab()
        self._log = RequestLog(self._lab.faults, file, lambda: MONDAY)
        self.http = AppClient(self._log, {"User-Agent": "tests", "Authorization": TOKEN})

    def fault(self, fault: Json) -> None:
        self._lab.control("PUT", "/faults", {"faults": [fault]})

    def entry(self) -> dict[str, Json]:
        """The only line, without what differs from run to run."""
        self._log.close()
        [line] = self._file.read_text(encoding="utf-8").splitlines()
        assert "secret" not in line
        entry: dict[str, Json] = json.loads(line)
        milliseconds = entry.pop("milliseconds")
        assert isinstance(milliseconds, float)
        assert milliseconds >= 0
        entry.pop("requestId", None)
        return entry


@pytest.fixture
def log(tmp_path: Path) -> Log:
    return Log(tmp_path / "requests.jsonl")


def test_each_request_is_a_line_without_its_token(log: Log) -> None:
    log.http.get(f"{CLUSTERS}?{AKS}", headers={"x-ms-client-request-id": "one", "If-None-Match": "*"})
    assert log.entry() == {
        "at": "2026-01-05T10:30:00.0000000Z",
        "method": "GET",
        "path": CLUSTERS,
        "query": AKS,
        "status": 401,
        "apiVersion": "2026-08-01",
        "clientRequestId": "one",
        "userAgent": "tests",
        "ifNoneMatch": "*",
    }


def test_a_write_is_shown_with_its_body(log: Log) -> None:
    log.http.request("PUT", f"{CLUSTERS}/a?{AKS}", json={"location": "westus2"})
    assert log.entry()["body"] == {"location": "westus2"}


@pytest.mark.parametrize("content", ["", "{", '{"filler": "' + "x" * 65_536 + '"}'])
def test_a_body_that_is_no_json_or_very_long_is_omitted(log: Log, content: str) -> None:
    log.http.request("PUT", f"{CLUSTERS}/a?{AKS}", content=content)
    assert "body" not in log.entry()


def test_the_endpoint_of_a_subscription_whose_query_is_its_key_is_omitted(log: Log) -> None:
    endpoint = "http://127.0.0.1/hook?code=secret"
    log.http.request("PUT", "/emulator/eventgrid/subscriptions/app", json={"endpoint": endpoint})
    assert "body" not in log.entry()


def test_keys_in_a_query_are_omitted(log: Log) -> None:
    log.http.get("/validate?code=secret&id=1&sig=secret&$skipToken=abc")
    assert log.entry()["query"] == "code=***&id=1&sig=***&$skipToken=abc"


def test_how_long_a_client_is_to_wait_is_logged(log: Log) -> None:
    log.fault({"path": "managedClusters", "action": "status", "status": 429, "headers": {"Retry-After": "7"}})
    log.http.get(CLUSTERS)
    entry = log.entry()
    assert (entry["status"], entry["retryAfter"]) == (429, "7")


def send_through_log(app: ASGIApp, file: Path) -> list[int]:
    """How many lines the file had at each message of the response to one request."""
    lines: list[int] = []

    async def send(message: Message) -> None:
        lines.append(len(file.read_text(encoding="utf-8").splitlines()))

    async def receive() -> Message:
        return {"type": "http.disconnect"}

    scope: Scope = {"type": "http", "method": "GET", "path": "/", "query_string": b"", "headers": []}
    log = RequestLog(app, file, lambda: MONDAY)
    asyncio.run(log(scope, receive, send))
    log.close()
    return lines


def test_a_client_that_has_its_response_finds_its_request_in_the_file(tmp_path: Path) -> None:
    async def respond(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body"})

    assert send_through_log(respond, tmp_path / "requests.jsonl") == [1, 1]


def test_a_request_without_a_response_is_a_line_without_a_status(tmp_path: Path) -> None:
    async def break_off(scope: Scope, receive: Receive, send: Send) -> None:
        await receive()

    assert send_through_log(break_off, tmp_path / "requests.jsonl") == []
    assert json.loads((tmp_path / "requests.jsonl").read_text(encoding="utf-8"))["status"] is None
