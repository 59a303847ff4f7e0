"""Events about gates, as Azure Resource Notifications publishes them for AKS resources."""

from __future__ import annotations

import uuid
from datetime import datetime

from tools.emulator.arm.values import json_time
from tools.emulator.state import FleetResource
from tools.json_value import Json

API_VERSION = "2026-06-01"


def gate_event(change: str, gate: FleetResource, now: datetime) -> dict[str, Json]:
    """`FleetGateCreated`, `…Updated` or `…Deleted` in the schema of Event Grid.

    The type is spelled as in the documented payloads (`AksResources`), not as in the table above them
    (`AKSResources`).
    """
    subscription = gate.id.split("/")[2]
    return {
        "id": str(uuid.uuid4()),
        "topic": f"/subscriptions/{subscription}",
        "subject": gate.id,
        "data": {
            "resourceInfo": {"id": gate.id, "name": gate.name, "type": gate.type, "properties": {**gate.properties}},
            "operationalInfo": {"resourceEventTime": json_time(now).replace("Z", "+00:00")},
            "apiVersion": API_VERSION,
        },
        "eventType": f"Microsoft.ResourceNotifications.AksResources.FleetGate{change}",
        "dataVersion": "1",
        "metadataVersion": "1",
        "eventTime": json_time(now),
    }
