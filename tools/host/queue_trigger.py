"""One function with a queue trigger: receives its messages, runs it, and deletes, repeats or poisons them."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime

from azure.functions.meta import Datum

from tools.host.app_loader import FunctionDefinition
from tools.host.bindings import json_datum, text_datum
from tools.host.errors import ClockError, InvocationError, QueueServiceError
from tools.host.invocations import Invoker
from tools.host.queue_options import QueueOptions
from tools.host.queue_service import QueueService, ReceivedMessage

HIDDEN_SECONDS = 15.0
"""For how long a message is hidden from other hosts at a time. Real seconds: after them, a dead host's are visible."""

_RENEWED_AFTER_SECONDS = 5.0
_POISON = "-poison"
_log = logging.getLogger(__name__)


class _Held:
    """A message that this host keeps hidden from others, until it lets go of it."""

    def __init__(self, service: QueueService, queue: str, message: ReceivedMessage) -> None:
        self.message = message
        self._service = service
        self._queue = queue
        self._receipt: str | None = message.pop_receipt
        self._turn = asyncio.Lock()
        self._renewing = asyncio.create_task(self._renew())

    async def delete(self) -> None:
        await self._stop()
        if self._receipt is not None:
            await self._service.delete(self._queue, self.message, self._receipt)

    async def show(self) -> None:
        """Make it visible: the next one who asks receives it, with a count of one more."""
        await self._stop()
        if self._receipt is not None:
            await self._service.hide(self._queue, self.message, self._receipt, 0)

    async def let_go(self) -> None:
        """Do no more for it: it is visible after a while."""
        await self._stop()

    async def _renew(self) -> None:
        while self._receipt is not None:
            await asyncio.sleep(_RENEWED_AFTER_SECONDS)
            async with self._turn:
                with contextlib.suppress(QueueServiceError):
                    self._receipt = await self._service.hide(self._queue, self.message, self._receipt, HIDDEN_SECONDS)

    async def _stop(self) -> None:
        async with self._turn:  # a renewal that is on its way has a new receipt
            self._renewing.cancel()


class QueueTrigger:
    """A function and its queue. Messages are received as ``host.json`` says; a failed one waits by the host's clock."""

    def __init__(
        self,
        function: FunctionDefinition,
        service: QueueService,
        options: QueueOptions,
        invoker: Invoker,
        now: Callable[[], Awaitable[datetime]],
    ) -> None:
        self.function = function
        self._queue = str(function.trigger["queueName"])
        self._service = service
        self._options = options
        self._invoker = invoker
        self._now = now
        self._running: set[asyncio.Task[None]] = set()
        self._waiting: list[tuple[datetime, _Held]] = []

    @property
    def next_at(self) -> datetime | None:
        """When the next message that failed is visible again."""
        return min((at for at, _ in self._waiting), default=None)

    async def receive(self, now: datetime | None) -> bool:
        """Show messages whose time has come, and begin to handle those that are visible. Whether there may be more."""
        if now is not None:
            due = [held for at, held in self._waiting if at <= now]
            self._waiting = [(at, held) for at, held in self._waiting if at > now]
            for held in due:
                try:
                    await held.show()
                except QueueServiceError:
                    self._waiting.append((now, held))
                    raise
        if len(self._running) > self._options.new_batch_threshold:
            return True  # there may be more: whether, only a later call finds out
        messages = await self._service.receive(self._queue, self._options.batch_size, HIDDEN_SECONDS)
        for message in messages:
            task = asyncio.create_task(self._handle(message, self._invoker.begin()))
            self._running.add(task)
            task.add_done_callback(self._running.discard)
        return len(messages) == self._options.batch_size

    async def _handle(self, message: ReceivedMessage, end: Callable[[], None]) -> None:
        held = _Held(self._service, self._queue, message)
        try:
            if await self._succeeds(message):
                await held.delete()
            elif message.dequeue_count >= self._options.max_dequeue_count:
                await self._service.send(self._queue + _POISON, message.text)
                await held.delete()
                _log.warning("message %s went to the queue %s%s", message.id, self._queue, _POISON)
            else:
                self._waiting.append((await self._now() + self._options.visibility_timeout, held))
        except (QueueServiceError, ClockError) as error:
            _log.warning("message %s of the queue %s comes again: %s", message.id, self._queue, error)
            await held.let_go()
        finally:
            end()

    async def _succeeds(self, message: ReceivedMessage) -> bool:
        reason = f"message {message.id} of the queue {self._queue}"
        try:
            await self._invoker.invoke(
                self.function, text_datum(message.text), reason=reason, metadata=_metadata(message)
            )
        except InvocationError:
            return False
        return True


def _metadata(message: ReceivedMessage) -> Mapping[str, Datum]:
    """What the real host passes beside the text."""
    return {
        "Id": text_datum(message.id),
        "PopReceipt": text_datum(message.pop_receipt),
        "DequeueCount": json_datum(str(message.dequeue_count)),
        "InsertionTime": text_datum(message.insertion_time.isoformat()),
        "ExpirationTime": text_datum(message.expiration_time.isoformat()),
        "NextVisibleTime": text_datum(message.next_visible_time.isoformat()),
    }
