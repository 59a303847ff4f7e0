"""The further properties that AKS shows of a cluster with the usual add-ons: 7 kB with three pools.

Neither the app nor the emulator uses them. Measurements do: in an estate of real clusters they are most of what is
read. The names are those of the specification of the AKS API; the values are examples.
"""

from __future__ import annotations

from typing import Final

from tools.json_value import Json

_NETWORK: Final = (
    "/subscriptions/00000000-0000-0000-0000-0000000000aa/resourceGroups/network-hub/providers/Microsoft.Network"
)
_IDENTITY: Final = (
    "/subscriptions/00000000-0000-0000-0000-0000000000aa/resourceGroups/platform-identities/providers"
    "/Microsoft.ManagedIdentity/userAssignedIdentities"
)
_WORKSPACE: Final = (
    "/subscriptions/00000000-0000-0000-0000-0000000000aa/resourceGroups/platform-monitoring/providers"
    "/Microsoft.OperationalInsights/workspaces/platform"
)
_GUID: Final = "11111111-2222-3333-4444-555555555555"


def _identity(name: str) -> dict[str, Json]:
    return {"resourceId": f"{_IDENTITY}/{name}", "clientId": _GUID, "objectId": _GUID}


FURTHER_CLUSTER_PROPERTIES: Final[dict[str, Json]] = {
    "aadProfile": {"managed": True, "adminGroupObjectIDs": [_GUID], "enableAzureRBAC": True, "tenantID": _GUID},
    "addonProfiles": {
        "azureKeyvaultSecretsProvider": {
            "enabled": True,
            "config": {"enableSecretRotation": "true", "rotationPollInterval": "2m"},
            "identity": _identity("secrets-provider"),
        },
        "azurepolicy": {"enabled": True, "identity": _identity("policy")},
        "omsagent": {
            "enabled": True,
            "config": {"logAnalyticsWorkspaceResourceID": _WORKSPACE, "useAADAuth": "true"},
            "identity": _identity("monitoring"),
        },
    },
    "autoScalerProfile": {
        "balance-similar-node-groups": "false",
        "expander": "random",
        "max-empty-bulk-delete": "10",
        "max-graceful-termination-sec": "600",
        "max-node-provision-time": "15m",
        "max-total-unready-percentage": "45",
        "new-pod-scale-up-delay": "0s",
        "ok-total-unready-count": "3",
        "scale-down-delay-after-add": "10m",
        "scale-down-delay-after-delete": "10s",
        "scale-down-delay-after-failure": "3m",
        "scale-down-unneeded-time": "10m",
        "scale-down-unready-time": "20m",
        "scale-down-utilization-threshold": "0.5",
        "scan-interval": "10s",
        "skip-nodes-with-local-storage": "false",
        "skip-nodes-with-system-pods": "true",
    },
    "azureMonitorProfile": {"metrics": {"enabled": True, "kubeStateMetrics": {"metricLabelsAllowlist": ""}}},
    "disableLocalAccounts": True,
    "identityProfile": {"kubeletidentity": _identity("kubelet")},
    "networkProfile": {
        "networkPlugin": "azure",
        "networkPluginMode": "overlay",
        "networkPolicy": "cilium",
        "networkDataplane": "cilium",
        "loadBalancerSku": "standard",
        "loadBalancerProfile": {
            "managedOutboundIPs": {"count": 1},
            "effectiveOutboundIPs": [{"id": f"{_NETWORK}/publicIPAddresses/{_GUID}"}],
            "backendPoolType": "NodeIPConfiguration",
        },
        "podCidr": "10.244.0.0/16",
        "serviceCidr": "10.0.0.0/16",
        "dnsServiceIP": "10.0.0.10",
        "outboundType": "loadBalancer",
        "podCidrs": ["10.244.0.0/16"],
        "serviceCidrs": ["10.0.0.0/16"],
        "ipFamilies": ["IPv4"],
    },
    "oidcIssuerProfile": {"enabled": True, "issuerURL": f"https://oidc.prod-aks.azure.com/{_GUID}/{_GUID}/"},
    "securityProfile": {
        "imageCleaner": {"enabled": True, "intervalHours": 168},
        "workloadIdentity": {"enabled": True},
    },
    "servicePrincipalProfile": {"clientId": "msi"},
    "storageProfile": {
        "diskCSIDriver": {"enabled": True},
        "fileCSIDriver": {"enabled": True},
        "snapshotController": {"enabled": True},
    },
    "windowsProfile": {"adminUsername": "azureuser", "enableCSIProxy": True},
    "workloadAutoScalerProfile": {"keda": {"enabled": True}},
}

FURTHER_POOL_PROPERTIES: Final[dict[str, Json]] = {
    "availabilityZones": ["1", "2", "3"],
    "eTag": _GUID,
    "enableAutoScaling": True,
    "enableEncryptionAtHost": True,
    "enableFIPS": False,
    "enableNodePublicIP": False,
    "enableUltraSSD": False,
    "kubeletDiskType": "OS",
    "maxCount": 20,
    "maxPods": 250,
    "minCount": 3,
    "nodeLabels": {"topology.example.com/tier": "standard", "workload.example.com/class": "general"},
    "nodeTaints": ["CriticalAddonsOnly=true:NoSchedule"],
    "osDiskSizeGB": 128,
    "osDiskType": "Ephemeral",
    "scaleDownMode": "Delete",
    "securityProfile": {"enableSecureBoot": False, "enableVTPM": False, "sshAccess": "LocalUser"},
    "vnetSubnetID": f"{_NETWORK}/virtualNetworks/spoke/subnets/nodes",
}
