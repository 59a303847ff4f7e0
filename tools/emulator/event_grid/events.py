"""Events in the two schemas, and the way from one to the other."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from tools.emulator.event_grid.errors import RefusedError, bad_request
from tools.json_value import Json, parse_json

MAXIMUM_BYTES: Final = 1024 * 1024
"""Largest request, and so largest event."""

CLOUD_EVENT_TYPES: Final = ("application/cloudevents+json", "application/cloudevents-batch+json")
_REQUIRED: Final = {
    False: ("id", "subject", "eventType", "eventTime"),
    True: ("id", "source", "type", "specversion"),
}


@dataclass(frozen=True)
class Event:
    """An event as it was published: `content` is in the CloudEvents schema where `is_cloud_event`."""

    content: Mapping[str, Json]
    is_cloud_event: bool

    @property
    def id(self) -> str:
        """The publisher's id of the event."""
        return str(self.content["id"])

    @property
    def type(self) -> str:
        """The event type, in the publisher's case."""
        return str(self.content["type" if self.is_cloud_event else "eventType"])

    def as_cloud_event(self) -> dict[str, Json]:
        """The event in the CloudEvents 1.0 schema."""
        if self.is_cloud_event:
            return dict(self.content)
        names = {"id": "id", "topic": "source", "subject": "subject", "eventType": "type", "eventTime": "time"}
        renamed: dict[str, Json] = {new: self.content[old] for old, new in names.items() if old in self.content}
        if self.content.get("data") is not None:
            renamed["data"] = self.content["data"]
        return {"specversion": "1.0", **renamed}


def read_request(content_type: str, body: bytes, topic: str) -> list[Event]:
    """The events of a publisher's request; `topic` is the resource id that Event Grid writes into events of its schema.

    Raises:
        RefusedError: 400 for what is no event of the schema that the content type announces, 413 for too many bytes.
    """
    if len(body) > MAXIMUM_BYTES:
        raise RefusedError(
            413, "PayloadTooLarge", "PayloadTooLarge", f"The request is larger than {MAXIMUM_BYTES} bytes."
        )
    media_type = content_type.partition(";")[0].strip().lower()
    cloud = media_type in CLOUD_EVENT_TYPES
    try:
        content: Json = parse_json(body)
    except ValueError as error:
        raise bad_request("The body is not JSON.") from error
    if media_type == CLOUD_EVENT_TYPES[0]:
        content = [content]
    if not isinstance(content, list):
        raise bad_request("The body must be an array of events.")
    stamp: dict[str, Json] = {} if cloud else {"topic": topic, "metadataVersion": "1"}
    return [_checked(item, index, stamp, cloud=cloud) for index, item in enumerate(content)]


def _checked(item: Json, index: int, stamp: Mapping[str, Json], *, cloud: bool) -> Event:
    schema = "CloudEventV10" if cloud else "EventGridEvent"
    if not isinstance(item, dict):
        raise bad_request(f"Event {index} is not an object of the schema {schema}.")
    for name in _REQUIRED[cloud]:
        value = item.get(name)
        if not isinstance(value, str) or not value:
            raise bad_request(f"Event {index} has no '{name}', which the schema {schema} requires.")
    if cloud and item["specversion"] != "1.0":
        raise bad_request(f"Event {index} has the specversion '{item['specversion']}'; it must be 1.0.")
    time = item.get("time" if cloud else "eventTime")
    if time is not None and not _is_time(time):
        raise bad_request(f"Event {index} has the time '{time}', which is not ISO 8601.")
    defaults: dict[str, Json] = {} if cloud else {"data": None, "dataVersion": ""}
    return Event({**defaults, **item, **stamp}, cloud)


def _is_time(value: Json) -> bool:
    try:
        dt.datetime.fromisoformat(str(value))
    except ValueError:
        return False
    return True
