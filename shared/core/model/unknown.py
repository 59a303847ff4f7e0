"""Values that could not be read or parsed: kept as such, so that no rule can mistake them for "does not exist"."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Unknown:
    """A fact that could not be read; `why` is a clause for a sentence, without a full stop."""

    why: str


@dataclass(frozen=True, slots=True)
class Unparsed:
    """A value that was read but has no known form."""

    text: str

    def __str__(self) -> str:
        return self.text
