"""What a maintenance configuration may say, what is wrong with it, and which one an update run waits for."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone

import pytest

from tests.tools.emulator.builders import MONDAY
from tools.documents import DocumentError, place
from tools.emulator.aks.maintenance_reading import complete, read_window, window_for
from tools.emulator.aks.maintenance_schedule import AbsoluteMonthly, Daily, RelativeMonthly, Schedule, Weekly
from tools.emulator.aks.maintenance_window import DateRange, Window
from tools.json_value import Json

KUBERNETES = "aksManagedAutoUpgradeSchedule"
NODE_IMAGES = "aksManagedNodeOSUpgradeSchedule"
FRIDAYS: dict[str, Json] = {"weekly": {"intervalWeeks": 1, "dayOfWeek": "Friday"}}


def properties(schedule: Json = FRIDAYS, **changes: Json) -> dict[str, Json]:
    window: dict[str, Json] = {"schedule": schedule, "durationHours": 4, "startTime": "22:30", **changes}
    return {"maintenanceWindow": {name: value for name, value in window.items() if value is not None}}


def refusal(content: Json, name: str = KUBERNETES) -> tuple[str, str]:
    """The place and the message."""
    with pytest.raises(DocumentError) as raised:
        complete(name, content, MONDAY)
    return place(raised.value.path or ()), raised.value.message


@pytest.mark.parametrize(
    ("described", "schedule"),
    [
        ({"daily": {"intervalDays": 3}}, Daily(3)),
        ({"weekly": {"intervalWeeks": 2, "dayOfWeek": "Friday"}}, Weekly(2, "Friday")),
        ({"absoluteMonthly": {"intervalMonths": 3, "dayOfMonth": 31}}, AbsoluteMonthly(3, 31)),
        (
            {"relativeMonthly": {"intervalMonths": 2, "weekIndex": "Last", "dayOfWeek": "Monday"}},
            RelativeMonthly(2, "Last", "Monday"),
        ),
    ],
)
def test_each_kind_of_schedule_is_read(described: Json, schedule: Schedule) -> None:
    assert read_window(properties(described)) == Window(schedule, time(22, 30), timedelta(hours=4))


def test_a_day_of_the_month_may_be_written_as_json_writes_whole_numbers_too() -> None:
    window = read_window(properties({"absoluteMonthly": {"intervalMonths": 1.0, "dayOfMonth": 15.0}}))
    assert window.opens_at(MONDAY) == datetime(2026, 1, 15, 22, 30, tzinfo=UTC)


def test_offset_start_date_and_excluded_dates_are_read() -> None:
    window = read_window(
        properties(
            utcOffset="-03:30",
            startDate="2026-01-04",
            notAllowedDates=[
                {"start": "2026-12-23", "end": "2027-01-05"},
                {"start": "2026-05-01", "end": "2026-05-01"},
            ],
        )
    )

    assert window == Window(
        schedule=Weekly(1, "Friday"),
        starts_at=time(22, 30),
        duration=timedelta(hours=4),
        zone=timezone(-timedelta(hours=3, minutes=30)),
        start_date=date(2026, 1, 4),
        excluded=(
            DateRange(date(2026, 12, 23), date(2027, 1, 5)),
            DateRange(date(2026, 5, 1), date(2026, 5, 1)),
        ),
    )


@pytest.mark.parametrize(
    ("changes", "field", "message"),
    [
        ({"durationHours": 3}, "durationHours", "3 is less than the minimum of 4"),
        ({"durationHours": 25}, "durationHours", "25 is greater than the maximum of 24"),
        ({"durationHours": "8"}, "durationHours", "'8' is not of type 'integer'"),
        ({"durationHours": 4.5}, "durationHours", "4.5 is not of type 'integer'"),
        ({"startTime": "24:00"}, "startTime", "'24:00' is not a time of day from 00:00 to 23:59"),
        ({"startTime": "8:00"}, "startTime", "'8:00' is not a time of day from 00:00 to 23:59"),
        ({"utcOffset": "Z"}, "utcOffset", "'Z' is not an offset from UTC such as +05:30 or -07:00"),
        ({"utcOffset": "05:30"}, "utcOffset", "'05:30' is not an offset from UTC such as +05:30 or -07:00"),
        ({"utcOffset": "+15:00"}, "utcOffset", "'+15:00' is not an offset from UTC such as +05:30 or -07:00"),
        ({"startDate": "2026-02-30"}, "startDate", "'2026-02-30' is not a date such as 2026-12-23"),
        ({"startDate": "20260204"}, "startDate", "'20260204' is not a date such as 2026-12-23"),
        (
            {"notAllowedDates": [{"start": "2026-02-02", "end": "2026-02-02"}, {"start": "x", "end": "2026-02-02"}]},
            "notAllowedDates[1].start",
            "'x' is not a date such as 2026-12-23",
        ),
        (
            {"notAllowedDates": [{"start": "2026-02-03", "end": "2026-02-02"}]},
            "notAllowedDates[0].end",
            "'2026-02-02' is before the start, '2026-02-03'",
        ),
    ],
)
def test_a_field_that_is_not_right_is_named_with_what_would_be(
    changes: dict[str, Json], field: str, message: str
) -> None:
    assert refusal(properties(**changes)) == (f"maintenanceWindow.{field}", message)


@pytest.mark.parametrize(
    ("schedule", "field"),
    [
        ({"daily": {"intervalDays": 8}}, "daily.intervalDays"),
        ({"weekly": {"intervalWeeks": 5, "dayOfWeek": "Friday"}}, "weekly.intervalWeeks"),
        ({"weekly": {"intervalWeeks": 1, "dayOfWeek": "friday"}}, "weekly.dayOfWeek"),
        ({"absoluteMonthly": {"intervalMonths": 7, "dayOfMonth": 1}}, "absoluteMonthly.intervalMonths"),
        ({"absoluteMonthly": {"intervalMonths": 1, "dayOfMonth": 32}}, "absoluteMonthly.dayOfMonth"),
        ({"absoluteMonthly": {"intervalMonths": 1, "dayOfMonth": 0}}, "absoluteMonthly.dayOfMonth"),
        (
            {"relativeMonthly": {"intervalMonths": 1, "weekIndex": "Fifth", "dayOfWeek": "Friday"}},
            "relativeMonthly.weekIndex",
        ),
        (
            {"relativeMonthly": {"intervalMonths": 0, "weekIndex": "First", "dayOfWeek": "Friday"}},
            "relativeMonthly.intervalMonths",
        ),
    ],
)
def test_intervals_and_days_have_the_limits_of_aks(schedule: Json, field: str) -> None:
    assert refusal(properties(schedule))[0] == f"maintenanceWindow.schedule.{field}"


@pytest.mark.parametrize("name", ["schedule", "durationHours", "startTime"])
def test_a_field_that_is_missing_is_named(name: str) -> None:
    assert refusal(properties(**{name: None})) == ("maintenanceWindow", f"'{name}' is missing")


@pytest.mark.parametrize("schedule", [{}, {**FRIDAYS, "daily": {"intervalDays": 1}}])
def test_there_is_exactly_one_schedule(schedule: Json) -> None:
    message = "exactly one schedule is needed, such as weekly"
    assert refusal(properties(schedule)) == ("maintenanceWindow.schedule", message)


def test_a_field_that_aks_does_not_know_is_refused() -> None:
    assert refusal(properties(durationHours=4, durationHour=4))[0] == "maintenanceWindow.durationHour"
    assert refusal({**properties(), "window": {}})[0] == "window"


def test_default_may_have_the_older_form() -> None:
    older: Json = {"timeInWeek": [{"day": "Monday", "hourSlots": [1, 2]}]}
    assert complete("default", older, MONDAY) == older


@pytest.mark.parametrize("name", [KUBERNETES, NODE_IMAGES])
def test_the_others_must_have_a_window(name: str) -> None:
    assert refusal({}, name) == ("the document", "'maintenanceWindow' is missing")
    assert refusal({**properties(), "timeInWeek": [{"day": "Monday", "hourSlots": [1]}]}, name)[0] == "timeInWeek"


@pytest.mark.parametrize(
    ("older", "field", "message"),
    [
        ({"timeInWeek": [{"day": "Monday", "hourSlots": [24]}]}, "timeInWeek[0].hourSlots[0]", None),
        ({"timeInWeek": [{"day": "Funday", "hourSlots": [1]}]}, "timeInWeek[0].day", None),
        (
            {"notAllowedTime": [{"start": "tomorrow", "end": "2026-02-02T00:00:00Z"}]},
            "notAllowedTime[0].start",
            "'tomorrow' is not a time such as 2026-12-23T13:00:00Z",
        ),
        (
            {"notAllowedTime": [{"start": "2026-02-02T01:00:00Z", "end": "2026-02-02T00:00:00Z"}]},
            "notAllowedTime[0].end",
            "'2026-02-02T00:00:00Z' is before the start, '2026-02-02T01:00:00Z'",
        ),
    ],
)
def test_the_older_form_is_checked_too(older: Json, field: str, message: str | None) -> None:
    path, words = refusal(older, "default")
    assert path == field
    assert message is None or words == message


@pytest.mark.parametrize(
    "schedule", [{"daily": {"intervalDays": 1}}, {"absoluteMonthly": {"intervalMonths": 1, "dayOfMonth": 1}}]
)
def test_default_is_weekly(schedule: Json) -> None:
    assert complete("default", properties(), MONDAY)
    assert refusal(properties(schedule), "default")[0].startswith("maintenanceWindow.schedule.")


def test_default_has_something_in_it() -> None:
    message = "one of maintenanceWindow, timeInWeek, notAllowedTime is needed"
    assert refusal({"timeInWeek": []}, "default") == ("the document", message)


def test_what_is_completed_stays_as_it_is() -> None:
    once = complete(KUBERNETES, properties(), MONDAY)

    assert once == properties(utcOffset="+00:00", startDate="2026-01-05")
    assert complete(KUBERNETES, once, MONDAY + timedelta(days=9)) == once


def test_what_was_sent_is_not_changed() -> None:
    sent = properties()
    complete(KUBERNETES, sent, MONDAY)
    assert sent == properties()


@pytest.mark.parametrize(("upgrade_type", "hour"), [("Full", 1), ("ControlPlaneOnly", 1), ("NodeImageOnly", 2)])
def test_each_upgrade_type_has_its_window(upgrade_type: str, hour: int) -> None:
    configurations: dict[str, Json] = {
        "default": properties(startTime="00:00"),
        KUBERNETES: properties(startTime="01:00"),
        NODE_IMAGES: properties(startTime="02:00"),
    }
    window = window_for(configurations, upgrade_type)

    assert window is not None
    assert (window.starts_at, window.zone) == (time(hour), UTC)


@pytest.mark.parametrize(
    ("upgrade_type", "other"), [("Full", NODE_IMAGES), ("ControlPlaneOnly", NODE_IMAGES), ("NodeImageOnly", KUBERNETES)]
)
def test_neither_default_nor_the_window_of_another_upgrade_type_counts(upgrade_type: str, other: str) -> None:
    assert window_for({"default": properties(), other: properties()}, upgrade_type) is None
