"""Time that runs automatically: what is scheduled happens on time."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime
from typing import Final

from tools.emulator.changes import Changes
from tools.emulator.clock import SimulatedClock

_LOG: Final = logging.getLogger(__name__)


class RunningClock(SimulatedClock):
    """A clock that notifies a timekeeper when its agenda or its rate changes."""

    def __init__(self, start: datetime, rate: float, changes: Changes) -> None:
        super().__init__(start, rate)
        self._changes = changes
        self._advancing = False
        self.published: Callable[[datetime], None] = lambda _: None
        """Gets the time before anyone else does, except while actions that were scheduled are in progress."""

    def now(self) -> datetime:
        """See `SimulatedClock`; an action in progress sees the time it was scheduled for, at any rate."""
        if self._advancing:
            return self._base
        now = super().now()
        self.published(now)
        return now

    def schedule(self, at: datetime, callback: Callable[[], None]) -> None:
        """See `SimulatedClock`; never for a time that has passed, so that time does not go back."""
        super().schedule(max(at, self.now()), callback)
        if self.rate > 0:
            self._changes.notify()

    def set_rate(self, rate: float) -> None:
        """See `SimulatedClock`."""
        super().set_rate(rate)
        self._changes.notify()

    def advance(self, to: datetime) -> None:
        """See `SimulatedClock`."""
        self._advancing = True
        try:
            super().advance(to)
        finally:
            self._advancing = False
            self.now()
        self._changes.notify()

    def seconds_until(self, moment: datetime | None) -> float | None:
        """Real seconds until then at this rate; None without a moment, or if time stands still."""
        if moment is None or self.rate <= 0:
            return None
        return max((moment - self.now()).total_seconds() / self.rate, 0.0)


async def keep_time(clock: RunningClock, changes: Changes) -> None:
    """Let things happen when they are due, for as long as this runs. Does nothing while time stands still."""
    while True:
        due = clock.next_event_at
        if clock.rate > 0 and due is not None and clock.seconds_until(due) == 0.0:
            try:
                clock.advance(due)
            except Exception:  # noqa: BLE001 - time has to continue after any error, which is logged here only
                _LOG.exception("A scheduled action failed; time continues")
            await asyncio.sleep(0)
            continue
        await changes.next(clock.seconds_until(due))
