"""Telemetry arrives at Application Insights before an invocation ends, with the app's token."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.telemetry import sending
from tests.app.telemetry.sink import Item, Sink, serving
from tests.processes.forked_process import ForkedProcess

ROOT = Path(__file__).resolve().parents[3]
KEY = "00000000-0000-0000-0000-000000000001"
DEADLINE_SECONDS = 90


def send_to(sink: Sink) -> float:
    """Have a process send to it; how many seconds the process waited for that."""
    environment = {
        **os.environ,
        "REQUESTS_CA_BUNDLE": str(sink.ca),
        "NO_PROXY": "127.0.0.1",
        "APPLICATIONINSIGHTS_STATSBEAT_DISABLED_ALL": "true",
        "APPLICATIONINSIGHTS_SDKSTATS_DISABLED": "true",
        "APPLICATIONINSIGHTS_CONTROLPLANE_DISABLED": "true",
    }
    connection = f"InstrumentationKey={KEY};IngestionEndpoint={sink.url}/"
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "log"
        process = ForkedProcess("sender", "tests.app.telemetry.sender", [connection], log, environment)
        line = process.stdout.readline()
        sink.ended.set()
        assert process.wait(DEADLINE_SECONDS) == 0, log.read_text()
        process.stop()
        return float(line)


@pytest.fixture(scope="module")
def sent(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sink]:
    """What one process sent."""
    with serving(tmp_path_factory.mktemp("sink")) as sink:
        send_to(sink)
        yield sink


def tag(item: dict[str, Item], name: str) -> Item:
    tags = item["tags"]
    assert isinstance(tags, dict)
    return tags.get(name)


def test_everything_is_sent_with_the_apps_token_and_names_the_app(sent: Sink) -> None:
    assert set(sent.authorizations) == {"Bearer the-token"}
    assert {str(item["iKey"]) for item in sent.items} == {KEY}
    assert {str(tag(item, "ai.cloud.role")) for item in sent.items} == {"the-app"}


def test_an_event_arrives_as_a_custom_event_with_its_properties(sent: Sink) -> None:
    [event] = [event for event in sent.base_data("EventData") if event["name"] == "unreadable"]

    assert event["properties"] == {
        "what": "estate",
        "sentence": "A row has no id.",
        "event_name": "unreadable",
        "logger_name": "fleet_auto_upgrade",
    }


def test_an_error_that_stopped_a_part_arrives_as_an_exception_too(sent: Sink) -> None:
    [exception] = sent.base_data("ExceptionData")

    [first] = exception["exceptions"] if isinstance(exception["exceptions"], list) else []
    assert isinstance(first, dict)
    assert (first["typeName"], first["message"]) == ("ZeroDivisionError", "Deciding p failed")


def test_metrics_arrive_with_their_attributes(sent: Sink) -> None:
    reported = [
        (metric["name"], metric["value"], data["properties"])
        for data in sent.base_data("MetricData")
        for metric in (data["metrics"] if isinstance(data["metrics"], list) else [])
        if isinstance(metric, dict)
    ]

    assert ("azure_calls", 1, {"service": "ResourceManager", "method": "GET", "status": "200"}) in reported
    assert reported.count(("detection_age_seconds", 90.5, {})) == 1
    assert "reconcile_age_seconds" not in [name for name, _, _ in reported]


def test_a_span_arrives_and_events_inside_belong_to_it(sent: Sink) -> None:
    [span] = sent.base_data("RemoteDependencyData")
    assert (span["name"], span["type"], span["success"], span["properties"]) == (
        "watch runs",
        "InProc",
        True,
        {"run": "r"},
    )
    operations = {tag(item, "ai.operation.id") for item in sent.items if "Metric" not in str(item["name"])}
    parents = {tag(item, "ai.operation.parentId") for item in sent.items if "Event" in str(item["name"])}

    assert len(operations) == 1
    assert parents == {span["id"]}


def test_a_receiver_that_does_not_respond_delays_an_invocation_no_longer_than_the_limit(tmp_path: Path) -> None:
    with serving(tmp_path, is_silent=True) as sink:
        assert send_to(sink) < sending.FLUSH_SECONDS + 3


def test_where_nothing_is_sent_there_is_nothing_to_wait_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "_flushes", [])

    sending.flush()
