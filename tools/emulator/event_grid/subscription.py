"""Event subscriptions, as the control route takes them."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from tools.emulator.event_grid.errors import bad_request
from tools.emulator.event_grid.events import Event
from tools.json_value import Json

EVENT_GRID_SCHEMA: Final = "EventGridSchema"
CLOUD_EVENT_SCHEMA: Final = "CloudEventSchemaV1_0"
MAXIMUM_ATTEMPTS: Final = 30
MAXIMUM_TIME_TO_LIVE: Final = 1440
"""Minutes: one day."""
_MAXIMUM_DUPLICATES: Final = 100


@dataclass(frozen=True)
class Subscription:
    """Where events of a source go, and how hard delivery tries.

    `duplicates`: how often each event is delivered, and `shuffle`: whether events published together go out in another
    order: what "at least once, in no order" allows, to order.
    """

    name: str
    source: str
    endpoint: str
    delivery_schema: str = EVENT_GRID_SCHEMA
    included_event_types: tuple[str, ...] | None = None
    max_delivery_attempts: int = MAXIMUM_ATTEMPTS
    time_to_live_minutes: int = MAXIMUM_TIME_TO_LIVE
    dead_letter_file: Path | None = None
    duplicates: int = 1
    shuffle: bool = False

    @property
    def takes_cloud_events(self) -> bool:
        """Whether deliveries are in the CloudEvents schema."""
        return self.delivery_schema == CLOUD_EVENT_SCHEMA

    def accepts(self, event: Event) -> bool:
        """Whether the filter lets the event through; event types are compared without case."""
        types = self.included_event_types
        return types is None or event.type.lower() in {included.lower() for included in types}

    def as_json(self) -> dict[str, Json]:
        """The subscription in the form of the control route."""
        types = self.included_event_types
        return {
            "name": self.name,
            "source": self.source,
            "endpoint": self.endpoint,
            "deliverySchema": self.delivery_schema,
            "includedEventTypes": None if types is None else [*types],
            "maxDeliveryAttempts": self.max_delivery_attempts,
            "eventTimeToLiveInMinutes": self.time_to_live_minutes,
            "deadLetterFile": None if self.dead_letter_file is None else str(self.dead_letter_file),
            "duplicates": self.duplicates,
            "shuffle": self.shuffle,
        }


def read_subscription(name: str, content: Json) -> Subscription:
    """Read the body of the control route.

    Raises:
        RefusedError: 400, naming the field and what it may be.
    """
    if not isinstance(content, dict):
        raise bad_request("The body must be an object.")
    schema = content.get("deliverySchema") or EVENT_GRID_SCHEMA
    if schema not in (EVENT_GRID_SCHEMA, CLOUD_EVENT_SCHEMA):
        raise bad_request(f"deliverySchema must be {EVENT_GRID_SCHEMA} or {CLOUD_EVENT_SCHEMA}.")
    source = _text(content, "source")
    if not re.fullmatch(r"aks|gates|topic:[A-Za-z0-9-]+", source):
        raise bad_request("source must be aks, gates or topic:NAME.")
    file = content.get("deadLetterFile")
    return Subscription(
        name=name,
        source=source,
        endpoint=_endpoint(content),
        delivery_schema=str(schema),
        included_event_types=_types(content.get("includedEventTypes")),
        max_delivery_attempts=_whole(content, "maxDeliveryAttempts", MAXIMUM_ATTEMPTS, MAXIMUM_ATTEMPTS),
        time_to_live_minutes=_whole(content, "eventTimeToLiveInMinutes", MAXIMUM_TIME_TO_LIVE, MAXIMUM_TIME_TO_LIVE),
        dead_letter_file=Path(str(file)) if file else None,
        duplicates=_whole(content, "duplicates", 1, _MAXIMUM_DUPLICATES),
        shuffle=content.get("shuffle") is True,
    )


def _endpoint(content: dict[str, Json]) -> str:
    endpoint = _text(content, "endpoint")
    parts = urlsplit(endpoint)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise bad_request("endpoint must be an http or https URL.")
    return endpoint


def _text(content: dict[str, Json], key: str) -> str:
    value = content.get(key)
    if not isinstance(value, str) or not value:
        raise bad_request(f"{key} is missing.")
    return value


def _whole(content: dict[str, Json], key: str, default: int, highest: int) -> int:
    value = content.get(key)
    if value is None:
        return default
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= highest:
        raise bad_request(f"{key} must be a whole number from 1 to {highest}.")
    return value


def _types(value: Json) -> tuple[str, ...] | None:
    if value is None:
        return None
    if not isinstance(value, list):
        raise bad_request("includedEventTypes must be a list of event types, or null for all.")
    return tuple(str(item) for item in value)
