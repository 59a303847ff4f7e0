"""Event Grid: what publishers send."""

import pytest
from azure.core.exceptions import ClientAuthenticationError, HttpResponseError
from azure.core.messaging import CloudEvent
from azure.eventgrid import EventGridEvent, EventGridPublisherClient

from tests.tools.emulator_edge.edge import ARM, Edge
from tests.tools.emulator_edge.events import cloud_event, event_grid_event
from tools.json_value import Json

CLOUD_BATCH = "application/cloudevents-batch+json"
PATH = "/eventgrid/topics/releases/api/events"


def send(edge: Edge, event: EventGridEvent | CloudEvent[Json]) -> None:
    """Publish through the SDK, which takes the certificate authority with each call only."""
    with EventGridPublisherClient(edge.url + PATH, edge.credential()) as client:
        client.send([event], connection_verify=edge.ca)
    edge.settle()


def test_the_sdks_event_grid_events_are_delivered(edge: Edge) -> None:
    edge.subscribe()
    event = EventGridEvent(subject="westus2", event_type="T", data={"a": [1]}, data_version="2")
    send(edge, event)
    [got] = edge.webhook.received
    assert got.event["id"] == str(event.id)
    assert got.event["data"] == {"a": [1]}
    assert got.event["dataVersion"] == "2"


def test_the_sdks_cloud_events_are_delivered(edge: Edge) -> None:
    edge.subscribe(deliverySchema="CloudEventSchemaV1_0")
    event = CloudEvent[Json](source="/app", type="T", data={"a": [1]}, subject="s")
    send(edge, event)
    [got] = edge.webhook.received
    assert (got.event["id"], got.event["data"], got.event["subject"]) == (event.id, {"a": [1]}, "s")


def test_the_sdk_reports_events_that_are_refused(edge: Edge) -> None:
    event = EventGridEvent(subject="", event_type="T", data={}, data_version="1")
    with pytest.raises(HttpResponseError) as raised:
        send(edge, event)
    assert raised.value.status_code == 400
    assert "'subject'" in str(raised.value)


def test_a_single_cloud_event_may_come_as_an_object(edge: Edge) -> None:
    edge.subscribe(deliverySchema="CloudEventSchemaV1_0")
    response = edge.http.post(
        PATH,
        json=cloud_event(),
        headers={**edge.bearer("https://eventgrid.azure.net"), "Content-Type": "application/cloudevents+json"},
    )
    edge.settle()
    assert response.status_code == 200
    assert [got.event["id"] for got in edge.webhook.received] == ["e1"]


@pytest.mark.parametrize("audience", [None, ARM])
def test_only_a_token_for_event_grid_may_publish(edge: Edge, audience: str | None) -> None:
    edge.subscribe()
    headers = {} if audience is None else edge.bearer(audience)
    response = edge.http.post(PATH, json=[event_grid_event()], headers=headers)
    assert response.status_code == 401
    assert response.json()["error"]["code"] == "Unauthorized"
    edge.settle()
    assert edge.webhook.received == []


def test_the_sdk_reports_a_token_that_is_not_accepted(edge: Edge, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tools.emulator.event_grid.service.AUDIENCE", "https://elsewhere.example")
    with pytest.raises(ClientAuthenticationError):
        send(edge, EventGridEvent(subject="s", event_type="T", data={}, data_version="1"))


@pytest.mark.parametrize("field", ["id", "subject", "eventType", "eventTime"])
def test_an_event_grid_event_without_a_required_field_is_refused_with_all_others(edge: Edge, field: str) -> None:
    edge.subscribe()
    incomplete = event_grid_event("e2")
    del incomplete[field]
    response = edge.publish([event_grid_event("e1"), incomplete])
    assert response.status_code == 400
    error = response.json()["error"]
    assert error["code"] == "BadRequest"
    assert error["details"][0]["code"] == "InputJsonInvalid"
    assert f"Event 1 has no '{field}'" in error["message"]
    assert edge.webhook.received == []


@pytest.mark.parametrize("field", ["id", "source", "type", "specversion"])
def test_a_cloud_event_without_a_required_field_is_refused(edge: Edge, field: str) -> None:
    incomplete = cloud_event()
    del incomplete[field]
    response = edge.publish([incomplete], CLOUD_BATCH)
    assert response.status_code == 400
    assert f"'{field}'" in response.json()["error"]["message"]


@pytest.mark.parametrize(
    ("event", "content_type", "says"),
    [
        (event_grid_event(eventTime="yesterday"), "application/json", "yesterday"),
        (event_grid_event(id=1), "application/json", "'id'"),
        (cloud_event(specversion="0.3"), CLOUD_BATCH, "specversion"),
        (cloud_event(time="yesterday"), CLOUD_BATCH, "yesterday"),
        (cloud_event(), "application/json", "'subject'"),
        (event_grid_event(), CLOUD_BATCH, "'source'"),
    ],
)
def test_an_event_with_a_wrong_field_is_refused(
    edge: Edge, event: dict[str, Json], content_type: str, says: str
) -> None:
    response = edge.publish([event], content_type)
    assert response.status_code == 400
    assert says in response.json()["error"]["message"]


@pytest.mark.parametrize(("body", "status"), [(b"{", 400), (b"{}", 400), (b"[1]", 400), (b" " * 1048577, 413)])
def test_what_is_no_list_of_events_is_refused(edge: Edge, body: bytes, status: int) -> None:
    headers = {**edge.bearer("https://eventgrid.azure.net"), "Content-Type": "application/json"}
    assert edge.http.post(PATH, content=body, headers=headers).status_code == status


def test_cloud_events_are_refused_while_a_subscriber_wants_the_event_grid_schema(edge: Edge) -> None:
    edge.subscribe("old")
    response = edge.publish([cloud_event()], CLOUD_BATCH)
    assert response.status_code == 400
    assert "old" in response.json()["error"]["message"]


def test_no_subscription_is_needed(edge: Edge) -> None:
    edge.subscribe(source="topic:another")
    assert edge.publish([event_grid_event()]).status_code == 200
    assert edge.webhook.received == []
