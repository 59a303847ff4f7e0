"""The hook before provisioning: it only reads, and names everything that the person must correct."""

import pytest

from tests.hooks.hook import BY_AZD, OTHER_SUBSCRIPTION, SUBSCRIPTION, Result, StandIn, cluster, run_hook, without

PROVIDERS = (
    "Microsoft.Web",
    "Microsoft.Storage",
    "Microsoft.EventGrid",
    "Microsoft.ManagedIdentity",
    "Microsoft.Insights",
    "Microsoft.OperationalInsights",
    "Microsoft.AlertsManagement",
    "Microsoft.App",
    "Microsoft.Network",
    "Microsoft.ContainerService",
    "Microsoft.ResourceNotifications",
)


def ready(azure: StandIn, *, registered: tuple[str, ...] = PROVIDERS, region: str = "westeurope") -> StandIn:
    """A subscription in which everything is as needed, but for what is said."""
    return (
        azure.answer("provider list", out="\n".join(registered) + "\n")
        .answer("functionapp list-flexconsumption-locations", out=f"eastus\n{region}\n")
        .answer("rest", "Microsoft.Authorization/permissions", out="1\n")
    )


def check(azure: StandIn, **choices: str) -> Result:
    return run_hook("preprovision", azure, {**BY_AZD, **choices})


def test_everything_as_needed_is_reported_and_only_read(azure: StandIn) -> None:
    done = check(ready(azure))

    assert (done.code, done.err) == (0, "")
    assert done.out == "preprovision: The Azure CLI, resource providers, region and rights are as needed.\n"
    assert set(done.commands) == {"account show", "provider list", "functionapp list-flexconsumption-locations", "rest"}
    assert {call.option("--method") for call in done.calls_of("rest")} == {"get"}


@pytest.mark.parametrize("name", ["AZURE_SUBSCRIPTION_ID", "AZURE_LOCATION"])
def test_before_azd_has_asked_for_subscription_and_location_nothing_can_be_checked(azure: StandIn, name: str) -> None:
    done = run_hook("preprovision", azure, without(BY_AZD, name))

    assert (done.code, done.calls) == (0, [])
    assert "is not set yet" in done.out


@pytest.mark.parametrize("namespace", sorted(set(PROVIDERS) - {"Microsoft.App", "Microsoft.Network"}))
def test_a_provider_that_is_not_registered_is_named_with_the_command_that_registers_it(
    azure: StandIn, namespace: str
) -> None:
    done = check(ready(azure, registered=tuple(one for one in PROVIDERS if one != namespace)))

    assert done.code == 1
    command = f"az provider register --wait --subscription {SUBSCRIPTION} --namespace {namespace}"
    assert f"Resource provider {namespace} is not registered. Run: {command}\n" in done.err
    assert "Nothing was deployed." in done.err


def test_a_provider_whose_name_only_begins_like_a_registered_one_is_not_registered(azure: StandIn) -> None:
    registered = tuple(one for one in PROVIDERS if one != "Microsoft.Web")

    assert check(ready(azure, registered=(*registered, "Microsoft.WebPubSub"))).code == 1


@pytest.mark.parametrize("namespace", ["Microsoft.App", "Microsoft.Network"])
def test_only_private_networking_needs_the_providers_of_networks(azure: StandIn, namespace: str) -> None:
    ready(azure, registered=tuple(one for one in PROVIDERS if one != namespace))

    assert check(azure).code == 0
    done = check(azure, AUTO_UPGRADE_PRIVATE_NETWORK="true")
    assert done.code == 1
    assert namespace in done.err


def test_each_subscription_is_asked_for_the_providers_that_it_needs(azure: StandIn) -> None:
    done = check(
        ready(azure.answer("provider list", OTHER_SUBSCRIPTION)),
        AUTO_UPGRADE_SUBSCRIPTION_IDS=SUBSCRIPTION,
        AUTO_UPGRADE_CLUSTER_IDS=cluster("one"),
        AUTO_UPGRADE_GATE_SUBSCRIPTION_IDS="none",
    )

    missing = [line.split()[3] for line in done.err.splitlines() if "is not registered" in line]
    assert missing == ["Microsoft.EventGrid", "Microsoft.Insights"]


def test_a_subscription_that_cannot_be_read_is_named(azure: StandIn) -> None:
    done = check(azure.answer("provider list", code=1))

    assert done.code == 1
    assert f"Cannot read subscription {SUBSCRIPTION}." in done.err


def test_a_region_without_the_plan_is_refused(azure: StandIn) -> None:
    done = check(ready(azure, region="westeurope2"))

    assert done.code == 1
    assert "Region westeurope does not have the Flex Consumption plan. Choose another: azd env set" in done.err


def test_zone_redundancy_asks_for_regions_that_have_it(azure: StandIn) -> None:
    done = check(ready(azure, region="uksouth"), AUTO_UPGRADE_ZONE_REDUNDANT="true")

    assert done.calls_of("functionapp list-flexconsumption-locations")[0].option("--zone-redundant") == "true"
    assert "does not have the Flex Consumption plan with zone redundancy." in done.err


def test_rights_that_do_not_suffice_are_named_for_each_subscription(azure: StandIn) -> None:
    azure.answer("rest", f"{OTHER_SUBSCRIPTION}/providers/Microsoft.Authorization/permissions", out="0\n")

    done = check(ready(azure), AUTO_UPGRADE_SUBSCRIPTION_IDS=f"{SUBSCRIPTION}, {OTHER_SUBSCRIPTION}")

    assert done.code == 1
    assert f"You need the right to create roles and assign them in subscription {OTHER_SUBSCRIPTION}." in done.err
    assert f"subscription {SUBSCRIPTION}." not in done.err


def test_rights_by_a_custom_role_can_be_trusted_unchecked(azure: StandIn) -> None:
    azure.answer("rest", "Microsoft.Authorization/permissions", out="0\n")

    done = check(ready(azure), AUTO_UPGRADE_CHECK_RIGHTS="false")

    assert (done.code, done.calls_of("rest")) == (0, [])


def test_all_problems_are_named_at_once(azure: StandIn) -> None:
    azure.answer("rest", "Microsoft.Authorization/permissions", out="0\n")

    done = check(ready(azure, registered=PROVIDERS[1:], region="uksouth"))

    assert [line.split()[1] for line in done.err.splitlines()] == ["Resource", "Region", "You", "You", "Nothing"]


def test_subscriptions_and_management_groups_together_are_refused(azure: StandIn) -> None:
    done = check(azure, AUTO_UPGRADE_SUBSCRIPTION_IDS=SUBSCRIPTION, AUTO_UPGRADE_MANAGEMENT_GROUP_IDS="platform")

    assert (done.code, done.calls) == (1, [])
    assert "not both" in done.err


def test_with_management_groups_no_subscription_is_taken_for_managed(azure: StandIn) -> None:
    done = check(
        ready(azure, registered=tuple(one for one in PROVIDERS if one != "Microsoft.ContainerService")),
        AUTO_UPGRADE_MANAGEMENT_GROUP_IDS="platform",
    )

    assert (done.code, done.err) == (0, "")
