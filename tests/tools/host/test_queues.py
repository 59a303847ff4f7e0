"""When the host polls its queues: after each occasion on which a message may have been sent, and not more often."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime
from typing import cast

from tools.host.clock import RealClock
from tools.host.errors import QueueServiceError
from tools.host.queue_trigger import QueueTrigger
from tools.host.queues import Queues

POLL_SECONDS = 60.0
NOW = datetime(2026, 1, 1, tzinfo=UTC)


class Trigger:
    """A queue trigger that counts polls, and finds messages in those that are said to."""

    def __init__(self) -> None:
        self.polls = 0
        self.finds: set[int] = set()
        self.fails: set[int] = set()
        self.next_at: datetime | None = None
        self.during_poll: Callable[[], object] = lambda: None

    async def receive(self, _: datetime | None) -> bool:
        self.polls += 1
        self.during_poll()
        if self.polls in self.fails:
            raise QueueServiceError("the queue does not respond")
        return self.polls in self.finds


def polls(scene: Callable[[Queues, Trigger], Coroutine[None, None, None]]) -> int:
    """How often the queue was polled in a scene."""
    trigger = Trigger()
    asyncio.run(scene(Queues([cast("QueueTrigger", trigger)], [], RealClock(), POLL_SECONDS), trigger))
    return trigger.polls


def test_queues_found_empty_are_not_polled_again() -> None:
    async def scene(queues: Queues, _: Trigger) -> None:
        assert not await queues.receive(NOW)
        assert not await queues.receive(NOW)

    assert polls(scene) == 1


def test_they_are_polled_after_a_function_has_run() -> None:
    async def scene(queues: Queues, _: Trigger) -> None:
        await queues.receive(NOW)
        queues.wake()
        await queues.receive(NOW)

    assert polls(scene) == 2


def test_they_are_polled_when_others_may_have_sent_messages() -> None:
    async def scene(queues: Queues, _: Trigger) -> None:
        await queues.receive(NOW)
        queues.suspect()
        await queues.receive(NOW)

    assert polls(scene) == 2


def test_they_are_polled_until_none_is_left() -> None:
    async def scene(queues: Queues, trigger: Trigger) -> None:
        trigger.finds = {1, 2}
        assert [await queues.receive(NOW) for _ in range(4)] == [True, True, False, False]

    assert polls(scene) == 3


def test_a_function_that_ends_during_a_poll_has_them_polled_again() -> None:
    async def scene(queues: Queues, trigger: Trigger) -> None:
        trigger.during_poll = queues.wake
        await queues.receive(NOW)
        trigger.during_poll = lambda: None
        await queues.receive(NOW)
        await queues.receive(NOW)

    assert polls(scene) == 2


def test_functions_that_end_together_have_them_polled_once() -> None:
    async def scene(queues: Queues, trigger: Trigger) -> None:
        polled = asyncio.Event()
        trigger.during_poll = polled.set
        queues.start()
        await polled.wait()
        polled.clear()
        for _ in range(20):
            queues.wake()
            await asyncio.sleep(0)  # all that is ready runs
        await polled.wait()
        await queues.stop()

    assert polls(scene) == 2


def test_a_failed_poll_found_nothing_out() -> None:
    async def scene(queues: Queues, trigger: Trigger) -> None:
        trigger.fails = {1}
        await queues.receive(NOW)
        await queues.receive(NOW)

    assert polls(scene) == 2


def test_a_message_that_failed_is_shown_when_its_time_has_come() -> None:
    async def scene(queues: Queues, trigger: Trigger) -> None:
        await queues.receive(NOW)
        trigger.next_at = NOW.replace(minute=5)
        await queues.receive(NOW.replace(minute=4))
        assert trigger.polls == 1
        await queues.receive(NOW.replace(minute=5))

    assert polls(scene) == 2


def test_a_queue_found_empty_is_not_polled_because_another_has_more() -> None:
    empty, full = Trigger(), Trigger()
    full.finds = {1, 2}

    async def scene() -> None:
        queues = Queues([cast("QueueTrigger", empty), cast("QueueTrigger", full)], [], RealClock(), POLL_SECONDS)
        while await queues.receive(NOW):
            pass

    asyncio.run(scene())

    assert (empty.polls, full.polls) == (1, 3)
