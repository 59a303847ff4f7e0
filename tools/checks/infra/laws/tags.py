"""Tags: every resource that can have them has the tags of the installation; only main writes the resource group."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tools.checks.infra.prediction import Prediction, Resource, values_at

ENVIRONMENT_TAG = "azd-env-name"
"""By which azd finds what it deployed."""

WITHOUT_TAGS = {
    "Microsoft.Authorization/roleAssignments",
    "Microsoft.Authorization/roleDefinitions",
    "Microsoft.Consumption/budgets",
    "Microsoft.ContainerService/fleets/autoUpgradeProfiles",
    "Microsoft.ContainerService/fleets/updateStrategies",
    "Microsoft.EventGrid/eventSubscriptions",
    "Microsoft.EventGrid/systemTopics/eventSubscriptions",
    "Microsoft.EventGrid/topics/eventSubscriptions",
    "Microsoft.Insights/diagnosticSettings",
    "Microsoft.Network/privateEndpoints/privateDnsZoneGroups",
    "Microsoft.Network/virtualNetworks/subnets",
    "Microsoft.Storage/storageAccounts/blobServices",
    "Microsoft.Storage/storageAccounts/blobServices/containers",
    "Microsoft.Storage/storageAccounts/managementPolicies",
    "Microsoft.Storage/storageAccounts/queueServices",
    "Microsoft.Storage/storageAccounts/queueServices/queues",
    "Microsoft.Storage/storageAccounts/tableServices",
    "Microsoft.Storage/storageAccounts/tableServices/tables",
    "Microsoft.Web/sites/basicPublishingCredentialsPolicies",
    "Microsoft.Web/sites/config",
}
"""Types whose resources take no tags."""

_GROUPS = "Microsoft.Resources/resourceGroups"


def find_tag_problems(prediction: Prediction) -> Iterator[str]:
    """What lacks the tags of the installation."""
    for resource in prediction.resources:
        tags = resource.body.get("tags")
        if resource.type in WITHOUT_TAGS:
            if tags is not None:
                yield f"{resource}: resources of this type take no tags"
        elif not isinstance(tags, dict) or ENVIRONMENT_TAG not in tags:
            yield f"{resource}: it has no tag {ENVIRONMENT_TAG}"


def find_group_problems(prediction: Prediction) -> Iterator[str]:
    """A template without the app that writes the app's resource group, and so its tags."""
    if prediction.of_type("Microsoft.Web/sites"):
        return
    groups = set(_groups_of_the_app(prediction.resources))
    for resource in prediction.of_type(_GROUPS):
        if resource.id.lower() in groups:
            yield f"{resource}: only the template of the app writes the app's resource group"


def _groups_of_the_app(resources: Sequence[Resource]) -> Iterator[str]:
    """The groups of the Function apps that events are sent to, in lower case."""
    for resource in resources:
        for function in values_at(resource.body.get("properties"), "destination", "properties", "resourceId"):
            if isinstance(function, str):
                yield function.lower().partition("/providers/")[0]
