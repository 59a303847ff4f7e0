"""Events as the Functions host passes them on: what is missing or malformed is an error that names the field."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping

import azure.functions as func
import pytest
from azure.functions.eventgrid import EventGridEventInConverter
from azure.functions.meta import Datum

from functions.incoming_event import incoming_event, trace_parent_of
from shared.errors import InvalidInputError
from shared.events import (
    NEW_KUBERNETES_VERSION_AVAILABLE,
    IncomingEvent,
    read_gate_run,
    read_release_notice,
)

NEW_VERSION: Mapping[str, object] = {"latestSupportedKubernetesVersion": "1.35.6"}
TIME = "2026-08-03T06:00:00Z"
EVENT_GRID: Mapping[str, object] = {
    "id": "1",
    "subject": "one",
    "eventType": NEW_KUBERNETES_VERSION_AVAILABLE,
    "eventTime": TIME,
    "dataVersion": "1",
    "data": NEW_VERSION,
}
CLOUD_EVENT: Mapping[str, object] = {
    "specversion": "1.0",
    "id": "1",
    "type": NEW_KUBERNETES_VERSION_AVAILABLE,
    "time": TIME,
    "data": NEW_VERSION,
}


def delivered(body: Mapping[str, object]) -> func.EventGridEvent | func.CloudEvent:
    event = EventGridEventInConverter.decode(Datum(json.dumps(body), "json"), trigger_metadata=None)
    assert isinstance(event, (func.EventGridEvent, func.CloudEvent))
    return event


@pytest.mark.parametrize(
    "body",
    [
        EVENT_GRID,
        {**EVENT_GRID, "topic": None},
        {**EVENT_GRID, "topic": 5},
        CLOUD_EVENT,
        {**CLOUD_EVENT, "source": ["/"]},
    ],
)
def test_an_event_without_a_topic_or_source_is_an_error_that_names_the_field(body: Mapping[str, object]) -> None:
    with pytest.raises(InvalidInputError, match="topic or source"):
        read_release_notice(incoming_event(delivered(body)))


@pytest.mark.parametrize("kind", [None, 5, ["FleetAutoUpgrade.ReleaseDetected"], {}, ""])
@pytest.mark.parametrize("read", [read_release_notice, read_gate_run])
def test_an_event_whose_type_is_no_text_is_an_error_that_names_the_field(
    kind: object, read: Callable[[IncomingEvent], object]
) -> None:
    for body in ({**EVENT_GRID, "eventType": kind}, {**CLOUD_EVENT, "type": kind}):
        with pytest.raises(InvalidInputError, match="event type"):
            read(incoming_event(delivered(body)))


@pytest.mark.parametrize("data", [None, 5, "text", ["list"]])
def test_an_event_whose_data_is_no_object_is_an_error_and_has_no_trace(data: object) -> None:
    for body in ({**EVENT_GRID, "data": data}, {**CLOUD_EVENT, "data": data}):
        assert trace_parent_of(delivered(body)) == ""
        with pytest.raises(InvalidInputError, match="data"):
            incoming_event(delivered(body))


def test_an_event_that_is_delivered_again_is_the_same_and_another_is_not() -> None:
    first, again = (incoming_event(delivered({**CLOUD_EVENT, "source": "/a"})).identity for _ in range(2))

    assert first == again
    assert first != incoming_event(delivered({**CLOUD_EVENT, "source": "/b"})).identity
    assert first != incoming_event(delivered({**CLOUD_EVENT, "source": "/a", "id": "2"})).identity
