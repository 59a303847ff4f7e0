"""Moments as texts in ISO 8601, in settings of a question or on the wire."""

from __future__ import annotations

from datetime import UTC, datetime

import isodate

from shared.errors import InvalidInputError

EXPECTED = "a time in ISO 8601, such as 2026-12-20T06:00:00Z"


def parse_instant(text: str, field: str) -> datetime:
    """Parse a moment, in UTC; one without an offset is taken for UTC. Digits beyond microseconds are cut off.

    Raises:
        InvalidInputError: the text has another form.
    """
    try:
        moment: datetime = isodate.parse_datetime(text)
    except (isodate.ISO8601Error, ValueError):
        raise InvalidInputError(field, text, EXPECTED) from None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
