"""Durations of a fixed length, and moments in UTC, as ISO 8601 writes them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from shared.core.model.times import parse_duration, parse_instant
from shared.errors import InvalidInputError


@pytest.mark.parametrize(
    ("text", "duration"),
    [("PT0S", timedelta(0)), ("P7D", timedelta(days=7)), ("P1DT2H", timedelta(days=1, hours=2))],
)
def test_a_duration_of_a_fixed_length_is_read(text: str, duration: timedelta) -> None:
    assert parse_duration(text, "SOAK") == duration


@pytest.mark.parametrize("text", ["", "P", "7d", "P1M", "P1Y", "-P1D", "P1D ", "P99999999999D", "P2026-13-45T99:99:99"])
def test_any_other_duration_is_refused_with_the_field_and_what_is_valid(text: str) -> None:
    with pytest.raises(InvalidInputError) as caught:
        parse_duration(text, "SOAK")

    assert (caught.value.field, caught.value.value) == ("SOAK", text)
    assert "P7D or PT1H" in caught.value.expected


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
def test_any_other_moment_is_refused_with_the_field_and_what_is_valid(text: str) -> None:
    with pytest.raises(InvalidInputError) as caught:
        parse_instant(text, "at")

    assert (caught.value.field, caught.value.value) == ("at", text)
    assert caught.value.expected == "a time in ISO 8601, such as 2026-12-20T06:00:00Z"
