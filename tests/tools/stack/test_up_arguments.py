"""How speeds and times are written, and shown again."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tools.arguments import moment, speed
from tools.up.time_command import describe_speed


@pytest.mark.parametrize(
    ("text", "seconds", "words"),
    [
        ("0", 0.0, "time stands still"),
        ("0.5", 0.5, "0.5 times as fast as real time"),
        ("1s/s", 1.0, "as fast as real time"),
        ("90", 90.0, "1.5 minutes a second"),
        ("30m/s", 1800.0, "30 minutes a second"),
        ("1h/s", 3600.0, "1 hour a second"),
        ("1.5h/s", 5400.0, "1.5 hours a second"),
        ("2d/s", 172800.0, "2 days a second"),
    ],
)
def test_a_speed_is_seconds_a_second_or_has_a_unit(text: str, seconds: float, words: str) -> None:
    assert speed(text) == seconds
    assert describe_speed(seconds) == words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2025-06-30", datetime(2025, 6, 30, tzinfo=UTC)),
        ("2025-06-30T12:00Z", datetime(2025, 6, 30, 12, tzinfo=UTC)),
        ("2025-06-30T12:00+02:00", datetime(2025, 6, 30, 10, tzinfo=UTC)),
        ("2025-06-30T12:00", datetime(2025, 6, 30, 12, tzinfo=UTC)),
    ],
)
def test_a_time_is_in_utc_unless_it_says_otherwise(text: str, expected: datetime) -> None:
    assert moment(text) == expected
