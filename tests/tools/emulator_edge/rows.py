"""Rows of Resource Graph for tests."""

from tools.emulator.resource_graph import Tables
from tools.json_value import Json

SUBSCRIPTION = "00000000-0000-0000-0000-000000000001"
OTHER_SUBSCRIPTION = "AAAAAAAA-0000-0000-0000-000000000002"
CLUSTERS = "microsoft.containerservice/managedclusters"
MEMBERS = "microsoft.containerservice/fleets/members"


def cluster(
    name: str, *, subscription: str = SUBSCRIPTION, kind: str = "Base", version: str = "1.30.5"
) -> dict[str, Json]:
    """A cluster with one pool more than its name has letters, so that counts differ."""
    pools: list[Json] = [{"name": f"pool{number}", "count": number} for number in range(len(name) + 1)]
    return {
        "id": _id(subscription, f"managedClusters/{name}"),
        "name": name,
        "type": CLUSTERS,
        "location": "westus2",
        "resourceGroup": "rg",
        "subscriptionId": subscription,
        "tenantId": "11111111-2222-3333-4444-555555555555",
        "kind": kind,
        "sku": {"name": kind, "tier": "Standard"},
        "tags": {"Env": "Prod"},
        "identity": None,
        "properties": {
            "currentKubernetesVersion": version,
            "powerState": {"code": "Running"},
            "agentPoolProfiles": pools,
            "maxAgentPools": 100,
        },
    }


def member(name: str, of: dict[str, Json]) -> dict[str, Json]:
    return {
        "id": _id(SUBSCRIPTION, f"fleets/f/members/{name}"),
        "name": name,
        "type": MEMBERS,
        "subscriptionId": SUBSCRIPTION,
        "properties": {"clusterResourceId": of["id"], "group": "rapid"},
    }


def _id(subscription: str, tail: str) -> str:
    return f"/subscriptions/{subscription}/resourceGroups/rg/providers/Microsoft.ContainerService/{tail}"


def clusters(*names: str, version: int = 2) -> Tables:
    return Tables(version, resources=[cluster(name) for name in names])
