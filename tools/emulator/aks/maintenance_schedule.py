"""On which days maintenance windows open.

Occurrences are counted from the first matching day on or after the start date: "every two weeks on Friday" from a
Wednesday on begins two days later and continues in steps of fourteen days, "every three months on the 1st" from
20 January on begins on 1 February. UNVERIFIED: AKS might count calendar weeks and months from the start date's own.
"""

from __future__ import annotations

import calendar
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Final, Protocol

WEEKDAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
"""AKS's names; the index is that of `date.weekday`."""

WEEK_INDEXES: Final = ("First", "Second", "Third", "Fourth", "Last")
"""Which of a weekday's occurrences in a month."""


class Schedule(Protocol):
    """A recurrence in whole days."""

    def falls_on(self, day: date, start: date) -> bool:
        """Whether a window opens on the day.

        Args:
            day: a date in the window's own offset.
            start: the start date of the window, which decides what occurrences are counted from.
        """


@dataclass(frozen=True)
class Daily:
    """Every `interval_days` days, beginning with the start date."""

    interval_days: int

    def falls_on(self, day: date, start: date) -> bool:
        """See `Schedule`."""
        return day >= start and (day - start).days % self.interval_days == 0


@dataclass(frozen=True)
class Weekly:
    """Every `interval_weeks` weeks on a weekday, one of `WEEKDAYS`."""

    interval_weeks: int
    day_of_week: str

    def falls_on(self, day: date, start: date) -> bool:
        """See `Schedule`."""
        until_first = (WEEKDAYS.index(self.day_of_week) - start.weekday()) % 7
        since_first = (day - start).days - until_first
        return since_first >= 0 and since_first % (7 * self.interval_weeks) == 0


@dataclass(frozen=True)
class AbsoluteMonthly:
    """Every `interval_months` months on a day of the month.

    In a month that is too short it is the last day, as in Outlook's recurrences, whose names for schedules AKS uses.
    UNVERIFIED: AKS might leave the month out.
    """

    interval_months: int
    day_of_month: int

    def falls_on(self, day: date, start: date) -> bool:
        """See `Schedule`."""
        return _is_due(day, start, self.interval_months, self._in_month)

    def _in_month(self, year: int, month: int) -> date:
        return date(year, month, min(self.day_of_month, _days_in(year, month)))


@dataclass(frozen=True)
class RelativeMonthly:
    """Every `interval_months` months on the first, second, third, fourth or last of a weekday."""

    interval_months: int
    week_index: str
    day_of_week: str

    def falls_on(self, day: date, start: date) -> bool:
        """See `Schedule`."""
        return _is_due(day, start, self.interval_months, self._in_month)

    def _in_month(self, year: int, month: int) -> date:
        weekday = WEEKDAYS.index(self.day_of_week)
        if self.week_index == "Last":
            last = _days_in(year, month)
            return date(year, month, last - (date(year, month, last).weekday() - weekday) % 7)
        first = 1 + (weekday - date(year, month, 1).weekday()) % 7
        return date(year, month, first + 7 * WEEK_INDEXES.index(self.week_index))


def _is_due(day: date, start: date, interval_months: int, in_month: Callable[[int, int], date]) -> bool:
    if day < start or day != in_month(day.year, day.month):
        return False
    is_over_in_first = in_month(start.year, start.month) < start
    return (_months(day) - _months(start) - is_over_in_first) % interval_months == 0


def _months(day: date) -> int:
    return 12 * day.year + day.month


def _days_in(year: int, month: int) -> int:
    return calendar.monthrange(year, month)[1]
