"""Short, printable excerpts of values from outside, for messages.

A caller may send text of any length, with line breaks, escape sequences or marks that reverse the direction of text.
None of these may reach a message unchanged.
"""

from __future__ import annotations

import reprlib

MAXIMUM_LENGTH = 200
"""Characters before the mark of a cut: enough for the resource id of an update run."""

_CUT = "…"


def excerpt_of(value: object) -> str:
    """A value as Python writes it, with unprintable characters escaped; cut off after `MAXIMUM_LENGTH` characters.

    The rest of a long value is not read.
    """
    return _cut(_REPR.repr(value))


def printable(text: str, longest: int = MAXIMUM_LENGTH) -> str:
    """A text without quotes, its unprintable characters escaped; cut off after `longest` characters."""
    if len(text) <= longest and text.isprintable():
        return text
    characters = (c if c.isprintable() else repr(c)[1:-1] for c in text[: longest + 1])
    return _cut("".join(characters), longest)


def _cut(text: str, longest: int = MAXIMUM_LENGTH) -> str:
    return text if len(text) <= longest else text[:longest] + _CUT


class _Repr(reprlib.Repr):
    """`repr` with limits on depth, on the length of a list, and on the length of a text."""

    def __init__(self) -> None:
        super().__init__()
        self.maxlevel = 3
        self.maxdict = self.maxlist = self.maxtuple = 5
        self.maxother = self.maxlong = MAXIMUM_LENGTH + 1

    def repr_str(self, x: str, level: int) -> str:  # noqa: ARG002 - the base class's signature
        """The first characters of the text; the base class would show the last ones too."""
        return repr(x[: MAXIMUM_LENGTH + 1])


_REPR = _Repr()
