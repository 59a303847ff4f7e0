"""Moves time: to whatever happens next, in the emulator or on the host's timers, and lets everyone finish there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from local.stack.control import EmulatorControl, HostControl
from local.stack.kept_process import StackError

_PATIENCE_SECONDS = 60.0


def play(emulator: EmulatorControl, host: HostControl, until: datetime, step: Callable[[datetime], None]) -> None:
    """Play until then; `step` is called after each stop in time, when all that follows from it is done.

    Raises:
        StackError: the app did not come to rest.
    """
    now = emulator.clock().now
    while True:
        resting = host.wait_until_idle(now, _PATIENCE_SECONDS)
        clock = emulator.wait_until_idle(_PATIENCE_SECONDS)
        if not (resting.idle and clock.idle):
            raise StackError(f"the app did not come to rest at {now.isoformat()}; see the logs of host and emulator")
        step(now)
        if now >= until:
            return
        upcoming = [moment for moment in (clock.next_event_at, resting.next_timer_at) if moment is not None]
        now = emulator.advance(max(now, min([until, *upcoming]))).now
