"""Simulated time: a clock that stands still or runs at a rate, and the agenda of what happens when."""

from __future__ import annotations

import bisect
import heapq
import itertools
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta


@dataclass(frozen=True, slots=True)
class _Setting:
    """What the time was set to, when by the machine's clock, and at which rate it went on from there."""

    set_at: float
    time: datetime
    rate: float


class SimulatedClock:
    """Time and the agenda. Everything happens on the event loop's thread, each thing at its own time, in order."""

    def __init__(self, start: datetime, rate: float = 0.0) -> None:
        self._base = start.astimezone(UTC)
        self._rate = rate
        self._set_at = time.monotonic()
        self._agenda: list[tuple[datetime, int, Callable[[], None]]] = []
        self._order = itertools.count()
        self._history = [_Setting(time.time(), self._base, rate)]

    @property
    def rate(self) -> float:
        """Simulated seconds a real second; 0 is time that moves only by request."""
        return self._rate

    def now(self) -> datetime:
        """The simulated time. At a rate, it never passes something on the agenda that has not happened yet."""
        if self._rate == 0.0:
            return self._base
        reached = self._base + timedelta(seconds=(time.monotonic() - self._set_at) * self._rate)
        return self._not_beyond_the_agenda(reached)

    def set_rate(self, rate: float) -> None:
        """Run at another rate from now on."""
        now = self.now()
        self._rate = rate
        self._set_base(now)

    def schedule(self, at: datetime, callback: Callable[[], None]) -> None:
        """Have something happen at a time; at once on the next advance if the time has passed."""
        heapq.heappush(self._agenda, (max(at, self._base), next(self._order), callback))

    @property
    def next_event_at(self) -> datetime | None:
        """When the next thing on the agenda happens."""
        return self._agenda[0][0] if self._agenda else None

    def advance(self, to: datetime) -> None:
        """Move time forward, and let everything up to then happen, each at its own time.

        Raises:
            ValueError: the time lies in the past.
        """
        if to < self._base:
            raise ValueError(f"time does not go back from {self._base.isoformat()} to {to.isoformat()}")
        while self._agenda and self._agenda[0][0] <= to:
            at, _, callback = heapq.heappop(self._agenda)
            self._set_base(at)
            callback()
        self._set_base(to)

    def emulated_at(self, moment: datetime) -> datetime:
        """The simulated time at a moment of the machine's; that of the start for an earlier one."""
        real = moment.timestamp()
        index = max(bisect.bisect_right(self._history, real, key=lambda setting: setting.set_at) - 1, 0)
        setting = self._history[index]
        reached = setting.time + timedelta(seconds=max(real - setting.set_at, 0.0) * setting.rate)
        if index + 1 < len(self._history):
            return min(reached, self._history[index + 1].time)
        return self._not_beyond_the_agenda(reached)

    def _not_beyond_the_agenda(self, reached: datetime) -> datetime:
        return min(reached, self._agenda[0][0]) if self._agenda and self._agenda[0][0] > self._base else reached

    def _set_base(self, moment: datetime) -> None:
        self._base = max(moment, self._base)
        self._set_at = time.monotonic()
        last = self._history[-1]
        if self._rate > 0.0 or (self._base, self._rate) != (last.time, last.rate):
            self._history.append(_Setting(time.time(), self._base, self._rate))
