"""Moments in ISO 8601, in UTC."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from shared.core.model.instant import parse_instant
from shared.errors import InvalidInputError


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-12-20T06:00:00Z", datetime(2026, 12, 20, 6, tzinfo=UTC)),
        ("2026-12-20T06:00:00+02:00", datetime(2026, 12, 20, 4, tzinfo=UTC)),
        ("2026-12-20T06:00:00", datetime(2026, 12, 20, 6, tzinfo=UTC)),
        ("2026-12-20T06:00:00.123456789Z", datetime(2026, 12, 20, 6, 0, 0, 123456, tzinfo=UTC)),
    ],
)
def test_a_moment_is_read_in_utc(text: str, moment: datetime) -> None:
    parsed = parse_instant(text, "at")

    assert parsed == moment
    assert parsed.tzinfo is UTC


@pytest.mark.parametrize("text", ["tomorrow", "", "2026-12-20", "2026-13-20T06:00:00Z", "2026-12-20T25:00:00Z"])
def test_anything_else_is_refused_with_the_field_and_what_is_valid(text: str) -> None:
    with pytest.raises(InvalidInputError) as caught:
        parse_instant(text, "at")

    assert (caught.value.field, caught.value.value) == ("at", text)
    assert caught.value.expected == "a time in ISO 8601, such as 2026-12-20T06:00:00Z"
