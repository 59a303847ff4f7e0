"""Event Grid: subscriptions and the handshake before the first delivery."""

import pytest
from starlette.responses import JSONResponse, Response

from tests.tools.emulator_edge.edge import Edge
from tests.tools.emulator_edge.events import event_grid_event
from tools.json_value import Json

CONTROL = "/emulator/eventgrid/subscriptions"


def names(edge: Edge) -> list[str]:
    return [subscription["name"] for subscription in edge.http.get(CONTROL).json()["subscriptions"]]


def test_in_the_event_grid_schema_the_endpoint_repeats_a_code(edge: Edge) -> None:
    assert edge.subscribe("app").status_code == 201
    [handshake] = edge.webhook.handshakes
    assert isinstance(handshake.body, list)
    assert handshake.event["eventType"] == "Microsoft.EventGrid.SubscriptionValidationEvent"
    assert handshake.headers["aeg-event-type"] == "SubscriptionValidation"
    assert handshake.headers["aeg-subscription-name"] == "APP"


def test_in_the_cloud_events_schema_the_endpoint_allows_the_origin(edge: Edge) -> None:
    assert edge.subscribe(deliverySchema="CloudEventSchemaV1_0").status_code == 201
    [handshake] = edge.webhook.handshakes
    assert handshake.headers["webhook-request-origin"] == "eventgrid.azure.net"
    assert handshake.body is None


@pytest.mark.parametrize(
    "response",
    [
        Response(status_code=500),
        JSONResponse({"validationResponse": "another"}),
        Response("validationResponse"),
        JSONResponse(["validationResponse"]),
    ],
)
def test_an_endpoint_that_does_not_repeat_the_code_gets_no_subscription(edge: Edge, response: Response) -> None:
    edge.webhook.validation = lambda _: response
    refused = edge.subscribe()
    assert refused.status_code == 400
    assert f"returned {response.status_code}" in refused.json()["error"]["message"]
    assert names(edge) == []


def test_the_right_code_with_202_does_not_count(edge: Edge) -> None:
    edge.webhook.validation = lambda code: JSONResponse({"validationResponse": code}, status_code=202)
    assert edge.subscribe().status_code == 400


@pytest.mark.parametrize(("origin", "status"), [("*", 201), ("example.org", 400), (None, 400)])
def test_the_allowed_origin_is_event_grid_or_any(edge: Edge, origin: str | None, status: int) -> None:
    edge.webhook.allowed_origin = origin
    assert edge.subscribe(deliverySchema="CloudEventSchemaV1_0").status_code == status


def test_an_endpoint_that_is_not_there_gets_no_subscription(edge: Edge) -> None:
    refused = edge.subscribe(endpoint="http://127.0.0.1:1/hook")
    assert refused.status_code == 400
    assert "did not respond" in refused.json()["error"]["message"]


def test_a_subscription_is_listed_as_it_was_made_and_with_its_defaults(edge: Edge) -> None:
    edge.subscribe("app", includedEventTypes=["A.B"], maxDeliveryAttempts=3)
    assert edge.http.get(CONTROL).json()["subscriptions"] == [
        {
            "name": "app",
            "source": "topic:releases",
            "endpoint": edge.hook_url,
            "deliverySchema": "EventGridSchema",
            "includedEventTypes": ["A.B"],
            "maxDeliveryAttempts": 3,
            "eventTimeToLiveInMinutes": 1440,
            "deadLetterFile": None,
            "duplicates": 1,
            "shuffle": False,
        }
    ]


def test_a_second_put_replaces_the_subscription(edge: Edge) -> None:
    edge.subscribe("app", source="topic:another")
    assert edge.subscribe("app").status_code == 200
    assert names(edge) == ["app"]
    edge.publish([event_grid_event()])
    assert len(edge.webhook.received) == 1


def test_a_deleted_subscription_gets_nothing(edge: Edge) -> None:
    edge.subscribe("app")
    assert edge.http.delete(f"{CONTROL}/app").status_code == 204
    assert edge.http.delete(f"{CONTROL}/app").status_code == 404
    edge.publish([event_grid_event()])
    assert edge.webhook.received == []


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"source": None}, "source"),
        ({"source": "topic:"}, "source"),
        ({"source": "storage"}, "source"),
        ({"endpoint": ""}, "endpoint"),
        ({"endpoint": "ftp://127.0.0.1/"}, "endpoint"),
        ({"deliverySchema": "Custom"}, "deliverySchema"),
        ({"includedEventTypes": "A"}, "includedEventTypes"),
        ({"maxDeliveryAttempts": 31}, "maxDeliveryAttempts"),
        ({"maxDeliveryAttempts": True}, "maxDeliveryAttempts"),
        ({"eventTimeToLiveInMinutes": 0}, "eventTimeToLiveInMinutes"),
        ({"duplicates": 0}, "duplicates"),
    ],
)
def test_a_wrong_field_is_named(edge: Edge, fields: dict[str, Json], says: str) -> None:
    body: dict[str, Json] = {"source": "aks", "endpoint": edge.hook_url, **fields}
    refused = edge.http.put(f"{CONTROL}/app", json=body)
    assert refused.status_code == 400
    assert refused.json()["error"]["message"].startswith(says)
    assert edge.webhook.handshakes == []


@pytest.mark.parametrize("body", [b"{", b"[]"])
def test_a_body_that_is_no_object_is_refused(edge: Edge, body: bytes) -> None:
    assert edge.http.put(f"{CONTROL}/app", content=body).status_code == 400
