"""Durations and moments in ISO 8601, as settings, policies, requests and Azure write them.

Both are bounded, so that no sum of a moment and durations leaves the range of dates.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import isodate

from shared.errors import InvalidInputError

LONGEST_DURATION = timedelta(days=3653)
"""Ten years: longer than any setting or policy needs."""
FIRST_MOMENT, MOMENTS_END = datetime(1970, 1, 1, tzinfo=UTC), datetime(9000, 1, 1, tzinfo=UTC)
"""Azure writes the year 1 where a time is not set."""

DURATION_EXPECTED = "an ISO 8601 duration in weeks, days or less, such as P7D or PT1H"


def parse_duration(text: str, field: str) -> timedelta:
    """Parse a duration of a fixed length: months and years have none, and are refused.

    Raises:
        InvalidInputError: the text has another form, or the duration is negative or longer than `LONGEST_DURATION`.
    """
    try:
        duration = isodate.parse_duration(text)
    except (ValueError, ArithmeticError):
        duration = None
    if not isinstance(duration, timedelta) or not timedelta(0) <= duration <= LONGEST_DURATION:
        raise InvalidInputError(field, text, DURATION_EXPECTED)
    return duration


def days_since(moment: datetime | None, now: datetime) -> float:
    """Days that have passed, with decimals; 0 if the moment is unknown or lies ahead."""
    return 0.0 if moment is None else max(0.0, (now - moment) / timedelta(days=1))


def instant_text(moment: datetime) -> str:
    """The moment in ISO 8601 in UTC with a `Z`, as ARM writes times."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


INSTANT_EXPECTED = "a time in ISO 8601 in the years 1970 to 8999, such as 2026-12-20T06:00:00Z"


def parse_instant(text: str, field: str) -> datetime:
    """Parse a moment, in UTC; one without an offset is read as UTC. Digits beyond microseconds are cut off.

    Raises:
        InvalidInputError: the text has another form, or the moment is not from `FIRST_MOMENT` on and before
            `MOMENTS_END`.
    """
    try:
        return in_utc(isodate.parse_datetime(text), field)
    except (ValueError, ArithmeticError, InvalidInputError):
        raise InvalidInputError(field, text, INSTANT_EXPECTED) from None


def in_utc(moment: datetime, field: str) -> datetime:
    """A moment that something else parsed, in UTC; one without an offset is UTC.

    Raises:
        InvalidInputError: it is not from `FIRST_MOMENT` on and before `MOMENTS_END`.
    """
    try:
        found = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):  # an offset of a day or more; a sum beyond the years that Python knows
        found = None
    if found is None or not FIRST_MOMENT <= found < MOMENTS_END:
        raise InvalidInputError(field, moment.replace(tzinfo=None).isoformat(), INSTANT_EXPECTED)
    return found
