"""All timers of an app, following a clock."""

import asyncio
from collections.abc import Sequence
from datetime import datetime

from tools.host.clock import Clock
from tools.host.timer import Timer


class TimerGroup:
    """Timers that take turns: in the order of their slots, one at a time."""

    def __init__(self, timers: Sequence[Timer]) -> None:
        self._timers = timers
        self._turn = asyncio.Lock()

    @property
    def due_at(self) -> datetime:
        """When the first of them is due."""
        return min(timer.due_at for timer in self._timers)

    async def run_due(self, now: datetime) -> None:
        """Run every timer that is due at or before now."""
        async with self._turn:
            while (timer := min(self._timers, key=lambda each: each.due_at)).due_at <= now:
                await timer.run(now)

    async def run_now(self, name: str) -> bool:
        """Run the timer of that name out of turn, when no other runs; whether it is in this group."""
        for timer in self._timers:
            if timer.function.name == name:
                async with self._turn:
                    await timer.run_now()
                return True
        return False


class Timers:
    """Runs timers when the clock reaches their slots, or on request."""

    def __init__(self, timers: Sequence[Timer], clock: Clock, *, in_order: bool) -> None:
        """Prepare.

        Args:
            timers: the timers
            clock: the clock they follow
            in_order: one after the other in the order of their slots, which makes a run under a clock that jumps
                repeatable. Otherwise they only wait for themselves, as in the real host.
        """
        groups = [timers] if in_order else [[timer] for timer in timers]
        self._groups = [TimerGroup(group) for group in groups if group]
        self._clock = clock
        self._following: list[asyncio.Task[None]] = []

    @property
    def next_at(self) -> datetime | None:
        """When the next timer is due; ``None`` without timers."""
        return min((group.due_at for group in self._groups), default=None)

    def start(self) -> None:
        """Follow the clock from now on."""
        self._following = [asyncio.create_task(self._follow(group)) for group in self._groups]

    async def stop(self) -> None:
        """Follow it no longer."""
        for task in self._following:
            task.cancel()
        await asyncio.gather(*self._following, return_exceptions=True)

    async def now(self) -> datetime:
        """What the clock says."""
        return await self._clock.now()

    async def run_due(self, now: datetime) -> None:
        """Run what is due at this time, also if the clock is behind it."""
        await asyncio.gather(*(group.run_due(now) for group in self._groups))

    async def run_now(self, name: str) -> None:
        """Run a timer beside its schedule, though not while it runs already."""
        for group in self._groups:
            if await group.run_now(name):
                return

    async def _follow(self, group: TimerGroup) -> None:
        while True:
            now = await self._clock.wait_until(group.due_at)
            await group.run_due(now)
