"""Decodes an Event Grid event. The runtime passes the schema that arrived, regardless of the parameter's annotation."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

import azure.functions as func

from functions.http.json_fields import require_text
from functions.instrumented import trace_parent_in
from shared.errors import InvalidInputError
from shared.events import IncomingEvent


def incoming_event(event: func.EventGridEvent | func.CloudEvent) -> IncomingEvent:
    """The event, by the fields that both schemas have.

    Raises:
        InvalidInputError: its data is not a JSON object, or its type is not a string.
    """
    data: object = event.get_json()
    if not isinstance(data, Mapping):
        raise InvalidInputError("data", data, "a JSON object")
    if isinstance(event, func.CloudEvent):
        kind, source, time = event.type, event.source, event.time
    else:
        kind, source, time = event.event_type, event.topic, event.event_time
    identity = hashlib.sha256(f"{source}\n{event.id}".encode(errors="replace")).hexdigest()[:40]
    return IncomingEvent(identity, require_text(kind, "event type"), _text_or_empty(source), time, data)


def trace_parent_of(event: func.EventGridEvent | func.CloudEvent) -> str:
    """The `traceparent` of an event that this app published; empty for any other event, and for a malformed one."""
    return trace_parent_in(event.get_json())


def _text_or_empty(value: object) -> str:
    """The library annotates `str`, but passes a value of any type."""
    return value if isinstance(value, str) else ""
