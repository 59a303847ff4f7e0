"""Delivery to webhooks, at least once."""

import asyncio
import datetime as dt
import logging
from collections import defaultdict
from collections.abc import Callable, Mapping
from typing import Final

import httpx

from tools.emulator.event_grid import retry
from tools.emulator.event_grid.instants import to_wire
from tools.emulator.event_grid.message import Delivery, dead_letter_of, request_of
from tools.emulator.event_grid.service_time import SupportsNow
from tools.emulator.event_grid.subscription import Subscription
from tools.json_value import Json

IN_FLIGHT: Final = 8
"""Attempts at a time for each subscription."""

_LOG: Final = logging.getLogger(__name__)


class Deliverer:
    """Makes the attempts as tasks of the running event loop; waiting for the next one takes no task.

    Args:
        client: the HTTP client, at the time of use.
        subscriptions: the present ones by name; events on their way to a deleted one are dropped.
        clock: the emulated time; pauses between attempts are measured in it.
        journal: called at every attempt's end, as `journal(kind, **fields)`.
        schedule: calls back, on the event loop, when the emulated time is `at`.
        changed: called whenever an attempt is over.
    """

    def __init__(
        self,
        client: Callable[[], httpx.AsyncClient],
        subscriptions: Mapping[str, Subscription],
        clock: SupportsNow,
        journal: Callable[..., None],
        schedule: Callable[[dt.datetime, Callable[[], None]], None],
        changed: Callable[[], None],
    ) -> None:
        self._client = client
        self._subscriptions = subscriptions
        self._clock = clock
        self._journal = journal
        self._schedule = schedule
        self._changed = changed
        self._tasks: set[asyncio.Task[None]] = set()
        self._slots: defaultdict[str, asyncio.Semaphore] = defaultdict(lambda: asyncio.Semaphore(IN_FLIGHT))

    def idle(self) -> bool:
        """Whether every attempt due by now has ended."""
        return not self._tasks

    def start(self, delivery: Delivery) -> None:
        """Make the next attempt, now."""
        task = asyncio.get_running_loop().create_task(self._attempt(delivery))
        self._tasks.add(task)
        task.add_done_callback(self._over)

    async def cancel(self) -> None:
        """End all attempts in progress."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _over(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        error = None if task.cancelled() else task.exception()
        if error is not None:
            _LOG.error("A delivery broke off", exc_info=error)
        self._changed()

    async def _attempt(self, delivery: Delivery) -> None:
        async with self._slots[delivery.subscription]:
            subscription = self._subscriptions.get(delivery.subscription)
            if subscription is None:
                return
            status, outcome = await self._post(delivery, subscription)
        delivery.attempts += 1
        if status in retry.SUCCESS:
            self._record("eventDelivered", delivery, subscription, status=status)
        else:
            self._failed(delivery, subscription, status, outcome)

    async def _post(self, delivery: Delivery, subscription: Subscription) -> tuple[int | None, str]:
        """The status of the response, None without one, and the outcome's name in a dead letter."""
        headers, body = request_of(delivery, subscription)
        try:
            async with asyncio.timeout(retry.RESPONSE_WITHIN_SECONDS):
                response = await self._client().post(subscription.endpoint, content=body, headers=headers)
        except (TimeoutError, httpx.TimeoutException):
            return None, "TimedOut"
        except httpx.HTTPError:
            return None, "Aborted"
        return response.status_code, retry.outcome_of(response.status_code)

    def _failed(self, delivery: Delivery, subscription: Subscription, status: int | None, outcome: str) -> None:
        now = self._clock.now()
        due = now + retry.wait_after(delivery.attempts, status)
        reason = None
        if retry.is_final(status):
            reason = f"UndeliverableDueToHttp{outcome}"
        elif delivery.attempts >= subscription.max_delivery_attempts:
            reason = "MaxDeliveryAttemptsExceeded"
        elif due > delivery.published_at + dt.timedelta(minutes=subscription.time_to_live_minutes):
            reason = "TimeToLiveExceeded"
        again = None if reason else to_wire(due)
        self._record("eventFailed", delivery, subscription, status=status, outcome=outcome, nextAttemptAt=again)
        if reason is None:
            self._schedule(due, lambda: self.start(delivery))
        else:
            self._give_up(delivery, subscription, reason, outcome)

    def _give_up(self, delivery: Delivery, subscription: Subscription, reason: str, outcome: str) -> None:
        """Write the dead letter five minutes from now, or drop the event at once if no one collects them.

        The journal has no file for what was dropped. As in Azure, a place that cannot be written to drops it too.
        """
        file = subscription.dead_letter_file
        if file is None:
            self._record("eventDeadLettered", delivery, subscription, reason=reason, outcome=outcome, file=None)
            return
        now = self._clock.now()
        line = dead_letter_of(delivery, subscription, reason, outcome, now)

        def write() -> None:
            written: str | None = str(file)
            try:
                with file.open("a", encoding="utf-8") as letters:
                    letters.write(line + "\n")
            except OSError as error:
                _LOG.warning("A dead letter is lost: %s", error)
                written = None
            self._record("eventDeadLettered", delivery, subscription, reason=reason, outcome=outcome, file=written)

        self._schedule(now + retry.DEAD_LETTER_AFTER, write)

    def _record(self, kind: str, delivery: Delivery, subscription: Subscription, **fields: Json) -> None:
        self._journal(
            kind,
            subscription=subscription.name,
            source=subscription.source,
            eventId=delivery.event.id,
            eventType=delivery.event.type,
            attempts=delivery.attempts,
            **fields,
        )
