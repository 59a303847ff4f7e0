"""Event Grid: what happens to a delivery that fails."""

import json
from pathlib import Path

import pytest

from tests.tools.emulator_edge.edge import Edge
from tests.tools.emulator_edge.events import aks_event, event_grid_event
from tests.tools.emulator_edge.manual_time import START
from tests.tools.emulator_edge.server import Server
from tests.tools.emulator_edge.webhook import Webhook
from tools.json_value import Json

MINUTE = 60
HOUR = 60 * MINUTE


def entries(edge: Edge, kind: str) -> list[dict[str, Json]]:
    return [entry for entry in edge.time.entries if entry["kind"] == kind]


def let_all_time_pass(edge: Edge) -> None:
    while edge.time.due:
        edge.next_due()


def letters(file: Path) -> list[dict[str, Json]]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def test_a_failed_delivery_comes_again_until_it_succeeds(edge: Edge) -> None:
    edge.webhook.statuses = [500, 500, 200]
    edge.subscribe()
    edge.publish([event_grid_event()])
    assert len(edge.webhook.received) == 1
    assert edge.events.idle()
    let_all_time_pass(edge)
    assert [entry["at"] for entry in edge.time.entries] == [0, 10, 40]
    assert edge.time.kinds() == ["eventFailed", "eventFailed", "eventDelivered"]
    assert [got.headers["aeg-delivery-count"] for got in edge.webhook.received] == ["0", "1", "2"]
    assert len({got.headers["aeg-output-event-id"] for got in edge.webhook.received}) == 1
    assert len({json.dumps(got.body) for got in edge.webhook.received}) == 1


def test_the_schedule_is_the_documented_one_until_a_day_is_over(edge: Edge) -> None:
    edge.webhook.statuses = [500]
    edge.subscribe()
    edge.publish([event_grid_event()])
    let_all_time_pass(edge)
    times = [entry["at"] for entry in entries(edge, "eventFailed")]
    waits = [10, 30, MINUTE, 5 * MINUTE, 10 * MINUTE, 30 * MINUTE, HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR]
    assert times == [sum(waits[:number]) for number in range(len(waits) + 1)]
    [lost] = entries(edge, "eventDeadLettered")
    assert (lost["reason"], lost["file"]) == ("TimeToLiveExceeded", None)


@pytest.mark.parametrize(("status", "wait"), [(408, 2 * MINUTE), (503, 30), (404, 10), (429, 10), (301, 10)])
def test_some_responses_mean_a_longer_wait(edge: Edge, status: int, wait: int) -> None:
    edge.webhook.statuses = [status, 200]
    edge.subscribe()
    edge.publish([event_grid_event()])
    let_all_time_pass(edge)
    assert [entry["at"] for entry in edge.time.entries] == [0, wait]


def test_no_response_is_a_failure_that_is_retried(edge: Edge) -> None:
    short_lived = Server()
    short_lived.app = Webhook().app
    edge.subscribe(endpoint=f"{short_lived.url}/hook")
    short_lived.stop()
    edge.publish([event_grid_event()])
    [failed] = entries(edge, "eventFailed")
    assert (failed["status"], failed["outcome"]) == (None, "Aborted")
    assert failed["nextAttemptAt"] == "2026-03-01T12:00:10.0000000Z"


@pytest.mark.parametrize(
    ("status", "outcome"), [(400, "BadRequest"), (401, "Unauthorized"), (403, "Forbidden"), (413, "PayloadTooLarge")]
)
def test_these_responses_are_never_retried(edge: Edge, tmp_path: Path, status: int, outcome: str) -> None:
    file = tmp_path / "letters.jsonl"
    edge.webhook.statuses = [status]
    edge.subscribe(deadLetterFile=str(file))
    edge.publish([event_grid_event()])
    let_all_time_pass(edge)
    assert len(edge.webhook.received) == 1
    assert entries(edge, "eventFailed")[0]["nextAttemptAt"] is None
    [letter] = letters(file)
    assert letter["deadLetterReason"] == f"UndeliverableDueToHttp{outcome}"
    assert letter["lastDeliveryOutcome"] == outcome


