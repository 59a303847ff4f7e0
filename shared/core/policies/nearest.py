"""The known name that a mistyped one is nearest to."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


def nearest(given: str, known: Iterable[str]) -> str:
    """The most alike of the known names; there must be one."""
    [found] = difflib.get_close_matches(given, list(known), n=1, cutoff=0.0)
    return found
