"""Values that could not be read or parsed, or do not exist: kept apart, so that no rule mistakes one for another."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Unknown:
    """A fact that could not be read; `why` is a clause for a sentence, without a full stop."""

    why: str


@dataclass(frozen=True, slots=True)
class Absent:
    """A fact that was read: there is none."""


@dataclass(frozen=True, slots=True)
class Unparsed:
    """A value that was read but has no known form."""

    text: str

    def __str__(self) -> str:
        return self.text
