"""Prints what happens in a stack: the app's log, and the emulator's journal."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from operator import itemgetter
from pathlib import Path

from tools.demo.narrator import Narrator
from tools.json_value import JsonObject
from tools.stack.control import EmulatorControl, as_time
from tools.stack.log_tail import LogTail


class Follower:
    """Begins with what happens after it was made."""

    def __init__(self, emulator: EmulatorControl, host_log: Path, narrator: Narrator) -> None:
        self._emulator = emulator
        self._narrator = narrator
        self._log = LogTail(host_log, from_end=True)
        self._last = emulator.journal_end()
        self._logged_at = emulator.clock().now
        self.has_seen_release = False
        """Whether a region has got something new since."""

    def step(self, now: datetime) -> None:
        """Tell what happened since the last step, and what time it is."""
        self.listen()
        self._narrator.show_time(now)

    def listen(self, wait_seconds: float = 0.0) -> None:
        """Tell what happened since the last step; waits so long for something to happen if nothing has.

        The journal and the log are printed as one, by the time at which things happened.
        """
        entries: list[tuple[datetime, Callable[[], None]]] = []
        for entry in self._emulator.journal(self._last, wait_seconds):
            self._last = max(self._last, int(str(entry["seq"])))
            self.has_seen_release |= entry["kind"] == "release"
            entries.append((as_time(entry["at"]), partial(self._narrator.show_journal_entry, entry)))
        entries += [
            (self._time_of(record), partial(self._narrator.show_log_record, record))
            for record in self._log.new_records()
        ]
        for _, show in sorted(entries, key=itemgetter(0)):
            show()

    def _time_of(self, record: JsonObject) -> datetime:
        """When what is logged happened, in simulated time; with what was logged before where it does not say."""
        fields = record.get("fields")
        if isinstance(fields, dict) and "at" in fields:
            self._logged_at = as_time(fields["at"])
        return self._logged_at
