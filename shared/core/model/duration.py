"""ISO 8601 durations, as settings and policies give them."""

from __future__ import annotations

from datetime import datetime, timedelta

import isodate

from shared.errors import InvalidInputError

EXPECTED = "an ISO 8601 duration in weeks, days or less, such as P7D or PT1H"


def parse_duration(text: str, field: str) -> timedelta:
    """Parse a duration of a fixed length: months and years have none, and are refused.

    Raises:
        InvalidInputError: the text has another form, or the duration is negative.
    """
    try:
        duration = isodate.parse_duration(text)
    except (ValueError, OverflowError):
        duration = None
    if not isinstance(duration, timedelta) or duration < timedelta(0):
        raise InvalidInputError(field, text, EXPECTED)
    return duration


def days_since(moment: datetime | None, now: datetime) -> float:
    """Days that have passed, with decimals; none where nobody knows since when, or it lies ahead."""
    return 0.0 if moment is None else max(0.0, (now - moment) / timedelta(days=1))
