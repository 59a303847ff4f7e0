"""Short, printable excerpts of values that somebody else gave, for messages.

What a caller sends may be of any length, and may hold line breaks, escape sequences or marks that turn the direction of
the text around: none of it may reach a message as it is.
"""

from __future__ import annotations

import reprlib

MAXIMUM_LENGTH = 200
"""Characters, before the mark that something was cut off: enough for the resource id of an update run."""

_CUT = "…"


def excerpt_of(value: object) -> str:
    """A value as Python writes it, with unprintable characters escaped; cut off after `MAXIMUM_LENGTH` characters.

    No more of a long value than that is looked at.
    """
    return _cut(_REPR.repr(value))


def printable(text: str) -> str:
    """A text without quotes, its unprintable characters escaped; cut off after `MAXIMUM_LENGTH` characters."""
    if len(text) <= MAXIMUM_LENGTH and text.isprintable():
        return text
    characters = (c if c.isprintable() else repr(c)[1:-1] for c in text[: MAXIMUM_LENGTH + 1])
    return _cut("".join(characters))


def _cut(text: str) -> str:
    return text if len(text) <= MAXIMUM_LENGTH else text[:MAXIMUM_LENGTH] + _CUT


class _Repr(reprlib.Repr):
    """`repr` that stops early: on the way down, along a list, and in a text."""

    def __init__(self) -> None:
        super().__init__()
        self.maxlevel = 3
        self.maxdict = self.maxlist = self.maxtuple = 5
        self.maxother = self.maxlong = MAXIMUM_LENGTH + 1

    def repr_str(self, x: str, level: int) -> str:  # noqa: ARG002 - the base class's signature
        """The beginning of the text; the base class would show its end too."""
        return repr(x[: MAXIMUM_LENGTH + 1])


_REPR = _Repr()
