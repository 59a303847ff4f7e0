"""What callers send: none of its text reaches telemetry or a log, and at most an excerpt of it a response.

Every function that takes a body or an event gets a good one in which each place in turn holds something else. Ids of
resources that could exist are the one exception, and documented: the app works with them.
"""

from __future__ import annotations

import copy
import json
import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import cast

import azure.functions as func
import pytest

from shared import composition
from shared.errors import InvalidInputError
from shared.settings import AlertSettings, HttpSettings
from shared.telemetry import sending
from tests.app.builders.alerts import Json, JsonObject, an_alert
from tests.app.functions.http_app import http_routes
from tests.app.functions.index import functions_of
from tests.app.functions.settings import SETTINGS
from tests.app.telemetry.spans import Spans, spans_kept
from tests.app.use_cases.scene import FLEET, NOW, PROFILE, UseCaseScene

MARKER = "a text, for no log"
LONG = f"{MARKER}\n\x1b[31m\u202e{'x' * 20_000}"
JUNK: tuple[Json, ...] = (
    LONG,
    [LONG],
    {LONG: LONG},
    f"{FLEET}/{MARKER}",
    *(f"{FLEET}/{kind}/{LONG}" for kind in ("members", "autoUpgradeProfiles", "updateRuns")),
)
OTHER_JUNK: tuple[Json, ...] = (None, "", 7, 1.5, True, [], {}, [None], {"": None}, "\ud800")
LONGEST_LOG_LINE = LONGEST_RESPONSE = 8_000
CLUSTER = "/subscriptions/s/resourceGroups/g/providers/Microsoft.ContainerService/managedClusters/one"
GATES_RUN: JsonObject = {"resourceInfo": {"properties": {"target": {"id": f"{FLEET}/updateRuns/auto-1"}}}}
ROUTE = {"subscription": "s", "resource_group": "g", "fleet": "retail", "profile": "rapid"}

A_PROFILE: JsonObject = {
    "properties": {
        "channel": "TargetKubernetesVersion",
        "targetKubernetesVersion": "1.35",
        "longTermSupport": True,
        "nodeImageSelection": {"type": "Latest"},
        "updateStrategyId": f"{FLEET}/updateStrategies/canary",
        "disabled": False,
    }
}

ALERTS: Mapping[str, JsonObject] = {
    "about the fleet": an_alert(about=[FLEET.text], items=[PROFILE.text]),
    "with a dimension": an_alert(dimensions={"profile_id": PROFILE.text}),
    "that generates": an_alert(properties={"action": "generateUpdateRun", "profileId": PROFILE.text, "start": "false"}),
    "that is resolved": an_alert(about=[FLEET.text], condition="Resolved"),
}
BODIES: Mapping[str, list[JsonObject]] = {
    "alerts": list(ALERTS.values()),
    "generate_update_run": [{}, {"start": True}],
    "preview_new_profile": [{"name": "new", **A_PROFILE}],
    "write_profile": [A_PROFILE],
    "preview_profile": [{"start": True}],
    "profile_status": [{"start": True}],
    "evaluate_all_now": [{"start": True}],
    "evaluate_profile_now": [{"start": True}],
}
"""Good bodies of each HTTP function; the last four read none."""

EVENTS: Mapping[str, list[tuple[str, JsonObject]]] = {
    "release_events": [
        ("FleetAutoUpgrade.ReleaseDetected", {"region": "westus2", "traceparent": "00-a-b-01"}),
        ("Microsoft.ContainerService.NewKubernetesVersionAvailable", {"latestStableKubernetesVersion": "1.35.6"}),
    ],
    "gate_events": [("Microsoft.ResourceNotifications.AKSResources.FleetGateCreated", GATES_RUN)],
}
"""Types and data of good events of each Event Grid function."""

MESSAGES: Mapping[str, JsonObject] = {
    "evaluate_estate": {"schemaVersion": 1, "traceparent": "00-a-b-01"},
    "evaluate_profile": {"schemaVersion": 1, "profileId": PROFILE.text, "traceparent": "00-a-b-01"},
    "watch_gates": {"schemaVersion": 1, "runId": f"{FLEET}/updateRuns/auto-1"},
}
"""A good message of each function with a queue."""


@dataclass
class Records:
    """All that left the app: log records of every logger, and spans."""

    caplog: pytest.LogCaptureFixture
    spans: Spans

    def lines(self) -> list[str]:
        """Each as one text, with its attributes and stack trace."""
        formatter = logging.Formatter()
        logged = [f"{formatter.format(record)} {vars(record)}" for record in self.caplog.records]
        return [*logged, *(span.to_json() for span in self.spans.finished())]

    def clear(self) -> None:
        self.caplog.clear()
        self.spans.clear()


