"""What holds for every way of deploying; and each law catches a fault."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.infra.predictions import at, each_way, prediction, with_changed, with_resource, without
from tools.checks.infra.expression import Access, Call, Value
from tools.checks.infra.laws.all import LAWS, find_broken_laws
from tools.checks.infra.prediction import Prediction

SITE = "Microsoft.Web/sites"
STORAGE = "Microsoft.Storage/storageAccounts"
RULE = "Microsoft.Insights/scheduledQueryRules"
KEY = Access(Call("listKeys", ("/a/b", "2025-06-01")), "key1")


@each_way
@pytest.mark.parametrize("law", LAWS)
def test_every_way_of_deploying_keeps(law: str, way: str) -> None:
    assert list(LAWS[law](prediction(way))) == []


def renamed(way: str, kind: str, name: str) -> Prediction:
    found = prediction(way)
    index = next(index for index, resource in enumerate(found.resources) if resource.type == kind)
    return with_resource(found, index, replace(found.resources[index], name=name))


def twice(way: str, kind: str) -> Prediction:
    found = prediction(way)
    again = next(resource for resource in found.resources if resource.type == kind)
    return replace(found, resources=[*found.resources, again])


def of_another_type(way: str, kind: str, other: str) -> Prediction:
    found = prediction(way)
    index = next(index for index, resource in enumerate(found.resources) if resource.type == kind)
    return with_resource(found, index, replace(found.resources[index], type=other))


def changed(way: str, kind: str, *path: str, **values: Value) -> Prediction:
    """A prediction in which some properties at a path of a body have other values."""

    def change(body: dict[str, Value]) -> None:
        at(body, *path).update(values)

    return with_changed(prediction(way), kind, change)


def lacking(way: str, kind: str, *path: str) -> Prediction:
    """A prediction without the property at a path of a body."""

    def change(body: dict[str, Value]) -> None:
        del at(body, *path[:-1])[path[-1]]

    return with_changed(prediction(way), kind, change)


def with_setting(name: str, value: Value) -> Prediction:
    def change(body: dict[str, Value]) -> None:
        settings = at(body, "properties", "siteConfig")["appSettings"]
        assert isinstance(settings, list)
        settings.append({"name": name, "value": value})

    return with_changed(prediction("default"), SITE, change)


def untagged(way: str, kind: str) -> Prediction:
    return with_changed(prediction(way), kind, lambda body: body.update(tags={}))


def writing_the_group_of_the_app() -> Prediction:
    [group] = prediction("default").of_type("Microsoft.Resources/resourceGroups")
    events = prediction("events")
    return replace(events, resources=[*events.resources, group])


FAULTS: dict[str, tuple[Callable[[], Prediction], str]] = {
    "a name that is too long": (
        lambda: renamed("default", STORAGE, "st" + "a" * 23),
        "Azure takes no such name for this type",
    ),
    "a type without a rule for its names": (
        lambda: of_another_type("default", STORAGE, "Microsoft.Storage/newThings"),
        "no rule for the names of this type is known here",
    ),
    "two resources with one id": (lambda: twice("default", STORAGE), "more than one resource has its id"),
    "a short name that is too long": (
        lambda: changed("default", "Microsoft.Insights/actionGroups", "properties", groupShortName="a" * 13),
        "has more than 12 characters",
    ),
    "a null": (
        lambda: changed("default", STORAGE, "properties", networkAcls=None),
        "properties.networkAcls is null",
    ),
    "a null deep inside": (
        lambda: changed("default", RULE, "properties", "criteria", "allOf", metricMeasureColumn=None),
        "properties.criteria.allOf[0].metricMeasureColumn is null",
    ),
    "a null in an expression": (
        lambda: changed("default", STORAGE, "properties", accessTier=Call("coalesce", (None, KEY))),
        "an expression in properties.accessTier is null",
    ),
    "a resource without tags": (lambda: untagged("default", SITE), "it has no tag azd-env-name"),
    "tags where there are none": (
        lambda: changed("default", f"{STORAGE}/blobServices", tags={"a": "b"}),
        "resources of this type take no tags",
    ),
    "the group of the app written by events": (
        writing_the_group_of_the_app,
        "only the template of the app writes the app's resource group",
    ),
    "a property that the plan refuses": (
        lambda: changed("default", SITE, "properties", "siteConfig", ftpsState="Disabled"),
        "Flex Consumption takes no siteConfig.ftpsState",
    ),
    "a property of the site that the plan refuses": (
        lambda: changed("default", SITE, "properties", containerSize=1536),
        "Flex Consumption takes no containerSize",
    ),
    "a setting that the plan refuses": (
        lambda: with_setting("FUNCTIONS_WORKER_RUNTIME", "python"),
        "Flex Consumption takes no setting FUNCTIONS_WORKER_RUNTIME",
    ),
    "a key in a setting": (lambda: with_setting("KEY", KEY), "the setting KEY holds a key"),
    "a shared access signature in a setting": (
        lambda: with_setting("URL", "https://st.blob.core.windows.net/app?sv=2025&sig=abc"),
        "the setting URL holds a key",
    ),
    "a connection string in a setting": (
        lambda: with_setting("CONNECTION", Access(Call("reference", ("/a/b",)), "primaryConnectionString")),
        "the setting CONNECTION holds a key or a connection string",
    ),
    "a key in an output": (
        lambda: replace(prediction("default"), outputs={"KEY": KEY}),
        "the output KEY holds a key",
    ),
    "a key in a resource": (
        lambda: changed("default", "Microsoft.Insights/workbooks", "properties", serializedData=KEY),
        "it asks Azure for a key",
    ),
    "keys of the storage account switched on": (
        lambda: changed("default", STORAGE, "properties", allowSharedKeyAccess=True),
        "allowSharedKeyAccess is not false",
    ),
    "keys of the topic not switched off": (
        lambda: lacking("default", "Microsoft.EventGrid/topics", "properties", "disableLocalAuth"),
        "disableLocalAuth is not true",
    ),
    "a way to publish with a password": (
        lambda: without(prediction("default"), f"{SITE}/basicPublishingCredentialsPolicies"),
        "to user names and passwords",
    ),
    "a public storage account": (
        lambda: changed("private-network", STORAGE, "properties", publicNetworkAccess="Enabled"),
        "it can be reached from public networks",
    ),
    "a public topic": (
        lambda: changed("private-network", "Microsoft.EventGrid/topics", "properties", publicNetworkAccess="Enabled"),
        "it can be reached from public networks",
    ),
    "an exception for all of Azure": (
        lambda: changed("private-network", STORAGE, "properties", "networkAcls", bypass="AzureServices"),
        "it lets AzureServices in",
    ),
    "an app that answers calls from anywhere": (
        lambda: changed(
            "private-network", SITE, "properties", "siteConfig", ipSecurityRestrictionsDefaultAction="Allow"
        ),
        "it answers calls from anywhere",
    ),
    "a service without a private endpoint": (
        lambda: without(prediction("private-network"), "Microsoft.Network/privateEndpoints"),
        "which has no private endpoint",
    ),
    "a private endpoint that no name leads to": (
        lambda: without(prediction("private-network"), "Microsoft.Network/privateEndpoints/privateDnsZoneGroups"),
        "no DNS zone has its address",
    ),
    "an app that cannot call Azure": (
        lambda: lacking(
            "private-network", "Microsoft.Network/virtualNetworks", "properties", "subnets", "properties", "natGateway"
        ),
        "nothing leads out of app",
    ),
    "another query": (
        lambda: changed("default", RULE, "properties", "criteria", "allOf", query="AppEvents | take 1"),
        "its query is not infra/alerts/",
    ),
    "a rule without a query": (lambda: renamed("default", RULE, "fleet-auto-upgrade-other"), "no query has its name"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_law_catches(fault: str) -> None:
    inject, problem = FAULTS[fault]

    found = list(find_broken_laws(inject()))

    assert [one for one in found if problem in one], found


def test_every_law_has_a_fault_that_it_alone_catches() -> None:
    caught = {
        law
        for inject, problem in FAULTS.values()
        for law, find in LAWS.items()
        if any(problem in one for one in find(inject()))
    }

    assert caught == set(LAWS)
