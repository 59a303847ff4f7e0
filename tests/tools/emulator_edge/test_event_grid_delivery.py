"""Event Grid: deliveries on the wire."""

import pytest

from tests.tools.emulator_edge.edge import Edge
from tests.tools.emulator_edge.events import CLUSTER_ID, aks_event, cloud_event, event_grid_event
from tools.json_value import Json

TOPIC_ID = (
    "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/local"
    "/providers/Microsoft.EventGrid/topics/releases"
)


def ids(edge: Edge) -> list[Json]:
    return [got.event["id"] for got in edge.webhook.received]


def test_an_event_of_the_event_grid_schema_comes_as_an_array_of_one(edge: Edge) -> None:
    edge.subscribe("app")
    edge.publish([event_grid_event()])
    [got] = edge.webhook.received
    assert got.body == [event_grid_event(topic=TOPIC_ID, metadataVersion="1")]
    assert got.headers["content-type"].startswith("application/json")
    assert {name: value for name, value in got.headers.items() if name.startswith("aeg-")} == {
        "aeg-event-type": "Notification",
        "aeg-subscription-name": "APP",
        "aeg-delivery-count": "0",
        "aeg-data-version": "1",
        "aeg-metadata-version": "1",
        "aeg-output-event-id": got.headers["aeg-output-event-id"],
    }


def test_events_published_together_are_delivered_one_by_one(edge: Edge) -> None:
    edge.subscribe()
    edge.publish([event_grid_event("e1"), event_grid_event("e2")])
    assert sorted(map(str, ids(edge))) == ["e1", "e2"]


def test_a_cloud_event_comes_as_an_object_unchanged(edge: Edge) -> None:
    edge.subscribe(deliverySchema="CloudEventSchemaV1_0")
    edge.publish([cloud_event(extension="kept")], "application/cloudevents-batch+json")
    [got] = edge.webhook.received
    assert got.body == cloud_event(extension="kept")
    assert got.headers["content-type"].startswith("application/cloudevents+json")
    assert got.headers["aeg-event-type"] == "Notification"


def test_an_event_of_the_event_grid_schema_is_converted_for_a_subscriber_of_cloud_events(edge: Edge) -> None:
    edge.subscribe(source="aks", deliverySchema="CloudEventSchemaV1_0")
    edge.publish_from_aks([aks_event()])
    [got] = edge.webhook.received
    assert got.body == {
        "specversion": "1.0",
        "id": "e1",
        "source": CLUSTER_ID,
        "subject": "c1",
        "type": "Microsoft.ContainerService.NewKubernetesVersionAvailable",
        "time": "2026-03-01T11:59:59.1234567Z",
        "data": {"latestSupportedKubernetesVersion": "1.34.2"},
    }


def test_a_system_topic_keeps_the_clusters_id_as_its_topic(edge: Edge) -> None:
    edge.subscribe(source="aks")
    edge.publish_from_aks([aks_event()])
    assert edge.webhook.received[0].body == [aks_event()]


def test_a_source_reaches_its_own_subscribers_only(edge: Edge) -> None:
    edge.subscribe("aks", source="aks")
    edge.publish([event_grid_event()])
    assert edge.webhook.received == []


@pytest.mark.parametrize(
    ("types", "expected"),
    [
        (None, ["e1", "e2"]),
        (["fleetautoupgrade.RELEASEDETECTED"], ["e1"]),
        (["FleetAutoUpgrade.ReleaseDetected", "Other"], ["e1", "e2"]),
        ([], []),
    ],
)
def test_included_event_types_are_compared_without_case(
    edge: Edge, types: list[Json] | None, expected: list[str]
) -> None:
    edge.subscribe(includedEventTypes=types)
    edge.publish([event_grid_event("e1"), event_grid_event("e2", eventType="Other")])
    assert sorted(map(str, ids(edge))) == expected


@pytest.mark.parametrize("status", [200, 201, 202, 203, 204])
def test_these_responses_are_success(edge: Edge, status: int) -> None:
    edge.webhook.statuses = [status]
    edge.subscribe("app")
    edge.publish([event_grid_event()])
    assert edge.time.entries == [
        {
            "kind": "eventDelivered",
            "at": 0,
            "subscription": "app",
            "source": "topic:releases",
            "eventId": "e1",
            "eventType": "FleetAutoUpgrade.ReleaseDetected",
            "attempts": 1,
            "status": status,
        }
    ]
    assert edge.time.due == []


def test_every_event_can_be_delivered_more_than_once(edge: Edge) -> None:
    edge.subscribe(duplicates=10)
    edge.publish([event_grid_event()])
    assert ids(edge) == ["e1"] * 10


def test_events_can_be_delivered_out_of_order(edge: Edge) -> None:
    edge.subscribe(shuffle=True)
    published = [f"e{number}" for number in range(50)]
    edge.publish([event_grid_event(event_id) for event_id in published])
    assert set(map(str, ids(edge))) == set(published)
    places = [published.index(str(event_id)) for event_id in ids(edge)]
    # Eight at a time mix neighbours only; a shuffled event is further from its place.
    assert max(abs(place - index) for index, place in enumerate(places)) > 8


def test_at_most_eight_deliveries_to_a_subscription_are_in_progress(edge: Edge) -> None:
    edge.subscribe("slow")
    edge.subscribe("quick", source="topic:other")
    edge.send([event_grid_event(f"e{number}") for number in range(40)])
    # What goes out later and comes in shows that no more of the first is on its way.
    for number in range(3):
        edge.send([event_grid_event(f"later{number}")], topic="other")
        edge.time.wait_until(lambda: len(edge.time.entries) == number + 1)  # noqa: B023 - called at once
    assert sum(got.headers["aeg-subscription-name"] == "SLOW" for got in edge.webhook.received) == 8
    edge.open_gate()
    edge.settle()
    assert len(edge.webhook.received) == 43


def test_it_is_not_idle_before_the_last_response(edge: Edge) -> None:
    edge.subscribe("slow")
    edge.send([event_grid_event()])
    assert not edge.events.idle()
    edge.open_gate()
    edge.settle()
    assert edge.events.idle()
    assert edge.time.kinds() == ["eventDelivered"]
