"""Events for tests."""

from tools.json_value import Json

CLUSTER_ID = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.ContainerService/managedClusters/c1"


def event_grid_event(event_id: str = "e1", **fields: Json) -> dict[str, Json]:
    """An event in the Event Grid schema, as a publisher writes it."""
    return {
        "id": event_id,
        "subject": "westus2",
        "eventType": "FleetAutoUpgrade.ReleaseDetected",
        "eventTime": "2026-03-01T11:59:59.1234567Z",
        "data": {"region": "westus2"},
        "dataVersion": "1",
        **fields,
    }


def cloud_event(event_id: str = "e1", **fields: Json) -> dict[str, Json]:
    """An event in the CloudEvents schema."""
    return {
        "specversion": "1.0",
        "id": event_id,
        "source": "/app",
        "type": "FleetAutoUpgrade.ReleaseDetected",
        "time": "2026-03-01T11:59:59Z",
        "data": {"region": "westus2"},
        **fields,
    }


def aks_event(event_id: str = "e1") -> dict[str, Json]:
    """What the AKS system topic says when a region has a new Kubernetes version."""
    return {
        "id": event_id,
        "topic": CLUSTER_ID,
        "subject": "c1",
        "eventType": "Microsoft.ContainerService.NewKubernetesVersionAvailable",
        "eventTime": "2026-03-01T11:59:59.1234567Z",
        "data": {"latestSupportedKubernetesVersion": "1.34.2"},
        "dataVersion": "1",
        "metadataVersion": "1",
    }
