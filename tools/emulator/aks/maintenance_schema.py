"""The form of a maintenance configuration's `properties`, but for what stands in its texts.

Limits are those of the resource type's description in ARM, api-version 2025-10-02-preview.
"""

from __future__ import annotations

from typing import Final

from tools.emulator.aks.maintenance_schedule import WEEK_INDEXES, WEEKDAYS
from tools.json_value import Json


def _object(properties: dict[str, Json], *required: Json) -> dict[str, Json]:
    """UNVERIFIED: that a property which AKS does not know is refused."""
    return {"type": "object", "properties": properties, "required": list(required), "additionalProperties": False}


def _list(items: Json) -> Json:
    return {"type": "array", "items": items}


def _whole_number(least: int, most: int) -> Json:
    return {"type": "integer", "minimum": least, "maximum": most}


_TEXT: Final[Json] = {"type": "string"}
_SPAN: Final[Json] = _object({"start": _TEXT, "end": _TEXT}, "start", "end")
_WEEKDAY: Final[Json] = {"enum": [*WEEKDAYS]}
_MONTHS: Final = _whole_number(1, 6)
_WEEKLY: Final = _object({"intervalWeeks": _whole_number(1, 4), "dayOfWeek": _WEEKDAY}, "intervalWeeks", "dayOfWeek")
_ANY_SCHEDULE: Final[dict[str, Json]] = {
    "daily": _object({"intervalDays": _whole_number(1, 7)}, "intervalDays"),
    "weekly": _WEEKLY,
    "absoluteMonthly": _object(
        {"intervalMonths": _MONTHS, "dayOfMonth": _whole_number(1, 31)}, "intervalMonths", "dayOfMonth"
    ),
    "relativeMonthly": _object(
        {"intervalMonths": _MONTHS, "weekIndex": {"enum": [*WEEK_INDEXES]}, "dayOfWeek": _WEEKDAY},
        "intervalMonths",
        "weekIndex",
        "dayOfWeek",
    ),
}


def _window(schedules: dict[str, Json]) -> Json:
    return _object(
        {
            "schedule": _object(schedules),
            "durationHours": _whole_number(4, 24),
            "startTime": _TEXT,
            "utcOffset": _TEXT,
            "startDate": _TEXT,
            "notAllowedDates": _list(_SPAN),
        },
        "schedule",
        "durationHours",
        "startTime",
    )


CONFIGURATION: Final = _object({"maintenanceWindow": _window(_ANY_SCHEDULE)}, "maintenanceWindow")
"""Of `aksManagedAutoUpgradeSchedule` and `aksManagedNodeOSUpgradeSchedule`."""

DEFAULT_CONFIGURATION: Final = _object(
    {
        "maintenanceWindow": _window({"weekly": _WEEKLY}),
        "timeInWeek": _list(_object({"day": _WEEKDAY, "hourSlots": _list(_whole_number(0, 23))}, "day", "hourSlots")),
        "notAllowedTime": _list(_SPAN),
    }
)
"""Of `default`, which takes weekly windows only (AKS's planned maintenance page), or hours of the week in UTC."""
