"""Names: within Azure's limits for their type, and no two resources with the same id.

The limits are those of "Naming rules and restrictions for Azure resources" in the documentation of Azure Resource
Manager, and for Fleet those of its REST API.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping

from tools.checks.infra.prediction import Prediction, Resource, values_at

_GUID = r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_LETTERS_DIGITS_HYPHENS = r"[A-Za-z0-9][A-Za-z0-9-]{%d,%d}[A-Za-z0-9]"
_NETWORK = r"[A-Za-z0-9]([A-Za-z0-9_.-]{0,78}[A-Za-z0-9_])?"
_INSIGHTS = r"[^*#&+:<>?@%{}\\/|]{0,259}[^*#&+:<>?@%{}\\/|. ]"
_FLEET = r"[a-z0-9]([a-z0-9-]{0,48}[a-z0-9])?"

NAMES: Mapping[str, str] = {
    "Microsoft.AlertsManagement/actionRules": _INSIGHTS,
    "Microsoft.Authorization/roleAssignments": _GUID,
    "Microsoft.Authorization/roleDefinitions": _GUID,
    "Microsoft.Consumption/budgets": r"[A-Za-z0-9_-]{1,63}",
    "Microsoft.ContainerService/fleets/autoUpgradeProfiles": _FLEET,
    "Microsoft.ContainerService/fleets/updateStrategies": _FLEET,
    "Microsoft.EventGrid/eventSubscriptions": r"[A-Za-z0-9-]{3,64}",
    "Microsoft.EventGrid/systemTopics": r"[A-Za-z0-9-]{3,50}",
    "Microsoft.EventGrid/systemTopics/eventSubscriptions": r"[A-Za-z0-9-]{3,64}",
    "Microsoft.EventGrid/topics": r"[A-Za-z0-9-]{3,50}",
    "Microsoft.EventGrid/topics/eventSubscriptions": r"[A-Za-z0-9-]{3,64}",
    "Microsoft.Insights/actionGroups": _INSIGHTS,
    "Microsoft.Insights/components": _INSIGHTS,
    "Microsoft.Insights/diagnosticSettings": _INSIGHTS,
    "Microsoft.Insights/metricAlerts": _INSIGHTS,
    "Microsoft.Insights/scheduledQueryRules": _INSIGHTS,
    "Microsoft.Insights/workbooks": _GUID,
    "Microsoft.ManagedIdentity/userAssignedIdentities": r"[A-Za-z0-9][A-Za-z0-9_-]{2,127}",
    "Microsoft.Network/natGateways": _NETWORK,
    "Microsoft.Network/networkSecurityGroups": _NETWORK,
    "Microsoft.Network/privateDnsZones": r"([a-z0-9-]{1,63}\.){1,33}[a-z0-9-]{1,63}",
    "Microsoft.Network/privateDnsZones/virtualNetworkLinks": _NETWORK,
    "Microsoft.Network/privateEndpoints": r"[A-Za-z0-9]([A-Za-z0-9_.-]{0,62}[A-Za-z0-9_])",
    "Microsoft.Network/privateEndpoints/privateDnsZoneGroups": _NETWORK,
    "Microsoft.Network/publicIPAddresses": _NETWORK,
    "Microsoft.Network/virtualNetworks": r"[A-Za-z0-9]([A-Za-z0-9_.-]{0,62}[A-Za-z0-9_])",
    "Microsoft.Network/virtualNetworks/subnets": _NETWORK,
    "Microsoft.OperationalInsights/workspaces": _LETTERS_DIGITS_HYPHENS % (2, 61),
    "Microsoft.Resources/resourceGroups": r"[\w().-]{0,89}[\w()-]",
    "Microsoft.Storage/storageAccounts": r"[a-z0-9]{3,24}",
    "Microsoft.Storage/storageAccounts/blobServices": "default",
    "Microsoft.Storage/storageAccounts/blobServices/containers": r"(?!.*--)[a-z0-9][a-z0-9-]{1,61}[a-z0-9]",
    "Microsoft.Storage/storageAccounts/managementPolicies": "default",
    "Microsoft.Storage/storageAccounts/queueServices": "default",
    "Microsoft.Storage/storageAccounts/queueServices/queues": r"(?!.*--)[a-z0-9][a-z0-9-]{1,61}[a-z0-9]",
    "Microsoft.Storage/storageAccounts/tableServices": "default",
    "Microsoft.Storage/storageAccounts/tableServices/tables": r"[A-Za-z][A-Za-z0-9]{2,62}",
    "Microsoft.Web/serverfarms": r"[A-Za-z0-9-]{1,60}",
    "Microsoft.Web/sites": _LETTERS_DIGITS_HYPHENS % (0, 58),
    "Microsoft.Web/sites/basicPublishingCredentialsPolicies": "ftp|scm",
    "Microsoft.Web/sites/config": "appsettings|authsettingsV2|web",
}
"""What the last part of a name may be, by type; a type that is not here breaks the law, so that none is forgotten."""

LONGEST_SHORT_NAME = 12
"""Of an action group: what text messages begin with."""


def find_name_problems(prediction: Prediction) -> Iterator[str]:
    """Names that Azure refuses, and ids that two resources have."""
    for resource in prediction.resources:
        yield from _malformed(resource)
    for group in prediction.of_type("Microsoft.Insights/actionGroups"):
        for short in values_at(group.body.get("properties"), "groupShortName"):
            if isinstance(short, str) and len(short) > LONGEST_SHORT_NAME:
                yield f"{group}: its short name {short} has more than {LONGEST_SHORT_NAME} characters"
    ids = Counter(resource.id.lower() for resource in prediction.resources)
    for resource in prediction.resources:
        if ids.pop(resource.id.lower(), 1) > 1:
            yield f"{resource}: more than one resource has its id"


def _malformed(resource: Resource) -> Iterator[str]:
    pattern = NAMES.get(resource.type)
    if pattern is None:
        yield f"{resource}: no rule for the names of this type is known here"
    elif isinstance(resource.name, str) and not re.fullmatch(pattern, resource.name.rpartition("/")[2]):
        yield f"{resource}: Azure takes no such name for this type"
