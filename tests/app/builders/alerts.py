"""Alerts of Azure Monitor in the common alert schema, as action groups send them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

Json: TypeAlias = dict[str, "Json"] | list["Json"] | str | int | float | bool | None
JsonObject: TypeAlias = dict[str, Json]

SUBSCRIPTION = "00000000-0000-0000-0000-000000000001"
WORKSPACE = (
    f"/subscriptions/{SUBSCRIPTION}/resourcegroups/platform/providers/microsoft.operationalinsights/workspaces/logs"
)


def an_alert(
    *,
    about: Sequence[Json] = (WORKSPACE,),
    items: Sequence[Json] = ("logs",),
    dimensions: dict[str, str] | None = None,
    properties: JsonObject | None = None,
    condition: str = "Fired",
) -> JsonObject:
    """A log search alert on a workspace, of the rule `clusters-behind`.

    Args:
        about: the ids that Azure gives as its targets.
        items: its configuration items.
        dimensions: what its rule splits by, with the values of this alert.
        properties: its rule's custom properties; None for a rule without any.
        condition: `Fired` or `Resolved`.
    """
    return {
        "schemaId": "azureMonitorCommonAlertSchema",
        "data": {
            "essentials": {
                "alertId": f"/subscriptions/{SUBSCRIPTION}/providers/Microsoft.AlertsManagement/alerts/a",
                "alertRule": "clusters-behind",
                "severity": "Sev2",
                "signalType": "Log",
                "monitorCondition": condition,
                "monitoringService": "Log Alerts V2",
                "alertTargetIDs": list(about),
                "configurationItems": list(items),
                "originAlertId": "o",
                "firedDateTime": "2026-01-05T00:00:00Z",
                "description": "",
                "essentialsVersion": "1.0",
                "alertContextVersion": "1.0",
            },
            "alertContext": {
                "properties": {},
                "conditionType": "LogQueryCriteria",
                "condition": {
                    "windowSize": "PT10M",
                    "allOf": [
                        {
                            "searchQuery": "AppEvents",
                            "metricMeasureColumn": None,
                            "operator": "GreaterThan",
                            "threshold": "0",
                            "dimensions": [
                                {"name": name, "value": value} for name, value in (dimensions or {}).items()
                            ],
                            "metricValue": 1.0,
                        }
                    ],
                },
            },
            "customProperties": properties,
        },
    }
