"""Pages of a list: `?top=` entries from `?skip=` on, with a link to the next page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import azure.functions as func

from shared.errors import InvalidInputError

DEFAULT_TOP = 100
MAXIMUM_TOP = 1000
_MAXIMUM_SKIP = 1_000_000
KEY_PARAMETER = "code"
"""The query parameter for the function key. The Functions host checks it; the app ignores it and never shows it."""


@dataclass(frozen=True, slots=True)
class Page:
    """Which entries of a list to return."""

    path: str
    top: int = DEFAULT_TOP
    skip: int = 0

    @property
    def end(self) -> int:
        """The index after the last entry."""
        return self.skip + self.top

    @property
    def next_link(self) -> str:
        """The next page, relative to the host: without the key, which belongs into a header."""
        return f"{self.path}?top={self.top}&skip={self.end}"


def read_page(req: func.HttpRequest, path: str) -> Page:
    """The page that the query asks for.

    Raises:
        InvalidInputError: a parameter is unknown, or no number in its range.
    """
    reject_parameters(req, ("top", "skip"))
    return Page(
        path,
        top=_number(req.params, "top", 1, MAXIMUM_TOP, DEFAULT_TOP),
        skip=_number(req.params, "skip", 0, _MAXIMUM_SKIP, 0),
    )


def reject_parameters(req: func.HttpRequest, known: tuple[str, ...] = ()) -> None:
    """Check that the query has no other parameters, but for the key.

    Raises:
        InvalidInputError: it has one.
    """
    for name, value in req.params.items():
        if name not in (*known, KEY_PARAMETER):
            expected = f"no other parameters than {' and '.join(known)}" if known else "no parameters"
            raise InvalidInputError(name, value, expected, reported_field="A query parameter")


def age_seconds(moment: datetime | None, now: datetime) -> int | None:
    """Whole seconds since the moment; None without one, 0 for one that lies ahead."""
    return None if moment is None else max(0, int((now - moment).total_seconds()))


def _number(params: Mapping[str, str], name: str, lowest: int, highest: int, default: int) -> int:
    text = params.get(name)
    if text is None:
        return default
    if not (text.isascii() and text.isdigit()) or len(text) > len(str(highest)) or not lowest <= int(text) <= highest:
        raise InvalidInputError(name, text, f"a whole number from {lowest} to {highest}")
    return int(text)
