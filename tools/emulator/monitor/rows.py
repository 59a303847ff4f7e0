"""From the envelopes of Application Insights' ingestion to the rows that Log Analytics shows of them.

The tables' columns: https://learn.microsoft.com/azure/azure-monitor/reference/tables/appevents and its neighbours.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final

from tools.emulator.arm.values import json_time
from tools.json_value import Json

Row = dict[str, Json]

_TAGS: Final = {
    "ai.operation.id": "OperationId",
    "ai.operation.parentId": "ParentId",
    "ai.operation.name": "OperationName",
    "ai.cloud.role": "AppRoleName",
    "ai.cloud.roleInstance": "AppRoleInstance",
    "ai.internal.sdkVersion": "SDKVersion",
}
_DURATION: Final = re.compile(r"(?:(\d+)\.)?(\d+):(\d+):(\d+(?:\.\d+)?)", re.ASCII)


def row_of(envelope: Mapping[str, Json], at: datetime) -> Row | None:
    """The row, with its table's name as `Table`; None for what is no telemetry of an app, or unknown.

    Args:
        envelope: one item of a request.
        at: the time to show.
    """
    data = _object(envelope.get("data"))
    content = _object(data.get("baseData"))
    write = _TABLES.get(str(data.get("baseType")))
    if write is None:
        return None
    table, columns = write(content)
    tags = _object(envelope.get("tags"))
    return {
        "Table": table,
        "TimeGenerated": json_time(at),
        **{column: tags.get(tag, "") for tag, column in _TAGS.items()},
        "Properties": {name: str(value) for name, value in _object(content.get("properties")).items()},
        **columns,
    }


def given_up_row(topic: str, at: datetime, *, is_kept: bool) -> Row:
    """One event that Event Grid gave up on, as the metric that a topic's diagnostic settings send to the workspace.

    Args:
        topic: in place of the topic's resource id, in upper case as in Azure.
        at: when.
        is_kept: whether it is among the dead letters, or was dropped.
    """
    return {
        "Table": "AzureMetrics",
        "TimeGenerated": json_time(at),
        "ResourceId": topic.upper(),
        "ResourceProvider": "MICROSOFT.EVENTGRID",
        "MetricName": "DeadLetteredCount" if is_kept else "DroppedEventCount",
        "Total": 1.0,
        "Count": 1.0,
        "Maximum": 1.0,
        "Minimum": 1.0,
        "Average": 1.0,
        "TimeGrain": "PT1M",
        "UnitName": "Count",
    }


def _event(content: Mapping[str, Json]) -> tuple[str, Row]:
    return "AppEvents", {"Name": content.get("name"), "ItemCount": 1}


def _message(content: Mapping[str, Json]) -> tuple[str, Row]:
    return "AppTraces", {"Message": content.get("message"), "SeverityLevel": _severity(content), "ItemCount": 1}


def _exception(content: Mapping[str, Json]) -> tuple[str, Row]:
    found = content.get("exceptions")
    first = _object(found[0]) if isinstance(found, list) and found else {}
    return "AppExceptions", {
        "ExceptionType": first.get("typeName"),
        "OuterMessage": first.get("message"),
        "Details": found,
        "SeverityLevel": _severity(content),
        "ItemCount": 1,
    }


def _metric(content: Mapping[str, Json]) -> tuple[str, Row]:
    found = content.get("metrics")
    point = _object(found[0]) if isinstance(found, list) and found else {}
    value = point.get("value", 0)
    return "AppMetrics", {
        "Name": point.get("name"),
        "Sum": value,
        "Min": point.get("min", value),
        "Max": point.get("max", value),
        "ItemCount": point.get("count", 1),
    }


def _request(content: Mapping[str, Json]) -> tuple[str, Row]:
    return "AppRequests", {
        "Id": content.get("id"),
        "Name": content.get("name"),
        "Url": content.get("url") or "",
        "Success": content.get("success"),
        "ResultCode": content.get("responseCode"),
        "DurationMs": _milliseconds(content),
        "ItemCount": 1,
    }


def _dependency(content: Mapping[str, Json]) -> tuple[str, Row]:
    return "AppDependencies", {
        "Id": content.get("id"),
        "Name": content.get("name"),
        "Target": content.get("target") or "",
        "DependencyType": content.get("type") or "",
        "Data": content.get("data") or "",
        "Success": content.get("success"),
        "ResultCode": content.get("resultCode"),
        "DurationMs": _milliseconds(content),
        "ItemCount": 1,
    }


_TABLES: Final[Mapping[str, Callable[[Mapping[str, Json]], tuple[str, Row]]]] = {
    "EventData": _event,
    "MessageData": _message,
    "ExceptionData": _exception,
    "MetricData": _metric,
    "RequestData": _request,
    "RemoteDependencyData": _dependency,
}


def _severity(content: Mapping[str, Json]) -> int:
    """0 verbose, 1 information, 2 warning, 3 error, 4 critical, as the tables have them."""
    known = {"verbose": 0, "information": 1, "warning": 2, "error": 3, "critical": 4}
    level = content.get("severityLevel")
    return level if isinstance(level, int) else known.get(str(level).lower(), 1)


def _milliseconds(content: Mapping[str, Json]) -> float:
    """`0.00:00:01.234` in milliseconds."""
    match = _DURATION.fullmatch(str(content.get("duration")))
    if match is None:
        return 0.0
    days, hours, minutes, seconds = (float(part or 0) for part in match.groups())
    return round((((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000, 3)


def _object(value: Json) -> dict[str, Json]:
    return value if isinstance(value, dict) else {}
