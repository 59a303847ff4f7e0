"""Moves time: to the next event, in the emulator or on the host's timers, and lets everyone finish there."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime

from tools.stack.control import ClockState, EmulatorControl, HostControl, at_rest
from tools.stack.kept_process import StackError

_PATIENCE_SECONDS = 60.0


def play(
    emulator: EmulatorControl,
    host: HostControl,
    until: datetime,
    step: Callable[[datetime], None],
    is_enough: Callable[[], bool] = lambda: False,
) -> None:
    """Play until then, or until `is_enough`.

    `step` is called after each stop in time, when all that follows from it is done, `is_enough` after it. The functions
    of this host are the only ones that send messages.

    Raises:
        StackError: the app did not come to rest.
    """
    clock, timer_at = _rest(emulator, host, emulator.clock().now)
    step(clock.now)
    while clock.now < until and not is_enough():
        upcoming = [moment for moment in (clock.next_event_at, timer_at) if moment is not None]
        clock = emulator.advance(max(clock.now, min([until, *upcoming])))
        # without an event on its way, and before its next timer, the host has no cause to do anything
        if not clock.idle or (timer_at is not None and timer_at <= clock.now):
            clock, timer_at = _rest(emulator, host, clock.now)
        step(clock.now)


def _rest(emulator: EmulatorControl, host: HostControl, now: datetime) -> tuple[ClockState, datetime | None]:
    """Wait until no part has work left at this time; the clock, and when the next timer or message is due."""
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < deadline:
        resting = at_rest(emulator, [host], now, _PATIENCE_SECONDS, others_send=False)
        if resting is not None:
            clock, [state] = resting
            return clock, state.next_timer_at
    raise StackError(f"the app did not come to rest at {now.isoformat()}; see the logs of host and emulator")
