"""When a cluster may be upgraded: its maintenance window, and what that means for its turn in an update run."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from enum import IntEnum
from typing import Final

from tools.emulator.aks.maintenance_schedule import Schedule

HORIZON: Final = timedelta(days=5 * 366)
"""How far ahead an opening is searched."""

SOON: Final = timedelta(hours=4)
"""A window that opens within this time goes before a cluster without one (Fleet's update orchestration concepts)."""

_DAY: Final = timedelta(days=1)


@dataclass(frozen=True)
class DateRange:
    """Whole days in the window's own offset; `last` belongs to it."""

    first: date
    last: date

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last


@dataclass(frozen=True)
class Window:
    """A maintenance window. Times of day and dates are in `zone`, a fixed offset: there is no daylight saving time.

    A day in `excluded` is closed from midnight to midnight, as AKS's description of `notAllowedDates` has it. What an
    occurrence has left before or after it stays open. UNVERIFIED: AKS might cancel the occurrence as a whole.

    Attributes:
        schedule: on which days it opens.
        starts_at: the time of day at which it opens.
        duration: how long it stays open, at most 24 hours; it can continue after midnight.
        start_date: it does not open before this date, and occurrences are counted from it.
    """

    schedule: Schedule
    starts_at: time
    duration: timedelta
    zone: timezone = UTC
    start_date: date = date.min
    excluded: tuple[DateRange, ...] = ()

    def is_open(self, now: datetime) -> bool:
        """Whether an upgrade may begin now; the moment of opening belongs to the window, that of closing does not."""
        here = now.astimezone(self.zone)
        if any(here.date() in days for days in self.excluded):
            return False
        return self._has_begun(here, here.date()) or self._has_begun(here, here.date() - _DAY)

    def opens_at(self, now: datetime, within: timedelta = HORIZON) -> datetime | None:
        """The first moment from now on at which it is open, in UTC; None if there is none within the time."""
        return self._first(now, within, is_open=True)

    def closes_at(self, now: datetime) -> datetime | None:
        """The first moment from now on at which it is closed, in UTC; None if it stays open for `HORIZON`."""
        return self._first(now, HORIZON, is_open=False)

    def _has_begun(self, here: datetime, day: date) -> bool:
        """Whether there is an occurrence that opens on the day, and is not over."""
        opening = datetime.combine(day, self.starts_at, self.zone)
        return opening <= here < opening + self.duration and self.schedule.falls_on(day, self.start_date)

    def _first(self, now: datetime, within: timedelta, *, is_open: bool) -> datetime | None:
        if self.is_open(now) == is_open:
            return now.astimezone(UTC)
        here = now.astimezone(self.zone)
        for days in range(-1, within.days + 2):
            day = here.date() + days * _DAY
            if not self.schedule.falls_on(day, self.start_date):
                continue
            opening = datetime.combine(day, self.starts_at, self.zone)
            midnight = datetime.combine(day + _DAY, time.min, self.zone)  # when an excluded day begins or is over
            for moment in sorted((opening, midnight, opening + self.duration)):
                if here < moment <= here + within and self.is_open(moment) == is_open:
                    return moment.astimezone(UTC)
        return None


class Turn(IntEnum):
    """The order in which an update run takes the members of a group (Fleet's update orchestration concepts)."""

    OPEN = 0
    OPENS_SOON = 1
    NO_WINDOW = 2
    CLOSED = 3


def priority(window: Window | None, now: datetime) -> Turn:
    """The turn of a member whose cluster has this window, or None: the lower, the earlier."""
    if window is None:
        return Turn.NO_WINDOW
    if window.is_open(now):
        return Turn.OPEN
    return Turn.CLOSED if window.opens_at(now, within=SOON) is None else Turn.OPENS_SOON
