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

_POLL_SECONDS = 1.0
_BUSY_POLL_SECONDS = 0.05
_log = logging.getLogger(__name__)


class Queues:
    """Polls the queues as long as it runs. Without queue triggers it does nothing."""

    def __init__(self, triggers: Sequence[QueueTrigger], services: Sequence[QueueService], clock: Clock) -> None:
        self._triggers = triggers
        self._services = services
        self._clock = clock
        self._turn = asyncio.Lock()
        self._woken = asyncio.Event()
        self._polling: asyncio.Task[None] | None = None
        self._reachable = True
        self._occasions = 0
        self._empty_since = -1

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
        """Begin to handle every message that is visible at this time. Whether there may be any.

        They are not polled if they were found empty after the last occasion on which a message may have been sent.

        Args:
            now: the time; messages that failed and wait for a later one stay where they are. None: all of them.
        """
        if not self._triggers:
            return False
        async with self._turn:
            self._woken.clear()
            if self._empty_since == self._occasions and not self._is_due(now):
                return False
            occasion = self._occasions
            try:
                found = await asyncio.gather(*(trigger.receive(now) for trigger in self._triggers))
            except QueueServiceError as error:
                if self._reachable:
                    _log.warning("queue triggers wait: %s", error)
                self._reachable = False
                return False
            self._reachable = True
            if not any(found):
                self._empty_since = occasion
            return any(found)

    def _is_due(self, now: datetime | None) -> bool:
        return now is not None and self.next_at is not None and self.next_at <= now

    async def _poll(self) -> None:
        while True:
            now: datetime | None = None
            if self.next_at is not None:
                with contextlib.suppress(ClockError):
                    now = await self._clock.now()
            if await self.receive(now):
                await asyncio.sleep(_BUSY_POLL_SECONDS)
            else:
                try:
                    await asyncio.wait_for(self._woken.wait(), _POLL_SECONDS)
                except TimeoutError:
                    self.suspect()  # others send messages too
