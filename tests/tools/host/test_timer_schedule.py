"""NCRONTAB: which expressions are one, and which moments they name."""

from datetime import UTC, datetime

import pytest

from tools.host.timer_schedule import TimerSchedule


def slots(expression: str, start: str, count: int = 2) -> list[str]:
    schedule = TimerSchedule(expression)
    moment = datetime.fromisoformat(start).astimezone(UTC)
    found = []
    for _ in range(count):
        moment = schedule.next_after(moment)
        found.append(f"{moment:%Y-%m-%d %H:%M:%S}")
    return found


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("0 */5 * * * *", ["2026-01-01 00:05:00", "2026-01-01 00:10:00"]),
        ("30 0 * * * *", ["2026-01-01 00:00:30", "2026-01-01 01:00:30"]),
        ("*/20 * * * * *", ["2026-01-01 00:00:20", "2026-01-01 00:00:40"]),
        ("15 * * * *", ["2026-01-01 00:15:00", "2026-01-01 01:15:00"]),
        ("0 30 9 * * Mon-Fri", ["2026-01-01 09:30:00", "2026-01-02 09:30:00"]),
        ("0 0 0 * March,jul *", ["2026-03-01 00:00:00", "2026-03-02 00:00:00"]),
        ("0 0 0 13 * FRI", ["2026-02-13 00:00:00", "2026-03-13 00:00:00"]),
        ("0 0 0 29 2 *", ["2028-02-29 00:00:00", "2032-02-29 00:00:00"]),
        ("0 0 6-18/6 * * 0", ["2026-01-04 06:00:00", "2026-01-04 12:00:00"]),
    ],
)
def test_fields_are_second_minute_hour_day_month_weekday_and_day_and_weekday_must_both_match(
    expression: str, expected: list[str]
) -> None:
    assert slots(expression, "2026-01-01T00:00:00Z") == expected


@pytest.mark.parametrize(
    "expression",
    [
        "",
        "* * * *",
        "0 0 0 * * * *",
        "60 * * * * *",
        "0 0 24 * * *",
        "0 0 0 * * 7",
        "0 0 0 L * *",
        "0 0 0 ? * *",
        "0 0 0 * Foo *",
        "0 0 0 * * Tag",
        "01:00:00",
        "@daily",
        "0 0 0 * * 1#2",
        "0 0 Mon * * *",
        "-1 * * * * *",
    ],
)
def test_what_is_no_ncrontab_is_refused_and_shown(expression: str) -> None:
    with pytest.raises(ValueError, match="is no NCRONTAB expression") as refusal:
        TimerSchedule(expression)
    assert repr(expression) in str(refusal.value)


def test_a_schedule_without_any_slot_is_refused_when_asked_for_one() -> None:
    with pytest.raises(ValueError, match="next date"):
        slots("0 0 0 31 2 *", "2026-01-01T00:00:00Z")


@pytest.mark.parametrize(
    ("expression", "faster"), [("*/30 * * * * *", True), ("0,59 0 * * * *", True), ("0 * * * * *", False)]
)
def test_only_slots_less_than_a_minute_apart_go_unrecorded(expression: str, faster: bool) -> None:
    assert TimerSchedule(expression).is_faster_than_a_minute(datetime(2026, 1, 1, tzinfo=UTC)) is faster
