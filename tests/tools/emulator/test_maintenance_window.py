"""When maintenance windows are open: dates worked out by hand with a calendar of 2026."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone

import pytest

from tools.emulator.aks.maintenance_schedule import AbsoluteMonthly, Daily, RelativeMonthly, Schedule, Weekly
from tools.emulator.aks.maintenance_window import DateRange, Turn, Window, priority

NEW_YEAR = date(2026, 1, 1)  # a Thursday


def days(schedule: Schedule, start: date, count: int) -> list[str]:
    """The first days on which it opens, looked at from a year before its start."""
    window = Window(schedule, time(12), timedelta(hours=4), start_date=start)
    now = datetime(start.year - 1, 1, 1, tzinfo=UTC)
    found: list[str] = []
    while len(found) < count:
        opening = window.opens_at(now)
        assert opening is not None
        assert opening.time() == time(12)
        found.append(opening.date().isoformat())
        closing = window.closes_at(opening)
        assert closing == opening + timedelta(hours=4)
        now = closing
    return found


def excluding(*ranges: tuple[date, date]) -> Window:
    """Every day from 22:00 to 02:00, five hours and a half east of Greenwich, but for these dates."""
    return Window(
        schedule=Daily(1),
        starts_at=time(22),
        duration=timedelta(hours=4),
        zone=timezone(timedelta(hours=5, minutes=30)),
        start_date=NEW_YEAR,
        excluded=tuple(DateRange(first, last) for first, last in ranges),
    )


def utc(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 1, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("interval", "expected"),
    [
        (1, ["2026-01-01", "2026-01-02", "2026-01-03"]),
        (7, ["2026-01-01", "2026-01-08", "2026-01-15"]),
        (3, ["2026-01-01", "2026-01-04", "2026-01-07"]),
    ],
)
def test_daily_counts_from_the_start_date(interval: int, expected: list[str]) -> None:
    assert days(Daily(interval), NEW_YEAR, 3) == expected


@pytest.mark.parametrize(
    ("interval", "weekday", "expected"),
    [
        (1, "Thursday", ["2026-01-01", "2026-01-08", "2026-01-15"]),
        (1, "Wednesday", ["2026-01-07", "2026-01-14", "2026-01-21"]),
        (2, "Monday", ["2026-01-05", "2026-01-19", "2026-02-02"]),
        (4, "Friday", ["2026-01-02", "2026-01-30", "2026-02-27"]),
    ],
)
def test_weekly_begins_with_the_first_such_weekday(interval: int, weekday: str, expected: list[str]) -> None:
    assert days(Weekly(interval, weekday), NEW_YEAR, 3) == expected


@pytest.mark.parametrize(
    ("interval", "day", "start", "expected"),
    [
        (1, 15, date(2026, 1, 15), ["2026-01-15", "2026-02-15", "2026-03-15"]),
        (2, 15, date(2026, 1, 15), ["2026-01-15", "2026-03-15", "2026-05-15"]),
        (3, 1, date(2026, 1, 20), ["2026-02-01", "2026-05-01", "2026-08-01"]),
        (6, 20, date(2026, 9, 1), ["2026-09-20", "2027-03-20", "2027-09-20"]),
    ],
)
def test_absolute_monthly_begins_with_the_first_such_day(
    interval: int, day: int, start: date, expected: list[str]
) -> None:
    assert days(AbsoluteMonthly(interval, day), start, 3) == expected


def test_a_day_that_a_month_has_not_got_is_its_last() -> None:
    assert days(AbsoluteMonthly(1, 31), date(2028, 1, 31), 4) == [
        "2028-01-31",
        "2028-02-29",
        "2028-03-31",
        "2028-04-30",
    ]
    assert days(AbsoluteMonthly(1, 30), date(2026, 2, 1), 2) == ["2026-02-28", "2026-03-30"]


@pytest.mark.parametrize(
    ("interval", "index", "weekday", "expected"),
    [
        (1, "First", "Thursday", ["2026-01-01", "2026-02-05", "2026-03-05"]),
        (1, "First", "Wednesday", ["2026-01-07", "2026-02-04", "2026-03-04"]),
        (1, "Second", "Tuesday", ["2026-01-13", "2026-02-10", "2026-03-10"]),
        (1, "Third", "Sunday", ["2026-01-18", "2026-02-15", "2026-03-15"]),
        (1, "Fourth", "Saturday", ["2026-01-24", "2026-02-28", "2026-03-28"]),
        (1, "Last", "Saturday", ["2026-01-31", "2026-02-28", "2026-03-28"]),
        (2, "Last", "Monday", ["2026-01-26", "2026-03-30", "2026-05-25"]),
    ],
)
def test_relative_monthly_is_a_weekday_of_the_month(
    interval: int, index: str, weekday: str, expected: list[str]
) -> None:
    assert days(RelativeMonthly(interval, index, weekday), NEW_YEAR, 3) == expected


def test_relative_monthly_begins_in_the_month_after_if_the_day_is_over() -> None:
    assert days(RelativeMonthly(3, "First", "Monday"), date(2026, 1, 6), 2) == ["2026-02-02", "2026-05-04"]


def test_a_window_is_closed_before_its_start_date() -> None:
    window = excluding()

    assert not window.is_open(datetime(2025, 12, 31, 17, 0, tzinfo=UTC))
    assert window.opens_at(datetime(2025, 1, 1, tzinfo=UTC)) == utc(1, 16, 30)


def test_times_are_in_the_offset_of_the_window() -> None:
    """22:00 at +05:30 is 16:30 in UTC; 02:00 on the next day is 20:30."""
    window = excluding()

    assert [window.is_open(utc(8, hour, minute)) for hour, minute in ((16, 29), (16, 30), (20, 29), (20, 30))] == [
        False,
        True,
        True,
        False,
    ]
    assert window.closes_at(utc(8, 16, 30)) == utc(8, 20, 30)


def test_a_window_goes_on_after_midnight() -> None:
    window = Window(Weekly(1, "Sunday"), time(20), timedelta(hours=24), start_date=NEW_YEAR)

    assert window.is_open(utc(5, 19, 59))
    assert window.closes_at(utc(4, 20)) == utc(5, 20)
    assert window.opens_at(utc(5, 20)) == utc(11, 20)


def test_an_open_window_opens_now_and_a_closed_one_closes_now() -> None:
    window = excluding()

    assert window.opens_at(utc(8, 18)) == utc(8, 18)
    assert window.closes_at(utc(8, 12)) == utc(8, 12)


def test_windows_of_a_whole_day_every_day_never_close() -> None:
    assert Window(Daily(1), time(9), timedelta(hours=24)).closes_at(utc(1, 0)) is None


def test_excluded_dates_are_whole_days_in_the_offset_of_the_window_and_the_last_belongs_to_them() -> None:
    """9 and 10 January at +05:30 are from 18:30 on the 8th to 18:30 on the 10th in UTC."""
    window = excluding((date(2026, 1, 9), date(2026, 1, 10)))

    assert window.closes_at(utc(8, 16, 30)) == utc(8, 18, 30)
    assert window.opens_at(utc(8, 18, 30)) == utc(10, 18, 30)


def test_what_an_occurrence_has_left_after_an_excluded_date_stays_open() -> None:
    window = excluding((date(2026, 1, 9), date(2026, 1, 10)))

    assert window.closes_at(utc(10, 18, 30)) == utc(10, 20, 30)


def test_a_window_that_is_excluded_for_good_never_opens() -> None:
    assert excluding((NEW_YEAR, date(2040, 1, 1))).opens_at(utc(1, 0)) is None


def test_an_opening_is_looked_for_within_the_time_that_is_given() -> None:
    window = excluding()

    assert window.opens_at(utc(8, 12, 30), within=timedelta(hours=4)) == utc(8, 16, 30)
    assert window.opens_at(utc(8, 12, 29), within=timedelta(hours=4)) is None


def test_members_take_turns_by_their_windows() -> None:
    window = excluding()

    turns = [
        priority(window, utc(8, 16, 30)),
        priority(window, utc(8, 12, 30)),
        priority(None, utc(8, 12)),
        priority(window, utc(8, 12, 29)),
    ]
    assert turns == [Turn.OPEN, Turn.OPENS_SOON, Turn.NO_WINDOW, Turn.CLOSED]
    assert turns == sorted(turns)
