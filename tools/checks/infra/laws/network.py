"""Private networking: only the app has a public endpoint, and what the app uses is in its network."""

from __future__ import annotations

from collections.abc import Iterator

from tools.checks.infra.expression import Access, Call
from tools.checks.infra.laws.settings import app_settings
from tools.checks.infra.prediction import Prediction, Resource, values_at

CLOSED = ("Microsoft.EventGrid/topics", "Microsoft.Storage/storageAccounts")
"""Types whose resources are reached through private endpoints only."""

_STORAGE_ACCOUNT = "Microsoft.Storage/storageAccounts"
_ACCOUNT_OF_THE_HOST = ("AzureWebJobsStorage__accountName", "AzureWebJobsStorage__blobServiceUri")
_SERVICES_OF_THE_HOST = ("blob", "queue", "table")
"""What the Functions host uses of its storage account, the only one there is."""


def is_private(prediction: Prediction) -> bool:
    """Whether the app has a network."""
    sites = prediction.of_type("Microsoft.Web/sites")
    return any(next(values_at(dict(site.properties), "virtualNetworkSubnetId"), None) for site in sites)


def find_network_problems(prediction: Prediction) -> Iterator[str]:
    """With private networking: what can be reached from outside, or cannot be reached by the app."""
    if not is_private(prediction):
        return
    for kind in CLOSED:
        for resource in prediction.of_type(kind):
            if resource.properties.get("publicNetworkAccess") != "Disabled":
                yield f"{resource}: it can be reached from public networks"
            yield from _exceptions_of(resource)
    for site in prediction.of_type("Microsoft.Web/sites"):
        if list(values_at(dict(site.properties), "siteConfig", "ipSecurityRestrictionsDefaultAction")) != ["Deny"]:
            yield f"{site}: it answers calls from anywhere"
        yield from _unreachable(site, prediction)
    zone_groups = prediction.of_type("Microsoft.Network/privateEndpoints/privateDnsZoneGroups")
    with_zone = {group.id.lower().rpartition("/privatednszonegroups/")[0] for group in zone_groups}
    for endpoint in prediction.of_type("Microsoft.Network/privateEndpoints"):
        if endpoint.id.lower() not in with_zone:
            yield f"{endpoint}: no DNS zone has its address"
    yield from _without_way_out(prediction)


def _exceptions_of(resource: Resource) -> Iterator[str]:
    bypass = next(values_at(dict(resource.properties), "networkAcls", "bypass"), "None")
    if resource.type == _STORAGE_ACCOUNT and bypass != "None":
        yield f"{resource}: it lets {bypass} in, not only the topics of this installation"


def _unreachable(site: Resource, prediction: Prediction) -> Iterator[str]:
    reached = {
        (str(target).lower(), str(group))
        for endpoint in prediction.of_type("Microsoft.Network/privateEndpoints")
        for connection in values_at(dict(endpoint.properties), "privateLinkServiceConnections")
        for target in values_at(connection, "properties", "privateLinkServiceId")
        for group in values_at(connection, "properties", "groupIds")
    }
    for name, target, service in _used_by(site, prediction):
        if (target.lower(), service) not in reached:
            yield f"{site}: {name} leads to {service} of {target.rpartition('/')[2]}, which has no private endpoint"


def _used_by(site: Resource, prediction: Prediction) -> Iterator[tuple[str, str, str]]:
    """Each data plane that a setting leads to: the setting, the id of the resource, the service of it."""
    for name, value in app_settings(site).items():
        match value:
            case Access(Access(Call("reference", (str() as account, *_)), "primaryEndpoints"), str() as service):
                yield name, account, service
            case Access(Call("reference", (str() as topic, *_)), "endpoint"):
                yield name, topic, "topic"
        if name in _ACCOUNT_OF_THE_HOST:
            for storage in prediction.of_type(_STORAGE_ACCOUNT):
                yield from ((name, storage.id, service) for service in _SERVICES_OF_THE_HOST)


def _without_way_out(prediction: Prediction) -> Iterator[str]:
    """A subnet of the app that is deployed with it, and from which nothing leads to Azure Resource Manager."""
    used = {
        str(subnet).lower()
        for site in prediction.of_type("Microsoft.Web/sites")
        for subnet in values_at(dict(site.properties), "virtualNetworkSubnetId")
    }
    for network in prediction.of_type("Microsoft.Network/virtualNetworks"):
        for subnet in values_at(dict(network.properties), "subnets"):
            name = str(next(values_at(subnet, "name"), ""))
            own = f"{network.id}/subnets/{name}".lower()
            if own in used and not list(values_at(subnet, "properties", "natGateway", "id")):
                yield f"{network}: nothing leads out of {name}, where the app is"
