"""How the scenario tests of the CLI extension `fleet` prepare and clean up, in the requests of the Azure CLI 2.91."""

from __future__ import annotations

from typing import Final

import httpx
import pytest

from tests.tools.emulator.lab import SUBSCRIPTION_PATH
from tests.tools.emulator_fleet.fleet_lab import FleetLab, JsonObject
from tools.json_value import Json

GROUP: Final = f"{SUBSCRIPTION_PATH}/resourceGroups/cli-000001"
FLEET: Final = f"{GROUP}/providers/Microsoft.ContainerService/fleets/fl-000002"
CLUSTER: Final = f"{GROUP}/providers/Microsoft.ContainerService/managedClusters/flmc-000003"
GROUPS, FLEETS, AKS = "2024-11-01", "2026-02-01-preview", "2026-06-01"

POOL: Final[JsonObject] = {
    "name": "nodepool1",
    "orchestratorVersion": "",
    "vmSize": "",
    "osType": "Linux",
    "enableNodePublicIP": False,
    "count": 3,
    "enableAutoScaling": False,
    "scaleSetPriority": "Regular",
    "nodeTaints": [],
    "upgradeSettings": {},
    "type": "VirtualMachineScaleSets",
    "enableEncryptionAtHost": False,
    "enableUltraSSD": False,
    "enableFIPS": False,
    "mode": "System",
}
CREATION: Final[JsonObject] = {
    "location": "westus2",
    "identity": {"type": "SystemAssigned"},
    "sku": {"name": "Base", "tier": "Free"},
    "properties": {
        "agentPoolProfiles": [POOL],
        "kubernetesVersion": "",
        "dnsPrefix": "flmc-00000-cli-000001-000000",
        "disableLocalAccounts": False,
        "enableRBAC": True,
        "linuxProfile": {"adminUsername": "azureuser", "ssh": {"publicKeys": [{"keyData": "ssh-rsa AAAA someone"}]}},
        "networkProfile": {"loadBalancerSku": "standard", "outboundType": "loadBalancer"},
        "addonProfiles": {},
        "storageProfile": {},
        "bootstrapProfile": {"artifactSource": "Direct"},
    },
}
"""The body of `az aks create -g {rg} -n {member_name} --ssh-key-value={ssh_key_value}`."""


@pytest.fixture
def lab() -> FleetLab:
    return FleetLab()


def send(lab: FleetLab, method: str, path: str, version: str, body: Json = None) -> httpx.Response:
    return lab.http.request(method, f"{path}?api-version={version}", json=body)


def prepare(lab: FleetLab) -> None:
    """What is there before the first command about members."""
    assert send(lab, "PUT", GROUP, GROUPS, {"location": "westus2", "tags": {"product": "azurecli"}}).status_code == 201
    where = send(lab, "GET", GROUP.replace("resourceGroups", "resourcegroups"), GROUPS).json()["location"]
    created = send(lab, "PUT", FLEET, FLEETS, {"location": where, "identity": {"type": "None"}})
    assert created.status_code == 201
    assert [lab.http.get(created.headers["azure-asyncoperation"]).json()["status"] for _ in range(2)][-1] == "Succeeded"


def create_cluster(lab: FleetLab) -> None:
    """`az aks create`, and the time that it takes."""
    missing = send(lab, "GET", CLUSTER, AKS)
    assert (missing.status_code, missing.json()["error"]["code"]) == (404, "ResourceNotFound")
    created = send(lab, "PUT", CLUSTER, AKS, CREATION)
    assert created.status_code == 201
    lab.pass_minutes(5)
    assert lab.http.get(created.headers["azure-asyncoperation"]).json()["status"] == "Succeeded"


def test_a_cluster_is_created_in_a_new_group_and_joins_a_new_fleet(lab: FleetLab) -> None:
    prepare(lab)
    create_cluster(lab)
    cluster = send(lab, "GET", CLUSTER, AKS).json()
    assert cluster["sku"] == {"name": "Base", "tier": "Free"}
    assert cluster["properties"]["provisioningState"] == "Succeeded"
    member: Json = {"properties": {"clusterResourceId": cluster["id"], "group": "group1"}}
    joined = send(lab, "PUT", f"{FLEET}/members/flmc-000003", FLEETS, member)
    assert (joined.status_code, joined.json()["properties"]["clusterResourceId"]) == (201, cluster["id"])


def test_the_group_is_deleted_at_the_end_with_all_that_is_in_it(lab: FleetLab) -> None:
    prepare(lab)
    create_cluster(lab)
    assert send(lab, "DELETE", GROUP, GROUPS).status_code == 202
    lab.pass_minutes(10)
    assert send(lab, "HEAD", GROUP, GROUPS).status_code == 404
    assert send(lab, "GET", f"{GROUP.rpartition('/')[0]}/platform", GROUPS).status_code == 200
    left = [one.name for one in lab.estate.clusters.values()]
    assert left == ["one", "two", "three"]
