"""All queue triggers of an app: polled every second, and whenever something may have sent a message."""

import asyncio
import contextlib
import logging
from collections.abc import Sequence
from datetime import datetime

from tools.host.clock import Clock
from tools.host.errors import ClockError, QueueServiceError
from tools.host.queue_service import QueueService
from tools.host.queue_trigger import QueueTrigger

_FIRST_POLL_SECONDS = 1.0
_BUSY_POLL_SECONDS = 0.05
_AFTER_AN_END_SECONDS = 0.1
"""Functions that end together cost one poll."""
_log = logging.getLogger(__name__)


class Queues:
    """Polls the queues as long as it runs. Without queue triggers it does nothing.

    As the real host does, it polls more and more rarely while it finds nothing, down to once in `poll_seconds`.
    """

    def __init__(
        self, triggers: Sequence[QueueTrigger], services: Sequence[QueueService], clock: Clock, poll_seconds: float
    ) -> None:
        self._triggers = triggers
        self._services = services
        self._clock = clock
        self._poll_seconds = poll_seconds
        self._turn = asyncio.Lock()
        self._woken = asyncio.Event()
        self._polling: asyncio.Task[None] | None = None
        self._reachable = True
        self._occasions = 0
        self._empty_since = [-1] * len(triggers)

    @property
    def next_at(self) -> datetime | None:
        """When the next message that failed comes again; None if none waits."""
        return min((at for trigger in self._triggers if (at := trigger.next_at) is not None), default=None)

    def wake(self) -> None:
        """Poll soon: an invocation has ended, which may have sent messages."""
        self.suspect()
        self._woken.set()

    def suspect(self) -> None:
        """Something may have sent messages: that the queues were found empty before counts no longer."""
        self._occasions += 1

    def start(self) -> None:
        """Poll from now on."""
        if self._triggers:
            self._polling = asyncio.create_task(self._poll())

    async def stop(self) -> None:
        """Receive nothing more, and close the connections."""
        if self._polling is not None:
            self._polling.cancel()
            await asyncio.gather(self._polling, return_exceptions=True)
        for service in self._services:
            await service.close()

    async def receive(self, now: datetime | None = None) -> bool:
        """Begin to handle every message that is visible at this time. Whether there may be more.

        A queue is not polled if it was found empty after the last occasion on which a message may have been sent.

        Args:
            now: the time; messages that failed and wait for a later one stay where they are. None: all of them.
        """
        if not self._triggers:
            return False
        async with self._turn:
            self._woken.clear()
            occasion = self._occasions
            polled = [number for number in range(len(self._triggers)) if self._may_have_any(number, now)]
            try:
                more = await asyncio.gather(*(self._triggers[number].receive(now) for number in polled))
            except QueueServiceError as error:
                if self._reachable:
                    _log.warning("queue triggers wait: %s", error)
                self._reachable = False
                return False
            self._reachable = True
            for number, has_more in zip(polled, more, strict=True):
                if not has_more:
                    self._empty_since[number] = occasion
            return any(more)

    def _may_have_any(self, number: int, now: datetime | None) -> bool:
        return self._empty_since[number] != self._occasions or self._is_due(self._triggers[number], now)

    @staticmethod
    def _is_due(trigger: QueueTrigger, now: datetime | None) -> bool:
        return now is not None and trigger.next_at is not None and trigger.next_at <= now

    async def _poll(self) -> None:
        pause = _FIRST_POLL_SECONDS
        while True:
            now: datetime | None = None
            if self.next_at is not None:
                with contextlib.suppress(ClockError):
                    now = await self._clock.now()
            if await self.receive(now):
                await asyncio.sleep(_BUSY_POLL_SECONDS)
            else:
                try:
                    await asyncio.wait_for(self._woken.wait(), pause)
                    await asyncio.sleep(_AFTER_AN_END_SECONDS)
                    pause = _FIRST_POLL_SECONDS
                except TimeoutError:
                    self.suspect()  # others send messages too
                    pause = min(2 * pause, self._poll_seconds)
