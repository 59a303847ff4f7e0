"""Reads rows of the ledger one by one: a row that cannot be read affects no other.

Why one cannot be: an entity was edited by hand or damaged, or a later version of the app wrote it. What then applies
depends on the kind of row: docs/operate.md has the table.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import TypeVar

from shared import telemetry
from shared.azure.ledger.entities import SCHEMA, SCHEMA_VERSION
from shared.core.model.times import in_utc
from shared.core.model.unknown import Unknown
from shared.errors import InvalidInputError
from shared.excerpt import printable

T = TypeVar("T")

_LONGEST_WHY = 80
_UNREADABLE = (InvalidInputError, LookupError, ValueError, TypeError, AttributeError, ArithmeticError, RecursionError)
"""What parsers raise; anything else is a bug."""


class RowReader:
    """Reports each row that cannot be read to telemetry, once in the life of the process."""

    def __init__(self) -> None:
        self._reported: set[tuple[str, str]] = set()
        self._lock = threading.Lock()

    def read(
        self, partition: str, row: str, values: Mapping[str, str], parse: Callable[[Mapping[str, str]], T]
    ) -> T | Unknown:
        """The value of a row, or why it is unknown: a clause that names the row."""
        try:
            version = values.get(SCHEMA, SCHEMA_VERSION)
            if version != SCHEMA_VERSION:
                return self._unknown(partition, row, f"its {SCHEMA} is {printable(version, _LONGEST_WHY)}")
            return parse(values)
        except _UNREADABLE as error:
            why = f"it has no {error.args[0]}" if isinstance(error, KeyError) else str(error) or type(error).__name__
            return self._unknown(partition, row, printable(why, _LONGEST_WHY))

    def _unknown(self, partition: str, row: str, why: str) -> Unknown:
        unknown = Unknown(
            f"row '{printable(row)}' of the ledger's partition '{printable(partition)}' is not readable ({why})"
        )
        with self._lock:
            is_new = (partition, row) not in self._reported
            self._reported.add((partition, row))
        if is_new:
            telemetry.unreadable("ledger", [f"{unknown.why}."])
        return unknown


def time_in(row: Mapping[str, str], name: str) -> datetime:
    """A time in a row.

    Raises:
        InvalidInputError, LookupError, ValueError: it has none, or one of no use.
    """
    return in_utc(datetime.fromisoformat(row[name]), name)


def optional_time_in(row: Mapping[str, str], name: str) -> datetime | None:
    """The same; None for an empty or absent text."""
    return time_in(row, name) if row.get(name) else None


def seen_in(row: Mapping[str, str]) -> tuple[str, datetime]:
    """The key of a release in a row, and when it was first seen.

    Raises:
        InvalidInputError, LookupError, ValueError: a part of it is missing or malformed.
    """
    return row["key"], time_in(row, "firstSeen")


def texts_in(text: str) -> list[str]:
    """The texts of a list in JSON.

    Raises:
        ValueError, TypeError: it is something else.
    """
    found: object = json.loads(text)
    if not isinstance(found, list) or not all(isinstance(each, str) for each in found):
        raise TypeError("no list of texts")
    return found


LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
"""For a row that claims nothing."""