@pytest.fixture
def records(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> Iterator[Records]:
    """An app on a world in memory, whose settings allow alerts everything."""
    caplog.set_level(logging.DEBUG)
    monkeypatch.setattr(composition, "start_telemetry", lambda: None)
    monkeypatch.setattr(composition, "services", lambda: UseCaseScene().services)
    monkeypatch.setattr(composition, "settings", lambda: SETTINGS)
    monkeypatch.setattr(composition, "http_settings", lambda: HttpSettings(write_profiles=True))
    monkeypatch.setattr(composition, "alert_settings", lambda: AlertSettings(act=True, generate=True))
    monkeypatch.setattr(sending, "flush", lambda: None)
    with spans_kept(monkeypatch) as spans:
        yield Records(caplog, spans)


HTTP, EVENT_GRID, QUEUES = (functions_of(kind) for kind in ("httpTrigger", "eventGridTrigger", "queueTrigger"))


def variants(good: Json, junk: tuple[Json, ...]) -> Iterator[Json]:
    """The value with junk in each place, and with a property that has no meaning in each object."""
    for value in junk:
        yield from _with_value(good, value)
    yield from _with_property(good)


def _with_value(good: Json, junk: Json) -> Iterator[Json]:
    yield junk
    for key, part in _parts(good):
        for changed in _with_value(part, junk):
            yield _changed(good, key, changed)


def _with_property(good: Json) -> Iterator[Json]:
    if isinstance(good, dict):
        yield {**good, LONG: 1}
    for key, part in _parts(good):
        for changed in _with_property(part):
            yield _changed(good, key, changed)


def _parts(value: Json) -> list[tuple[object, Json]]:
    if isinstance(value, dict):
        return list(value.items())
    return list(enumerate(value)) if isinstance(value, list) else []


def _changed(value: Json, key: object, part: Json) -> Json:
    changed = cast("dict[object, Json]", copy.copy(value))
    changed[key] = part
    return cast("Json", changed)


def call(name: str, body: bytes, params: Mapping[str, str] | None = None) -> func.HttpResponse:
    request = func.HttpRequest(
        method="POST", url=f"https://app/api/{name}", params=params or {}, route_params=ROUTE, body=body
    )
    response = HTTP[name](request)
    assert isinstance(response, func.HttpResponse)
    return response


def in_event_grids_schema(kind: Json, source: Json, data: Json) -> func.EventGridEvent:
    return func.EventGridEvent(
        id="1",
        data=cast("dict[str, object]", data),
        topic=cast("str", source),
        subject=LONG,
        event_type=cast("str", kind),
        event_time=NOW,
        data_version=LONG,
    )


def as_a_cloud_event(kind: Json, source: Json, data: Json) -> func.CloudEvent:
    return func.CloudEvent(
        specversion="1.0",
        id="1",
        source=cast("str", source),
        type=cast("str", kind),
        subject=LONG,
        data=data,
        time=datetime(2026, 8, 3, 6, tzinfo=UTC),
        extension=LONG,
    )


def deliver(name: str, event: object) -> Exception | None:
    """As the host does: what a function raises is logged, with its trace."""
    try:
        EVENT_GRID[name](event)
    except Exception as error:
        logging.getLogger("host").exception("Executed 'Functions.%s' (Failed)", name)
        return error
    return None


def event_variants(name: str, junk: tuple[Json, ...]) -> Iterator[func.EventGridEvent | func.CloudEvent]:
    for schema in (in_event_grids_schema, as_a_cloud_event):
        for kind, data in EVENTS[name]:
            for changed in variants({"type": kind, "source": CLUSTER, "data": data}, junk):
                if isinstance(changed, dict) and {"type", "source", "data"} <= set(changed):
                    yield schema(changed["type"], changed["source"], changed["data"])


def assert_nothing_leaked(records: Records, what: object) -> None:
    for line in records.lines():
        assert MARKER not in line, f"{what!r:.300} in {line:.3000}"
        assert len(line) <= LONGEST_LOG_LINE, f"{what!r:.300}: {line:.3000}"
    records.clear()


def assert_response_is_an_excerpt(response: func.HttpResponse) -> None:
    assert len(response.get_body()) <= LONGEST_RESPONSE
    for text in texts_of(json.loads(response.get_body())):
        assert text.isprintable()


def texts_of(value: Json) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    for key, part in _parts(value):
        yield str(key)
        yield from texts_of(part)


def test_every_function_that_takes_a_body_an_event_or_a_message_is_swept() -> None:
    with_body = {route.name for route in http_routes() if not {"GET", "DELETE"}.issuperset(route.methods)}
    assert with_body <= set(BODIES) <= set(HTTP)
    assert set(EVENT_GRID) == set(EVENTS)
    assert set(QUEUES) == set(MESSAGES)


@pytest.mark.parametrize("name", BODIES)
def test_no_text_of_a_body_reaches_telemetry_or_a_log(name: str, records: Records) -> None:
    statuses = []
    for good in BODIES[name]:
        for body in [json.dumps(changed).encode() for changed in variants(good, JUNK)]:
            response = call(name, body)
            statuses.append(response.status_code)
            assert_response_is_an_excerpt(response)
            assert_nothing_leaked(records, body)
    assert len(statuses) > 5
    assert max(statuses) < 500


@pytest.mark.parametrize("name", ["alerts", "generate_update_run"])
@pytest.mark.parametrize(
    "body",
    [LONG.encode(), f'{{"{MARKER}"'.encode(), f'{{"start": {MARKER}}}'.encode(), MARKER.encode("utf-16"), b"[" * 10**5],
    ids=["text", "cut short", "no value", "another encoding", "too deep"],
)
def test_no_text_of_a_body_that_is_no_json_does_either(name: str, body: bytes, records: Records) -> None:
    response = call(name, body)

    assert (response.status_code, json.loads(response.get_body())["error"]["target"]) == (400, "body")
    assert_response_is_an_excerpt(response)
    assert_nothing_leaked(records, body)


@pytest.mark.parametrize("params", [{LONG: "1"}, {"at": LONG}, {f"policy.{LONG}": "1"}, {"policy.retry": LONG}])
def test_no_text_of_a_query_does_either(params: Mapping[str, str], records: Records) -> None:
    response = call("preview_profile", b"", params)

    assert response.status_code == 400
    assert_response_is_an_excerpt(response)
    assert_nothing_leaked(records, params)


@pytest.mark.parametrize("name", EVENTS)
def test_no_text_of_an_event_reaches_telemetry_or_a_log(name: str, records: Records) -> None:
    events = list(event_variants(name, JUNK))
    refused = 0
    for event in events:
        error = deliver(name, event)
        refused += error is not None
        assert error is None or type(error) is InvalidInputError, error
        assert_nothing_leaked(records, event.get_json())
    assert 0 < refused < len(events)


@pytest.mark.parametrize("name", MESSAGES)
def test_no_text_of_a_message_reaches_telemetry_or_a_log_and_none_comes_again(name: str, records: Records) -> None:
    for changed in variants(MESSAGES[name], JUNK):
        QUEUES[name](func.QueueMessage(id="1", body=json.dumps(changed)))
        assert_nothing_leaked(records, changed)


@pytest.mark.parametrize("name", MESSAGES)
@pytest.mark.parametrize("body", [LONG.encode(), MARKER.encode("utf-16"), b"", b"[" * 10**5, f'{{"{MARKER}"'.encode()])
def test_no_text_of_a_message_that_is_no_json_does_either(name: str, body: bytes, records: Records) -> None:
    QUEUES[name](func.QueueMessage(id="1", body=body))

    [sentence] = [vars(record)["sentence"] for record in records.caplog.records if "sentence" in vars(record)]
    assert sentence == "message is not valid; expected a JSON object"
    assert_nothing_leaked(records, body)


@pytest.mark.parametrize("name", MESSAGES)
def test_a_message_of_any_shape_is_handled_and_never_a_bug(name: str, records: Records) -> None:
    for changed in variants(MESSAGES[name], OTHER_JUNK):
        QUEUES[name](func.QueueMessage(id="1", body=json.dumps(changed)))


@pytest.mark.parametrize("name", BODIES)
def test_a_body_of_any_shape_gets_a_response_and_is_never_a_bug(name: str, records: Records) -> None:
    for good in BODIES[name]:
        for changed in variants(good, OTHER_JUNK):
            assert call(name, json.dumps(changed).encode()).status_code < 500, changed


@pytest.mark.parametrize("name", EVENTS)
def test_an_event_of_any_shape_is_handled_or_refused_and_never_a_bug(name: str, records: Records) -> None:
    for event in event_variants(name, OTHER_JUNK):
        error = deliver(name, event)
        assert error is None or type(error) is InvalidInputError, event.get_json()


def test_the_response_quotes_the_value_and_telemetry_has_the_field_and_what_is_valid(records: Records) -> None:
    error = json.loads(call("generate_update_run", b'{"start": "a text, for no log"}').get_body())["error"]

    assert error == {
        "code": "InvalidRequest",
        "message": "body.start is 'a text, for no log'; expected true or false",
        "target": "body.start",
    }
    [record] = [record for record in records.caplog.records if "event_name" in vars(record)]
    assert vars(record)["event_name"] == "request_refused"
    assert vars(record)["sentence"] == "body.start is not valid; expected true or false"


def test_a_name_that_the_caller_chose_is_in_the_response_only(records: Records) -> None:
    error = json.loads(call("alerts", json.dumps({**an_alert(), "varsion": 1}).encode()).get_body())["error"]

    assert (error["target"], error["message"]) == (
        "body.varsion",
        "body.varsion is 1; expected no other property than schemaId, data",
    )
    [record] = [record for record in records.caplog.records if "event_name" in vars(record)]
    assert vars(record)["sentence"] == "A property of body is not valid; expected no other property than schemaId, data"


def test_the_id_of_a_resource_is_all_that_telemetry_has_of_a_body(records: Records) -> None:
    missing = f"{FLEET}/autoUpgradeProfiles/missing"

    assert call("alerts", json.dumps(an_alert(properties={"profileId": missing})).encode()).status_code == 404
    [record] = [record for record in records.caplog.records if "event_name" in vars(record)]
    assert vars(record)["sentence"] == f"The resource '{missing}' was not found"
