"""Emulated time that moves when a test says so, and the journal of what happened."""

import datetime as dt
import heapq
import threading
from collections.abc import Callable
from itertools import count

from tests.tools.emulator_edge.server import DEADLINE_SECONDS
from tools.json_value import Json

START = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)


class ManualTime:
    """Clock, scheduler and journal in one; `changed` wakes all waits."""

    def __init__(self) -> None:
        self._now = START
        self._numbers = count()
        self.due: list[tuple[dt.datetime, int, Callable[[], None]]] = []
        self.entries: list[dict[str, Json]] = []
        self._changed = threading.Condition()

    def now(self) -> dt.datetime:
        return self._now

    def schedule(self, at: dt.datetime, callback: Callable[[], None]) -> None:
        heapq.heappush(self.due, (at, next(self._numbers), callback))

    def journal(self, kind: str, **fields: Json) -> None:
        self.entries.append({"kind": kind, "at": (self._now - START).total_seconds(), **fields})

    def changed(self) -> None:
        with self._changed:
            self._changed.notify_all()

    def wait_until(self, condition: Callable[[], bool]) -> None:
        """Wait for something that `changed` announces."""
        with self._changed:
            assert self._changed.wait_for(condition, DEADLINE_SECONDS)

    def move_to_next(self) -> Callable[[], None]:
        """Let time come to the next scheduled moment; what has to be called then, on the event loop."""
        self._now, _, callback = heapq.heappop(self.due)
        return callback

    def kinds(self) -> list[Json]:
        return [entry["kind"] for entry in self.entries]
