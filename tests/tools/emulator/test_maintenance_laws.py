"""Laws of maintenance windows, for windows of every kind."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from tools.emulator.aks.maintenance_schedule import (
    WEEK_INDEXES,
    WEEKDAYS,
    AbsoluteMonthly,
    Daily,
    RelativeMonthly,
    Schedule,
    Weekly,
)
from tools.emulator.aks.maintenance_window import DateRange, Turn, Window, priority

QUARTER = timedelta(minutes=15)
FORTNIGHT = timedelta(days=14)

intervals = st.integers(1, 6)
weekdays = st.sampled_from(WEEKDAYS)
schedules: st.SearchStrategy[Schedule] = st.one_of(
    st.builds(Daily, st.integers(1, 7)),
    st.builds(Weekly, st.integers(1, 4), weekdays),
    st.builds(AbsoluteMonthly, intervals, st.integers(1, 31)),
    st.builds(RelativeMonthly, intervals, st.sampled_from(WEEK_INDEXES), weekdays),
)
dates = st.dates(date(2026, 1, 1), date(2026, 12, 31))
quarters = st.integers(0, 4 * 24 - 1).map(lambda quarter: time(quarter // 4, 15 * (quarter % 4)))
zones = st.integers(-12 * 4, 14 * 4).map(lambda quarter: timezone(quarter * QUARTER))
windows = st.builds(
    Window,
    schedule=schedules,
    starts_at=quarters,
    duration=st.integers(4, 24).map(lambda hours: timedelta(hours=hours)),
    zone=zones,
    start_date=dates,
    excluded=st.lists(
        st.builds(lambda first, length: DateRange(first, first + timedelta(days=length)), dates, st.integers(0, 40)),
        max_size=3,
    ).map(tuple),
)
moments = st.builds(lambda day, at: datetime.combine(day, at, UTC), dates, quarters)


def is_open_by_the_calendar(window: Window, now: datetime) -> bool:
    """Written anew from the rules, with every occurrence counted one by one."""
    here = now.astimezone(window.zone)
    if any(days.first <= here.date() <= days.last for days in window.excluded):
        return False
    return any(
        datetime.combine(day, window.starts_at, window.zone) <= here
        and here - datetime.combine(day, window.starts_at, window.zone) < window.duration
        for day in occurrences(window, until=here.date())
    )


def occurrences(window: Window, until: date) -> list[date]:
    """Walks from the start date, day by day, and takes every nth day that matches."""
    matching = [
        day
        for offset in range((until - window.start_date).days + 1)
        if matches(window.schedule, day := window.start_date + timedelta(days=offset), window.start_date)
    ]
    return matching[:: interval(window.schedule)]


def matches(schedule: Schedule, day: date, start: date) -> bool:
    """Whether it would open on the day if its interval were one."""
    tomorrow, week = day + timedelta(days=1), timedelta(days=7)
    match schedule:
        case Daily():
            return True
        case Weekly():
            return f"{day:%A}" == schedule.day_of_week
        case AbsoluteMonthly():
            return day.day == schedule.day_of_month or (tomorrow.day == 1 and day.day < schedule.day_of_month)
        case RelativeMonthly(week_index="Last"):
            return f"{day:%A}" == schedule.day_of_week and (day + week).month != day.month
        case RelativeMonthly():
            return f"{day:%A}" == schedule.day_of_week and (day.day - 1) // 7 == WEEK_INDEXES.index(schedule.week_index)
    raise AssertionError(schedule)


def interval(schedule: Schedule) -> int:
    match schedule:
        case Daily():
            return schedule.interval_days
        case Weekly():
            return schedule.interval_weeks
        case AbsoluteMonthly() | RelativeMonthly():
            return schedule.interval_months
    raise AssertionError(schedule)


@given(windows, moments)
def test_it_is_open_when_the_calendar_says_so(window: Window, now: datetime) -> None:
    assert window.is_open(now) == is_open_by_the_calendar(window, now)


@given(windows, moments)
def test_it_opens_at_the_first_open_moment_from_now_on(window: Window, now: datetime) -> None:
    opening = window.opens_at(now, within=FORTNIGHT)
    moment, end = now, now + FORTNIGHT
    while moment <= end and not window.is_open(moment):
        moment += QUARTER  # everything begins and ends at a quarter of an hour
    assert opening == (moment if moment <= end else None)


@given(windows, moments)
def test_it_closes_at_the_first_closed_moment_from_now_on(window: Window, now: datetime) -> None:
    closing = window.closes_at(now)
    moment, end = now, now + FORTNIGHT
    while moment <= end and window.is_open(moment):
        moment += QUARTER
    assert closing == moment if moment <= end else closing is None or closing > end


@given(windows, moments)
def test_it_is_never_open_on_an_excluded_date_nor_before_its_start(window: Window, now: datetime) -> None:
    opening = window.opens_at(now)
    if opening is not None:
        day = opening.astimezone(window.zone).date()
        assert day >= window.start_date
        assert not any(day in days for days in window.excluded)


@given(windows, moments, zones)
def test_an_offset_moves_it_by_as_much_as_it_says(window: Window, now: datetime, zone: timezone) -> None:
    shift = zone.utcoffset(None) - window.zone.utcoffset(None)
    assert replace(window, zone=zone).is_open(now - shift) == window.is_open(now)


@given(windows, moments)
def test_excluding_dates_only_ever_closes_it(window: Window, now: datetime) -> None:
    assert replace(window, excluded=()).is_open(now) >= window.is_open(now)


@given(windows, moments)
def test_it_goes_before_clusters_without_a_window_exactly_if_it_is_open_within_four_hours(
    window: Window, now: datetime
) -> None:
    is_near = any(window.is_open(now + quarter * QUARTER) for quarter in range(4 * 4 + 1))
    assert (priority(window, now) < Turn.NO_WINDOW) == is_near
