"""Emits every event of the app: a log record whose attributes are the event's properties, each as text.

Application Insights turns a record with `microsoft.custom_event.name` into a custom event (`AppEvents`); for every
other reader it is a log line. The properties are flat and named alike everywhere, so that a query finds them; see
docs/telemetry.md.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Mapping

LOGGER_NAME = "fleet_auto_upgrade"
"""The logger whose records are sent."""

_LOG = logging.getLogger(LOGGER_NAME)
_CUSTOM_EVENT = "microsoft.custom_event.name"

Value = str | int | float | bool | Iterable[str] | Mapping[str, object] | None


def emit(name: str, sentence: str, properties: Mapping[str, Value], level: int = logging.INFO) -> None:
    """Emit an event.

    Args:
        name: the event's name.
        sentence: the event in words, for people who read the log.
        properties: the event's facts. Lists are joined by commas, mappings become JSON, None becomes an empty text.
        level: of the log record.
    """
    texts = {key: _text(value) for key, value in properties.items()}
    _LOG.log(level, "%s", sentence, extra={"event_name": name, _CUSTOM_EVENT: name, **texts})


def _text(value: Value) -> str:
    match value:
        case None:
            return ""
        case str():
            return value
        case bool():
            return str(value).lower()
        case float():
            return f"{value:.3f}".rstrip("0").rstrip(".")
        case int():
            return str(value)
        case Mapping():
            return json.dumps(value, sort_keys=True)
        case _:
            return ",".join(value)
