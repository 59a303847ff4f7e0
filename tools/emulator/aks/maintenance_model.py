"""Maintenance configurations as AKS has them; the names of the classes are those of Azure's SDK.

Limits are those of the resource type's description in ARM, api-version 2025-10-02-preview. UNVERIFIED: that a property
which AKS does not know is rejected.
"""

from __future__ import annotations

import re
from datetime import UTC, date, time, timedelta, timezone
from typing import Annotated, Final, Generic, Literal, Self, TypeAlias, TypeVar

from pydantic import AfterValidator, Field, TypeAdapter, model_validator

from tools.documents import WHOLE, CamelCaseDocument, invalid
from tools.emulator.aks import maintenance_schedule as schedules
from tools.emulator.aks.maintenance_window import DateRange, Window
from tools.emulator.arm.values import parse_time
from tools.emulator.state import MAINTENANCE_CONFIGURATIONS

DEFAULT, KUBERNETES, NODE_IMAGES = MAINTENANCE_CONFIGURATIONS

Months: TypeAlias = Annotated[int, Field(ge=1, le=6), WHOLE]
WeekDay: TypeAlias = Literal["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
WeekIndex: TypeAlias = Literal["First", "Second", "Third", "Fourth", "Last"]

_TIME_OF_DAY: Final = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")
_OFFSET: Final = re.compile(r"([+-])(0[0-9]|1[0-4]):([0-5][0-9])")  # UNVERIFIED: that AKS rejects 15 hours and more


def _check_time_of_day(text: str) -> str:
    if _TIME_OF_DAY.fullmatch(text) is None:
        raise invalid(f"'{text}' is not a time of day from 00:00 to 23:59")
    return text


def _check_offset(text: str) -> str:
    if _OFFSET.fullmatch(text) is None:
        raise invalid(f"'{text}' is not an offset from UTC such as +05:30 or -07:00")
    return text


def _check_date(text: str) -> str:
    try:
        is_date = date.fromisoformat(text).isoformat() == text
    except ValueError:
        is_date = False
    if not is_date:
        raise invalid(f"'{text}' is not a date such as 2026-12-23")
    return text


def _check_time(text: str) -> str:
    try:
        parse_time(text)
    except ValueError as error:
        raise invalid(f"'{text}' is not a time such as 2026-12-23T13:00:00Z") from error
    return text


DateText: TypeAlias = Annotated[str, AfterValidator(_check_date)]
TimeText: TypeAlias = Annotated[str, AfterValidator(_check_time)]


class DailySchedule(CamelCaseDocument):
    """Every so many days."""

    interval_days: Annotated[int, Field(ge=1, le=7), WHOLE]


class WeeklySchedule(CamelCaseDocument):
    """Every so many weeks on a weekday."""

    interval_weeks: Annotated[int, Field(ge=1, le=4), WHOLE]
    day_of_week: WeekDay


class AbsoluteMonthlySchedule(CamelCaseDocument):
    """Every so many months on a day of the month."""

    interval_months: Months
    day_of_month: Annotated[int, Field(ge=1, le=31), WHOLE]


class RelativeMonthlySchedule(CamelCaseDocument):
    """Every so many months on a weekday of one of the month's weeks."""

    interval_months: Months
    week_index: WeekIndex
    day_of_week: WeekDay


class WeeklyOnly(CamelCaseDocument):
    """The schedule of `default`, which is weekly (AKS's planned maintenance page)."""

    weekly: WeeklySchedule | None = None

    @model_validator(mode="after")
    def _is_one(self) -> Self:
        if len([name for name, value in self if value is not None]) != 1:
            raise invalid("exactly one schedule is needed, such as weekly")
        return self

    def as_schedule(self) -> schedules.Schedule:
        """On which days the window opens."""
        if self.weekly is None:
            raise AssertionError(self)
        return schedules.Weekly(self.weekly.interval_weeks, self.weekly.day_of_week)


class Schedule(WeeklyOnly):
    """Exactly one schedule."""

    daily: DailySchedule | None = None
    absolute_monthly: AbsoluteMonthlySchedule | None = None
    relative_monthly: RelativeMonthlySchedule | None = None

    def as_schedule(self) -> schedules.Schedule:
        """On which days the window opens."""
        if self.daily is not None:
            return schedules.Daily(self.daily.interval_days)
        if self.absolute_monthly is not None:
            absolute = self.absolute_monthly
            return schedules.AbsoluteMonthly(absolute.interval_months, absolute.day_of_month)
        if self.relative_monthly is not None:
            relative = self.relative_monthly
            return schedules.RelativeMonthly(relative.interval_months, relative.week_index, relative.day_of_week)
        return super().as_schedule()


class DateSpan(CamelCaseDocument):
    """Whole days, the last one included."""

    start: DateText
    end: DateText

    @model_validator(mode="after")
    def _ends_after_start(self) -> Self:
        if self.end < self.start:
            raise _ends_before_start(self.start, self.end)
        return self


class TimeSpan(CamelCaseDocument):
    """From one time to another."""

    start: TimeText
    end: TimeText

    @model_validator(mode="after")
    def _ends_after_start(self) -> Self:
        if parse_time(self.end) < parse_time(self.start):
            raise _ends_before_start(self.start, self.end)
        return self


_AnySchedule = TypeVar("_AnySchedule", bound=WeeklyOnly)


class MaintenanceWindow(CamelCaseDocument, Generic[_AnySchedule]):
    """When maintenance is allowed."""

    schedule: _AnySchedule
    duration_hours: Annotated[int, Field(ge=4, le=24), WHOLE]
    start_time: Annotated[str, AfterValidator(_check_time_of_day)]
    """Such as 22:30, in `utcOffset`."""
    utc_offset: Annotated[str, AfterValidator(_check_offset)] | None = None
    """Such as -07:00; default: +00:00."""
    start_date: DateText | None = None
    """Default: today."""
    not_allowed_dates: list[DateSpan] = Field(default_factory=list)

    def as_window(self) -> Window:
        """The window. One without a start date has been in force for ever."""
        return Window(
            schedule=self.schedule.as_schedule(),
            starts_at=time.fromisoformat(self.start_time),
            duration=timedelta(hours=self.duration_hours),
            zone=UTC if self.utc_offset is None else zone_of(self.utc_offset),
            start_date=date.min if self.start_date is None else date.fromisoformat(self.start_date),
            excluded=tuple(
                DateRange(date.fromisoformat(span.start), date.fromisoformat(span.end))
                for span in self.not_allowed_dates
            ),
        )


class TimeInWeek(CamelCaseDocument):
    """Hours of a weekday in UTC."""

    day: WeekDay
    hour_slots: list[Annotated[int, Field(ge=0, le=23), WHOLE]]


class Configuration(CamelCaseDocument):
    """The `properties` of `aksManagedAutoUpgradeSchedule` and `aksManagedNodeOSUpgradeSchedule`."""

    maintenance_window: MaintenanceWindow[Schedule]


class DefaultConfiguration(CamelCaseDocument):
    """The `properties` of `default`. UNVERIFIED: that one without anything in it is rejected."""

    maintenance_window: MaintenanceWindow[WeeklyOnly] | None = None
    time_in_week: list[TimeInWeek] = Field(default_factory=list)
    not_allowed_time: list[TimeSpan] = Field(default_factory=list)

    @model_validator(mode="after")
    def _has_something(self) -> Self:
        if not (self.maintenance_window or self.time_in_week or self.not_allowed_time):
            raise invalid("one of maintenanceWindow, timeInWeek, notAllowedTime is needed")
        return self


class MaintenanceConfigurations(CamelCaseDocument):
    """Those of a cluster, by name."""

    default: DefaultConfiguration | None = None
    """For AKS's weekly releases."""
    kubernetes: Configuration | None = Field(default=None, validation_alias=KUBERNETES, serialization_alias=KUBERNETES)
    """For upgrades of Kubernetes."""
    node_images: Configuration | None = Field(
        default=None, validation_alias=NODE_IMAGES, serialization_alias=NODE_IMAGES
    )
    """For upgrades of node images."""


CONFIGURATION: TypeAdapter[Configuration] = TypeAdapter(Configuration)
DEFAULT_CONFIGURATION: TypeAdapter[DefaultConfiguration] = TypeAdapter(DefaultConfiguration)


def zone_of(offset: str) -> timezone:
    """The time zone of an offset such as `-07:00`."""
    parts = _OFFSET.fullmatch(offset)
    if parts is None:
        raise ValueError(offset)
    ahead = timedelta(hours=int(parts[2]), minutes=int(parts[3]))
    return timezone(-ahead if parts[1] == "-" else ahead)


def _ends_before_start(start: str, end: str) -> Exception:
    return invalid(f"'{end}' is before the start, '{start}'", "end")
