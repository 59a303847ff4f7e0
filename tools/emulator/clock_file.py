"""The time in a file, for an app that reads it often: that costs a hundredth of a request."""

from __future__ import annotations

import json
import threading
from datetime import datetime
from pathlib import Path
from typing import Final

from tools.emulator.arm.values import json_time
from tools.emulator.changes import Changes
from tools.emulator.ticker import RunningClock

_TICK_SECONDS: Final = 0.02


class ClockFile:
    """Contains `{"now": "…"}`. No response of the emulator is ahead of it; at a rate it may be a tick behind.

    Raises:
        OSError: the file cannot be written.
    """

    def __init__(self, path: Path, clock: RunningClock) -> None:
        self._path = path
        self._clock = clock
        self._turn = threading.Lock()
        self._written: datetime | None = None
        self._write(clock.now())
        clock.published = self._write

    async def keep(self, changes: Changes) -> None:
        """Write the time again and again while it runs by itself."""
        while True:
            self._clock.now()
            await changes.next(_TICK_SECONDS if self._clock.rate > 0 else None)

    def _write(self, now: datetime) -> None:
        """Replace the file, so that no reader sees half of it."""
        with self._turn:
            if now == self._written:
                return
            new = self._path.with_suffix(".new")
            new.write_text(json.dumps({"now": json_time(now)}))
            new.replace(self._path)
            self._written = now
