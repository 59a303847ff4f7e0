"""The events that the app emitted, from the log records of a test."""

from __future__ import annotations

import logging

import pytest

from shared.telemetry.emit import LOGGER_NAME

_BY_LOGGING = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime"}
_BY_EMIT = frozenset({"event_name", "microsoft.custom_event.name", "at"})
"""What every event has besides its properties: its name, and for some the emulated time."""


class Emitted:
    """The events emitted from now on; none of another logger."""

    def __init__(self, caplog: pytest.LogCaptureFixture) -> None:
        caplog.set_level(logging.INFO, LOGGER_NAME)
        self._caplog = caplog

    def records(self, name: str = "") -> list[logging.LogRecord]:
        """Their records, in order; of one event, if its name is given."""
        emitted = [record for record in self._caplog.records if "event_name" in vars(record)]
        return [record for record in emitted if name in ("", vars(record)["event_name"])]

    def names(self) -> list[str]:
        """Their names, in order."""
        return [str(vars(record)["event_name"]) for record in self.records()]

    def properties(self, name: str) -> list[dict[str, str]]:
        """The properties of each event of that name."""
        return [properties_of(record) for record in self.records(name)]

    def level(self, name: str) -> int:
        """The level of the one event of that name."""
        [record] = self.records(name)
        return record.levelno


def properties_of(record: logging.LogRecord) -> dict[str, str]:
    """An event's properties, without what belongs to logging or to every event."""
    return {key: value for key, value in vars(record).items() if key not in _BY_LOGGING | _BY_EMIT}
