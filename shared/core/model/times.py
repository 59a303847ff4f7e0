"""Durations and moments in ISO 8601, as settings, policies and requests write them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import isodate

from shared.errors import InvalidInputError

DURATION_EXPECTED = "an ISO 8601 duration in weeks, days or less, such as P7D or PT1H"


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
        raise InvalidInputError(field, text, DURATION_EXPECTED)
    return duration


def days_since(moment: datetime | None, now: datetime) -> float:
    """Days that have passed, with decimals; 0 if the moment is unknown or lies ahead."""
    return 0.0 if moment is None else max(0.0, (now - moment) / timedelta(days=1))


INSTANT_EXPECTED = "a time in ISO 8601, such as 2026-12-20T06:00:00Z"


def parse_instant(text: str, field: str) -> datetime:
    """Parse a moment, in UTC; one without an offset is read as UTC. Digits beyond microseconds are cut off.

    Raises:
        InvalidInputError: the text has another form.
    """
    try:
        moment: datetime = isodate.parse_datetime(text)
    except (isodate.ISO8601Error, ValueError):
        raise InvalidInputError(field, text, INSTANT_EXPECTED) from None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
