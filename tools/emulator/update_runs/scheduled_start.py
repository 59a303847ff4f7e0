"""When a gate of type ScheduledStart completes: a day of the week and a time, in a zone with an offset from UTC."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from tools.emulator.arm.body import text_at
from tools.json_value import Json

DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
"""In the order of `datetime.weekday`."""


@dataclass(frozen=True)
class ScheduledStart:
    """A `scheduledStartConfiguration`."""

    configuration: dict[str, Json]

    def next_from(self, moment: datetime) -> datetime:
        """The first such time from the moment on. UNVERIFIED: that the moment itself counts."""
        local = moment + self._utc_offset
        midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
        days = (DAYS.index(text_at(self.configuration, "startDay")) - local.weekday()) % 7
        start = midnight + timedelta(days=days) + _since_midnight(text_at(self.configuration, "startTime"))
        return (start if start >= local else start + timedelta(days=7)) - self._utc_offset

    @property
    def _utc_offset(self) -> timedelta:
        text = text_at(self.configuration, "utcOffset")
        size = _since_midnight(text[1:])
        return -size if text.startswith("-") else size


def _since_midnight(text: str) -> timedelta:
    hours, _, minutes = text.partition(":")
    return timedelta(hours=int(hours), minutes=int(minutes))
