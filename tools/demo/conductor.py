"""Moves time: to the next event, in the emulator or on the host's timers, and lets everyone finish there."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime

from tools.stack.control import EmulatorControl, HostControl, at_rest
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

    `step` is called after each stop in time, when all that follows from it is done, `is_enough` after it.

    Raises:
        StackError: the app did not come to rest.
    """
    now = emulator.clock().now
    while True:
        upcoming = _rest(emulator, host, now)
        step(now)
        if now >= until or is_enough():
            return
        now = emulator.advance(max(now, min([until, *upcoming]))).now


def _rest(emulator: EmulatorControl, host: HostControl, now: datetime) -> list[datetime]:
    """Wait until no part has work left at this time; when each has something to do next."""
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < deadline:
        resting = at_rest(emulator, [host], now, _PATIENCE_SECONDS)
        if resting is not None:
            clock, [state] = resting
            return [moment for moment in (clock.next_event_at, state.next_timer_at) if moment is not None]
    raise StackError(f"the app did not come to rest at {now.isoformat()}; see the logs of host and emulator")