def test_a_dead_letter_is_written_five_minutes_after_the_last_attempt(edge: Edge, tmp_path: Path) -> None:
    file = tmp_path / "letters.jsonl"
    edge.webhook.statuses = [404]
    edge.subscribe(deadLetterFile=str(file), maxDeliveryAttempts=2)
    edge.publish([event_grid_event()])
    edge.next_due()
    assert not file.exists()
    edge.next_due()
    assert edge.time.due == []
    assert (edge.time.now() - START).total_seconds() == 10 + 5 * MINUTE
    [letter] = letters(file)
    assert letter == {
        **event_grid_event(topic=letter["topic"], metadataVersion="1"),
        "deadLetterReason": "MaxDeliveryAttemptsExceeded",
        "deliveryAttempts": 2,
        "lastDeliveryOutcome": "NotFound",
        "publishTime": "2026-03-01T12:00:00.0000000Z",
        "lastDeliveryAttemptTime": "2026-03-01T12:00:10.0000000Z",
    }
    assert entries(edge, "eventDeadLettered")[0]["file"] == str(file)


def test_a_dead_cloud_event_has_its_reasons_in_lower_case_names(edge: Edge, tmp_path: Path) -> None:
    file = tmp_path / "letters.jsonl"
    edge.webhook.statuses = [400]
    edge.subscribe(source="aks", deliverySchema="CloudEventSchemaV1_0", deadLetterFile=str(file))
    edge.publish_from_aks([aks_event()])
    let_all_time_pass(edge)
    [letter] = letters(file)
    assert letter["specversion"] == "1.0"
    assert {name for name in letter if name not in aks_event()} == {
        "specversion",
        "source",
        "type",
        "time",
        "deadletterreason",
        "deliveryattempts",
        "lastdeliveryoutcome",
        "publishtime",
        "lastdeliveryattempttime",
    }


def test_time_to_live_ends_the_attempts(edge: Edge, tmp_path: Path) -> None:
    file = tmp_path / "letters.jsonl"
    edge.webhook.statuses = [500]
    edge.subscribe(deadLetterFile=str(file), eventTimeToLiveInMinutes=1)
    edge.publish([event_grid_event()])
    let_all_time_pass(edge)
    assert [entry["at"] for entry in entries(edge, "eventFailed")] == [0, 10, 40]
    assert letters(file)[0]["deadLetterReason"] == "TimeToLiveExceeded"


def test_a_dead_letter_that_cannot_be_written_is_dropped(edge: Edge, tmp_path: Path) -> None:
    edge.webhook.statuses = [400]
    edge.subscribe(deadLetterFile=str(tmp_path / "missing" / "letters.jsonl"))
    edge.publish([event_grid_event()])
    let_all_time_pass(edge)
    assert entries(edge, "eventDeadLettered")[0]["file"] is None


def test_an_event_to_a_deleted_subscription_is_dropped(edge: Edge, caplog: pytest.LogCaptureFixture) -> None:
    edge.webhook.statuses = [500]
    edge.subscribe("app")
    edge.publish([event_grid_event()])
    edge.http.delete("/emulator/eventgrid/subscriptions/app")
    edge.next_due()
    assert len(edge.webhook.received) == 1
    assert edge.time.due == []
    assert [record for record in caplog.records if record.name.startswith("tools.emulator")] == []


def test_one_subscribers_failure_does_not_repeat_the_delivery_to_another(edge: Edge) -> None:
    edge.webhook.statuses = [500, 200, 200]
    edge.subscribe("one")
    edge.subscribe("two")
    edge.publish([event_grid_event()])
    let_all_time_pass(edge)
    delivered = [entry["subscription"] for entry in entries(edge, "eventDelivered")]
    assert sorted(map(str, delivered)) == ["one", "two"]
