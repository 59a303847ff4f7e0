"""What can be written: for each resource type a path, and a body with every property that a person may set."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from tests.tools.emulator.builders import SUBSCRIPTION
from tests.tools.emulator_fleet.fleet_lab import FLEET, PREVIEW, FleetLab, JsonObject, released
from tests.tools.emulator_rules.azure import HUB, put_fleet
from tests.tools.releases.builders import MONDAY, image, timeline
from tools.json_value import Json

_GROUP: Final = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/platform"
_CLUSTERS: Final = f"{_GROUP}/providers/Microsoft.ContainerService/managedClusters"
_ONE: Final = f"{_GROUP.replace('resourceGroups', 'resourcegroups')}/providers/Microsoft.ContainerService"
_AKS: Final = "api-version=2026-06-01"


@dataclass(frozen=True)
class Writable:
    """A request that is accepted. `definition` is what the specification calls its body."""

    definition: str
    path: str
    body: JsonObject
    api: str = PREVIEW
    file: str = "fleet-2026-06-02-preview"
    method: str = "PUT"


def a_lab() -> FleetLab:
    """A fleet with members, one with a hub, and regions that offer versions and images."""
    images = image("AKSUbuntu-2204", "202601.01.0", MONDAY)
    lab = FleetLab("one", "two", releases=timeline(*released("1.30.7").facts, images))
    put_fleet(lab, "hubs", properties=HUB)
    lab.put("/updateStrategies/staged", {"strategy": {"stages": [{"name": "all", "groups": [{"name": "one"}]}]}})
    lab.put("/updateRuns/planned", {"managedClusterUpdate": {"upgrade": {"type": "NodeImageOnly"}}})
    return lab


GATE: JsonObject = {"type": "Approval", "displayName": "go?"}
SCHEDULE: JsonObject = {"startDay": "Monday", "startTime": "22:30", "utcOffset": "+02:00"}
SELECTOR: JsonObject = {"byLabel": "env=prod"}
GROUP: JsonObject = {
    "name": "one",
    "maxConcurrency": "50%",
    "maxAllowedFailures": "1",
    "beforeGates": [GATE],
    "afterGates": [GATE],
    "memberSelector": SELECTOR,
}
STAGE: JsonObject = {
    "name": "first",
    "maxConcurrency": "7",
    "maxAllowedFailures": "25%",
    "afterStageWaitInSeconds": 3600,
    "memberSelector": SELECTOR,
    "groups": [GROUP],
    "beforeGates": [{"type": "ScheduledStart", "displayName": "on Monday", "scheduledStartConfiguration": SCHEDULE}],
    "afterGates": [GATE],
}
STRATEGY: JsonObject = {"stages": [STAGE]}
PLACEMENT: JsonObject = {
    "policy": {
        "placementType": "PickAll",
        "tolerations": [{"key": "a", "operator": "Equal", "value": "b", "effect": "NoSchedule"}],
    }
}
NAMESPACE: JsonObject = {
    "adoptionPolicy": "Never",
    "deletePolicy": "Keep",
    "managedNamespaceProperties": {
        "labels": {"team": "a"},
        "annotations": {"note": "b"},
        "defaultResourceQuota": {"cpuLimit": "2", "cpuRequest": "1", "memoryLimit": "2Gi", "memoryRequest": "1Gi"},
        "defaultNetworkPolicy": {"ingress": "AllowAll", "egress": "DenyAll"},
    },
    "propagationPolicy": {"type": "Placement", "placementProfile": {"defaultClusterResourcePlacement": PLACEMENT}},
}
POOL: JsonObject = {
    "count": 3,
    "vmSize": "Standard_D8ds_v5",
    "mode": "System",
    "osType": "Linux",
    "osSKU": "Ubuntu",
    "osDiskSizeGB": 128,
    "maxPods": 110,
    "enableAutoScaling": True,
    "minCount": 1,
    "maxCount": 5,
    "availabilityZones": ["1", "2"],
    "nodeLabels": {"a": "b"},
    "nodeTaints": ["a=b:NoSchedule"],
    "upgradeSettings": {"maxSurge": "10%", "drainTimeoutInMinutes": 30, "nodeSoakDurationInMinutes": 0},
}
CLUSTER: JsonObject = {
    "kubernetesVersion": "1.30.7",
    "dnsPrefix": "mine",
    "enableRBAC": True,
    "supportPlan": "KubernetesOfficial",
    "agentPoolProfiles": [{"name": "nodepool1", **POOL}],
    "autoUpgradeProfile": {"upgradeChannel": "patch", "nodeOSUpgradeChannel": "NodeImage"},
    "networkProfile": {
        "networkPlugin": "azure",
        "podCidr": "10.244.0.0/16",
        "loadBalancerProfile": {"managedOutboundIPs": {"count": 1}, "allocatedOutboundPorts": 0},
    },
    "apiServerAccessProfile": {"authorizedIPRanges": ["10.0.0.0/8"], "enablePrivateCluster": False},
    "autoScalerProfile": {"scan-interval": "20s"},
    "addonProfiles": {"azurepolicy": {"enabled": True, "config": {"a": "b"}}},
    "oidcIssuerProfile": {"enabled": True},
    "linuxProfile": {"adminUsername": "azureuser", "ssh": {"publicKeys": [{"keyData": "ssh-rsa AAAA"}]}},
    "upgradeSettings": {"overrideSettings": {"forceUpgrade": False, "until": "2026-02-01T00:00:00Z"}},
}
WINDOW: JsonObject = {
    "schedule": {"weekly": {"intervalWeeks": 1, "dayOfWeek": "Monday"}},
    "durationHours": 8,
    "startTime": "00:00",
    "startDate": "2026-01-06",
    "utcOffset": "+02:00",
    "notAllowedDates": [{"start": "2026-12-20", "end": "2027-01-05"}],
}


def _of_fleet(kind: str, name: str, properties: JsonObject, fleet: str = FLEET, **more: Json) -> Writable:
    body: JsonObject = {**more, "properties": properties}
    return Writable(f"Microsoft.ContainerService/fleets/{kind}:write", f"{fleet}/{kind}/{name}", body)


def _of_cluster(kind: str, path: str, properties: JsonObject, **more: Json) -> Writable:
    definition = f"Microsoft.ContainerService/managedClusters{kind}:write"
    return Writable(definition, f"{_CLUSTERS}/{path}", {**more, "properties": properties}, _AKS, "aks-2026-06-01")


_RUN: Final[JsonObject] = {
    "managedClusterUpdate": {
        "upgrade": {"type": "Full", "kubernetesVersion": "1.30.7"},
        "nodeImageSelection": {"type": "Custom", "customNodeImageVersions": [{"version": "AKSUbuntu-202508.06.0"}]},
    },
    "strategy": STRATEGY,
}
_HUB: Final[JsonObject] = {
    "dnsPrefix": "shop",
    "agentProfile": {"vmSize": "Standard_D2s_v5", "subnetId": "/subscriptions/s/subnets/a"},
    "apiServerAccessProfile": {"enablePrivateCluster": True, "enableVnetIntegration": True, "subnetId": "/s/b"},
}
WRITABLE: Final = (
    Writable(
        "Microsoft.ContainerService/fleets:write",
        f"{FLEET.rpartition('/')[0]}/new",
        {
            "location": "eastus",
            "tags": {"a": "b"},
            "identity": {"type": "SystemAssigned"},
            "properties": {"hubProfile": _HUB},
        },
    ),
    _of_fleet(
        "members",
        "new",
        {"clusterResourceId": f"{_ONE}/managedClusters/one", "group": "canary", "labels": {"env": "prod"}},
    ),
    _of_fleet("updateStrategies", "new", {"strategy": STRATEGY}),
    _of_fleet("updateRuns", "new", _RUN),
    _of_fleet(
        "autoUpgradeProfiles",
        "new",
        {
            "channel": "TargetKubernetesVersion",
            "targetKubernetesVersion": "1.30",
            "longTermSupport": True,
            "disabled": False,
            "nodeImageSelection": {"type": "Latest"},
            "updateStrategyId": f"{FLEET}/updateStrategies/staged",
        },
    ),
    _of_fleet(
        "managedNamespaces", "new", NAMESPACE, FLEET.replace("retail", "hubs"), location="eastus", tags={"a": "b"}
    ),
    _of_fleet("clusterMeshProfiles", "new", {"memberSelector": SELECTOR}),
    Writable(
        "Microsoft.ContainerService/fleets/updateRuns/skip:input",
        f"{FLEET}/updateRuns/planned/skip",
        {"targets": [{"type": "Member", "name": "two"}]},
        method="POST",
    ),
    _of_cluster(
        "",
        "new",
        CLUSTER,
        location="eastus",
        tags={"a": "b"},
        sku={"name": "Base", "tier": "Standard"},
        identity={"type": "SystemAssigned"},
    ),
    _of_cluster("/agentPools", "one/agentPools/new", POOL),
    _of_cluster(
        "/maintenanceConfigurations",
        "one/maintenanceConfigurations/aksManagedAutoUpgradeSchedule",
        {"maintenanceWindow": WINDOW},
    ),
)
