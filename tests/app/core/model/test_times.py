"""Durations of a fixed length, and moments in UTC, as ISO 8601 writes them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from shared.core.model.times import LONGEST_DURATION, in_utc, instant_text, parse_duration, parse_instant
from shared.errors import InvalidInputError


@pytest.mark.parametrize(
    ("text", "duration"),
    [
        ("PT0S", timedelta(0)),
        ("P7D", timedelta(days=7)),
        ("P1DT2H", timedelta(days=1, hours=2)),
        ("P3653D", LONGEST_DURATION),
    ],
)
def test_a_duration_of_a_fixed_length_is_read(text: str, duration: timedelta) -> None:
    assert parse_duration(text, "SOAK") == duration


@pytest.mark.parametrize(
    "text",
    [
        "",
        "P",
        "7d",
        "P1M",
        "P1Y",
        "-P1D",
        "P1D ",
        "P99999999999D",
        "P3654D",
        f"P{'9' * 400}D",
        f"P{'9' * 5000}D",
        "P2026-13-45T99:99:99",
    ],
)
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
        ("1970-01-01T00:00:00Z", datetime(1970, 1, 1, tzinfo=UTC)),
        ("8999-12-31T23:59:59Z", datetime(8999, 12, 31, 23, 59, 59, tzinfo=UTC)),
        ("2026-12-20T06:00:00.123456789Z", datetime(2026, 12, 20, 6, 0, 0, 123456, tzinfo=UTC)),
    ],
)
def test_a_moment_is_read_in_utc(text: str, moment: datetime) -> None:
    parsed = parse_instant(text, "at")

    assert parsed == moment
    assert parsed.tzinfo is UTC


@pytest.mark.parametrize(
    "text",
    [
        "tomorrow",
        "",
        "2026-12-20",
        "2026-13-20T06:00:00Z",
        "2026-12-20T25:00:00Z",
        "2026-12-20T06:00:00+99:99",
        "2026-12-20T06:00:00-24:00",
        "9999-12-31T23:59:59-14:00",
        "0001-01-01T00:00:00+14:00",
        "0001-01-01T00:00:00Z",
        "1969-12-31T23:59:59Z",
        "9000-01-01T00:00:00Z",
        "8999-12-31T23:00:00-01:00",
        "9999999T9D",
    ],
)
def test_any_other_moment_is_refused_with_the_field_and_what_is_valid(text: str) -> None:
    with pytest.raises(InvalidInputError) as caught:
        parse_instant(text, "at")

    assert (caught.value.field, caught.value.value) == ("at", text)
    assert caught.value.expected == "a time in ISO 8601 in the years 1970 to 8999, such as 2026-12-20T06:00:00Z"


@pytest.mark.parametrize(
    "moment",
    [
        datetime(9999, 12, 31, 23, tzinfo=timezone(timedelta(hours=-14))),
        datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=14))),
        datetime(1, 1, 1),  # noqa: DTZ001 - as a library may pass it
    ],
)
def test_a_moment_that_something_else_parsed_is_bounded_too(moment: datetime) -> None:
    with pytest.raises(InvalidInputError, match=r"event time is not valid; expected a time in ISO 8601"):
        in_utc(moment, "event time")


def test_a_moment_is_written_in_utc_as_arm_writes_it() -> None:
    in_paris = datetime(2026, 8, 1, 14, tzinfo=timezone(timedelta(hours=2)))

    assert instant_text(in_paris) == "2026-08-01T12:00:00Z"
