"""How long a timer's schedule pauses: NCRONTAB, as the Functions host reads the schedules in the app settings.

Six fields: second, minute, hour, day, month, day of the week (0 or Sun to 6 or Sat); all must match. Source: the Azure
Functions documentation of the timer trigger.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise

_FIELDS = 6
_FIRST, _DAYS = date(2024, 1, 1), 9 * 366
"""Two of each 29 February and more: every pause of a schedule is in these days."""
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WEEK = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_PART = re.compile(r"(?:\*|(?P<first>\w+)(?:-(?P<last>\w+))?)(?:/(?P<step>\d+))?", re.ASCII)
_DAY_MINUTES = 24 * 60


def longest_pause(schedule: str) -> timedelta | None:
    """The longest time between two runs, to the minute; None for a text that is no schedule, or one that never runs."""
    fields = schedule.split()
    if len(fields) != _FIELDS:
        return None
    try:
        minutes = _values(fields[1], 0, 59)
        hours = _values(fields[2], 0, 23)
        days, months = _values(fields[3], 1, 31), _values(fields[4], 1, 12, _MONTHS)
        week = _values(fields[5], 0, 6, _WEEK)
    except ValueError:
        return None
    times = sorted(60 * hour + minute for hour in hours for minute in minutes)
    dates = (_FIRST + timedelta(days=number) for number in range(_DAYS))
    due = [
        number
        for number, day in enumerate(dates)
        if day.day in days and day.month in months and day.isoweekday() % 7 in week
    ]
    within = [later - earlier for earlier, later in pairwise(times)]
    between = [(later - earlier) * _DAY_MINUTES + times[0] - times[-1] for earlier, later in pairwise(due)]
    return timedelta(minutes=max(within + between)) if between else None


def _values(field: str, lowest: int, highest: int, names: Sequence[str] = ()) -> frozenset[int]:
    """The values of a field.

    Raises:
        ValueError: it is malformed, or a value is out of range.
    """
    values: set[int] = set()
    for part in field.split(","):
        match = _PART.fullmatch(part)
        if match is None:
            raise ValueError(part)
        first, last, step = match["first"], match["last"], int(match["step"] or 1)
        start = lowest if first is None else _number(first, names, lowest)
        end = highest if first is None or (last is None and match["step"]) else start
        if last is not None:
            end = _number(last, names, lowest)
        if not (lowest <= start <= end <= highest and step > 0):
            raise ValueError(part)
        values.update(range(start, end + 1, step))
    return frozenset(values)


def _number(text: str, names: Sequence[str], lowest: int) -> int:
    """A number, or the place of a name of at least three letters."""
    if text.isdigit():
        return int(text)
    return lowest + names.index(text[:3].lower())
