"""Decodes an Event Grid event: the runtime hands over whichever schema arrived, whatever the parameter says."""

from __future__ import annotations

from collections.abc import Mapping

import azure.functions as func

from functions.http.json_fields import require_text
from shared.errors import InvalidInputError
from shared.events import IncomingEvent


def incoming_event(event: func.EventGridEvent | func.CloudEvent) -> IncomingEvent:
    """The event in the words both schemas share.

    Raises:
        InvalidInputError: its data is no JSON object, or its type no text.
    """
    data: object = event.get_json()
    if not isinstance(data, Mapping):
        raise InvalidInputError("data", data, "a JSON object")
    if isinstance(event, func.CloudEvent):
        kind, source, time = event.type, event.source, event.time
    else:
        kind, source, time = event.event_type, event.topic, event.event_time
    return IncomingEvent(require_text(kind, "event type"), _text_or_empty(source), time, data)


def trace_parent_of(event: func.EventGridEvent | func.CloudEvent) -> str:
    """The trace that an event of ours carries on; empty for any other event, also for a malformed one."""
    data: object = event.get_json()
    value = data.get("traceparent") if isinstance(data, Mapping) else None
    return _text_or_empty(value)


def _text_or_empty(value: object) -> str:
    """The library annotates texts, and hands over whatever the event has."""
    return value if isinstance(value, str) else ""
