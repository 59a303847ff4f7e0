"""Reads maintenance configurations: what is wrong with one, the window in it, which one governs an upgrade.

Errors are `DocumentError`s without a document, whose path begins below `properties`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Final, NotRequired, TypedDict, cast

from tools.emulator.aks.maintenance_schedule import AbsoluteMonthly, Daily, RelativeMonthly, Schedule, Weekly
from tools.emulator.aks.maintenance_schema import CONFIGURATION, DEFAULT_CONFIGURATION
from tools.emulator.aks.maintenance_window import DateRange, Window
from tools.emulator.arm.values import parse_time
from tools.emulator.documents import DocumentError, check
from tools.emulator.state import MAINTENANCE_CONFIGURATIONS
from tools.json_value import Json

DEFAULT, KUBERNETES, NODE_IMAGES = MAINTENANCE_CONFIGURATIONS

_GOVERNING: Final = {"Full": KUBERNETES, "ControlPlaneOnly": KUBERNETES, "NodeImageOnly": NODE_IMAGES}
_WINDOW: Final = "maintenanceWindow"
_TIME_OF_DAY: Final = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")
_OFFSET: Final = re.compile(r"([+-])(0[0-9]|1[0-4]):([0-5][0-9])")  # UNVERIFIED: that AKS refuses 15 hours and more


class _Daily(TypedDict):
    intervalDays: int


class _Weekly(TypedDict):
    intervalWeeks: int
    dayOfWeek: str


class _AbsoluteMonthly(TypedDict):
    intervalMonths: int
    dayOfMonth: int


class _RelativeMonthly(TypedDict):
    intervalMonths: int
    weekIndex: str
    dayOfWeek: str


class _Schedule(TypedDict, total=False):
    daily: _Daily
    weekly: _Weekly
    absoluteMonthly: _AbsoluteMonthly
    relativeMonthly: _RelativeMonthly


class _Span(TypedDict):
    start: str
    end: str


class _Window(TypedDict):
    schedule: _Schedule
    durationHours: int
    startTime: str
    utcOffset: NotRequired[str]
    startDate: NotRequired[str]
    notAllowedDates: NotRequired[list[_Span]]


class _Configuration(TypedDict, total=False):
    maintenanceWindow: _Window
    notAllowedTime: list[_Span]


def complete(name: str, properties: Json, now: datetime) -> dict[str, Json]:
    """The configuration as AKS keeps it: nulls and empty lists left out, `utcOffset` and `startDate` filled in.

    The start date is today's in the window's offset (AKS's planned maintenance page). UNVERIFIED: one that has passed
    is taken, as in the examples of that page; users of AKS's Terraform provider have reported that AKS refuses it.

    Args:
        name: of the configuration.
        properties: as they were sent.
        now: decides which day is today.

    Raises:
        DocumentError: they are not right.
    """
    kept = _checked(name, properties)
    window = kept.get(_WINDOW)
    if isinstance(window, dict):
        offset = window.setdefault("utcOffset", "+00:00")
        window.setdefault("startDate", now.astimezone(_zone(f"{offset}")).date().isoformat())
    return kept


def check_configuration(name: str, properties: Json) -> None:
    """Check a configuration; see `complete`.

    Raises:
        DocumentError: it is not right.
    """
    _checked(name, properties)


def read_window(properties: Json) -> Window:
    """The window in a configuration. One without a start date has been in force for ever.

    Raises:
        DocumentError: there is no window in it, or it is not right.
    """
    return _window(cast("_Configuration", _checked(KUBERNETES, properties))[_WINDOW])


def window_for(configurations: Mapping[str, Json], upgrade_type: str) -> Window | None:
    """The window that an update run waits for (Fleet's update orchestration concepts).

    `default` is for AKS's own weekly releases and governs no update run.

    Args:
        configurations: those of a cluster by name, each as `complete` made it.
        upgrade_type: `Full`, `ControlPlaneOnly` or `NodeImageOnly`.

    Returns:
        None: the cluster may be upgraded at any time.
    """
    properties = configurations.get(_GOVERNING[upgrade_type])
    return None if properties is None else _window(cast("_Configuration", properties)[_WINDOW])


def _checked(name: str, properties: Json) -> dict[str, Json]:
    """A copy without nulls and empty lists.

    UNVERIFIED: that `default` without anything in it is refused.
    """
    content = _without_nothing(properties)
    check(content, DEFAULT_CONFIGURATION if name == DEFAULT else CONFIGURATION, None)
    configuration = cast("_Configuration", content)
    if not configuration:
        raise DocumentError(f"one of {_WINDOW}, timeInWeek, notAllowedTime is needed", ())
    if _WINDOW in configuration:
        _window(configuration[_WINDOW])
    for index, span in enumerate(configuration.get("notAllowedTime", [])):
        place = ("notAllowedTime", index)
        if _moment(span["start"], *place, "start") > _moment(span["end"], *place, "end"):
            raise _ends_before_start(span, *place)
    return cast("dict[str, Json]", content)


def _without_nothing(value: Json) -> Json:
    """Null counts as absent (ARM's habit), and AKS leaves out empty lists."""
    if isinstance(value, dict):
        return {name: _without_nothing(item) for name, item in value.items() if item is not None and item != []}
    return [_without_nothing(item) for item in value] if isinstance(value, list) else value


def _window(content: _Window) -> Window:
    start_date = content.get("startDate")
    return Window(
        schedule=_schedule(content["schedule"]),
        starts_at=_time_of_day(content["startTime"]),
        duration=timedelta(hours=content["durationHours"]),
        zone=_zone(content["utcOffset"]) if "utcOffset" in content else UTC,
        start_date=date.min if start_date is None else _date(start_date, _WINDOW, "startDate"),
        excluded=tuple(_excluded(span, index) for index, span in enumerate(content.get("notAllowedDates", []))),
    )


def _schedule(content: _Schedule) -> Schedule:
    if len(content) != 1:
        raise DocumentError("exactly one schedule is needed, such as weekly", (_WINDOW, "schedule"))
    if "daily" in content:
        return Daily(content["daily"]["intervalDays"])
    if "weekly" in content:
        return Weekly(content["weekly"]["intervalWeeks"], content["weekly"]["dayOfWeek"])
    if "absoluteMonthly" in content:
        absolute = content["absoluteMonthly"]
        return AbsoluteMonthly(absolute["intervalMonths"], int(absolute["dayOfMonth"]))  # JSON has 15.0 as well
    relative = content["relativeMonthly"]
    return RelativeMonthly(relative["intervalMonths"], relative["weekIndex"], relative["dayOfWeek"])


def _excluded(span: _Span, index: int) -> DateRange:
    place = (_WINDOW, "notAllowedDates", index)
    days = DateRange(_date(span["start"], *place, "start"), _date(span["end"], *place, "end"))
    if days.first > days.last:
        raise _ends_before_start(span, *place)
    return days


def _ends_before_start(span: _Span, *place: str | int) -> DocumentError:
    return DocumentError(f"'{span['end']}' is before the start, '{span['start']}'", (*place, "end"))


def _time_of_day(text: str) -> time:
    if _TIME_OF_DAY.fullmatch(text) is None:
        raise DocumentError(f"'{text}' is not a time of day from 00:00 to 23:59", (_WINDOW, "startTime"))
    return time.fromisoformat(text)


def _zone(text: str) -> timezone:
    parts = _OFFSET.fullmatch(text)
    if parts is None:
        raise DocumentError(f"'{text}' is not an offset from UTC such as +05:30 or -07:00", (_WINDOW, "utcOffset"))
    offset = timedelta(hours=int(parts[2]), minutes=int(parts[3]))
    return timezone(-offset if parts[1] == "-" else offset)


def _date(text: str, *place: str | int) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or day.isoformat() != text:
        raise DocumentError(f"'{text}' is not a date such as 2026-12-23", place)
    return day


def _moment(text: str, *place: str | int) -> datetime:
    try:
        return parse_time(text)
    except ValueError as error:
        raise DocumentError(f"'{text}' is not a time such as 2026-12-23T13:00:00Z", place) from error
