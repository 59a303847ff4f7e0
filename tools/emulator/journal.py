"""What happened, in order."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from tools.emulator.arm.values import json_time
from tools.json_value import Json


class Journal:
    """Numbered entries, each with the simulated time at which it was made.

    Args:
        now: the simulated time.
        changed: called after every entry, to wake long polls.
    """

    def __init__(self, now: Callable[[], datetime], changed: Callable[[], None] = lambda: None) -> None:
        self._now = now
        self._changed = changed
        self._entries: list[dict[str, Json]] = []

    @property
    def last(self) -> int:
        """The number of the latest entry, 0 if there is none."""
        return len(self._entries)

    def add(self, kind: str, **fields: Json) -> None:
        """Note that something happened, now."""
        self._entries.append({"seq": self.last + 1, "at": json_time(self._now()), "kind": kind, **fields})
        self._changed()

    def after(self, seq: int) -> list[dict[str, Json]]:
        """The entries with a higher number, oldest first."""
        return self._entries[max(seq, 0) :]
