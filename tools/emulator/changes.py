"""Waiting for something to become true, for long polls."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable


class Changes:
    """Wakes who waits whenever something may have changed. Used on the event loop only."""

    def __init__(self) -> None:
        self._waiting: set[asyncio.Future[None]] = set()
        self._closed = False

    def notify(self) -> None:
        """Something may have changed."""
        waiting, self._waiting = self._waiting, set()
        for future in waiting:
            if not future.done():
                future.set_result(None)

    def close(self) -> None:
        """End all waits."""
        self._closed = True
        self.notify()

    async def wait_until(
        self, holds: Callable[[], bool], seconds: float, due_in: Callable[[], float | None] | None = None
    ) -> bool:
        """Wait until a condition holds or the (real) seconds are over; whether it holds.

        Args:
            holds: the condition, asked after every change.
            seconds: the patience.
            due_in: in how many seconds the condition may hold without a change, None if it cannot.
        """
        ends = time.monotonic() + seconds
        while not holds() and not self._closed:
            left = ends - time.monotonic()
            if left <= 0:
                return False
            due = due_in() if due_in is not None else None
            await self.next(left if due is None else min(left, max(due, 0.001)))
        return holds()

    async def next(self, seconds: float | None = None) -> None:
        """Wait for the next change, at most some (real) seconds."""
        future = asyncio.get_running_loop().create_future()
        self._waiting.add(future)
        try:
            await asyncio.wait([future], timeout=seconds)
        finally:
            self._waiting.discard(future)
