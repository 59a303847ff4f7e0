"""NCRONTAB schedules, as timer triggers write them.

Six fields: second, minute, hour, day, month, day of the week (0 or Sun to 6 or Sat); five leave the second out, which
is then 0. Source: Azure Functions' documentation of the timer trigger, and the NCrontab library that the host uses.
"""

import re
from datetime import datetime, timedelta
from itertools import pairwise

from croniter import croniter

_NAME = "[A-Za-z]+"
_RANGE = r"(\*|\d+(-\d+)?)(/\d+)?"
_NAMED_RANGE = rf"(\*|(\d+|{_NAME})(-(\d+|{_NAME}))?)(/\d+)?"
_FIELDS = ("second", "minute", "hour", "day", "month", "day of the week")
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_DAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]
# Eight years cover a 29 February from any start, also across a year such as 2100.
_YEARS_AHEAD = 8


class TimerSchedule:
    """A schedule in UTC."""

    def __init__(self, expression: str) -> None:
        """Read an expression.

        Raises:
            ValueError: it is not NCRONTAB, with the reason. The TimeSpan form (``01:00:00``) is refused as well: it
                works on dedicated plans only, and an app that relied on it could not be deployed to Flex Consumption.
        """
        fields = expression.split()
        if len(fields) == 5:
            fields = ["0", *fields]
        if len(fields) != 6:
            raise ValueError(f"{expression!r} is no NCRONTAB expression: it needs six fields, seconds first")
        for name, field in zip(_FIELDS, fields, strict=True):
            _check(expression, name, field)
        self.expression = expression
        self._fields = " ".join(_short_names(field) for field in fields)
        if not croniter.is_valid(self._fields, second_at_beginning=True):
            raise ValueError(f"{expression!r} is no NCRONTAB expression: a value is out of its range")

    def next_after(self, moment: datetime) -> datetime:
        """The first slot later than the moment.

        Raises:
            ValueError: there never is one, for instance on 31 February.
        """
        return self._slots_after(moment).get_next(datetime)

    def is_faster_than_a_minute(self, moment: datetime) -> bool:
        """Whether slots can be less than a minute apart; such timers keep no record of their runs."""
        slots = self._slots_after(moment)
        following = [slots.get_next(datetime) for _ in range(11)]
        return any(later - slot < timedelta(minutes=1) for slot, later in pairwise(following))

    def _slots_after(self, moment: datetime) -> croniter:
        return croniter(
            self._fields,
            moment,
            second_at_beginning=True,
            day_or=False,  # NCrontab wants day and day of the week both to match, classic cron one of them
            max_years_between_matches=_YEARS_AHEAD,
        )


def _check(expression: str, name: str, field: str) -> None:
    part = _NAMED_RANGE if name in ("month", "day of the week") else _RANGE
    if not re.fullmatch(rf"{part}(,{part})*", field):
        raise ValueError(f"{expression!r} is no NCRONTAB expression: {field!r} is no {name}")
    if name == "day of the week" and "7" in re.findall(r"(?<!/)\b\d+", field):
        raise ValueError(f"{expression!r} is no NCRONTAB expression: days of the week go from 0 to 6")
    known = {"month": _MONTHS, "day of the week": _DAYS}.get(name, [])
    for word in re.findall(_NAME, field):
        if word[:3].lower() not in known:
            raise ValueError(f"{expression!r} is no NCRONTAB expression: {word!r} is no {name}")


def _short_names(field: str) -> str:
    return re.sub(_NAME, lambda word: word.group()[:3].lower(), field)
