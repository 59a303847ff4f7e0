"""The hook after provisioning: the app registration, and roles in management groups."""

import json

import pytest

from functions.http.principal import Access
from tests.hooks.hook import INSTALLATION, OUTPUTS, PROVISIONED, SCRIPTS, StandIn, run_hook


def test_without_management_groups_nothing_is_called(azure: StandIn) -> None:
    done = run_hook("postprovision", azure, PROVISIONED)

    assert (done.code, done.calls) == (0, [])


def test_each_management_group_gets_its_roles_after_the_rights_are_said(azure: StandIn) -> None:
    done = run_hook("postprovision", azure, {**PROVISIONED, "MANAGED_MANAGEMENT_GROUP_IDS": "platform, retail"})

    assert done.code == 0
    assert "the right to create roles and assign them" in done.out.splitlines()[0]
    deployments = done.calls_of("deployment mg create")
    assert [call.option("--management-group-id") for call in deployments] == ["platform", "retail"]
    assert deployments[0].arguments[5:] == [
        *("--name", f"fleet-auto-upgrade-{INSTALLATION}"),
        *("--location", "westeurope"),
        *("--template-file", f"{SCRIPTS}/../management-groups.bicep"),
        "--parameters",
        f"installation={INSTALLATION}",
        f"appPrincipalId={OUTPUTS['APP_PRINCIPAL_ID']}",
        f"alertPrincipalId={OUTPUTS['ALERT_PRINCIPAL_ID']}",
        "broadFleetActions=false",
        "profilesWrite=false",
        *("--output", "none"),
    ]


def test_broad_actions_are_passed_on(azure: StandIn) -> None:
    done = run_hook(
        "postprovision",
        azure,
        {**PROVISIONED, "MANAGED_MANAGEMENT_GROUP_IDS": "platform", "AUTO_UPGRADE_BROAD_FLEET_ACTIONS": "true"},
    )

    assert "broadFleetActions=true" in done.calls_of("deployment mg create")[0].arguments


def test_a_management_group_that_refuses_is_named_and_stops_the_hook(azure: StandIn) -> None:
    azure.answer("deployment mg create", "platform", err="AuthorizationFailed\n", code=1)

    done = run_hook("postprovision", azure, {**PROVISIONED, "MANAGED_MANAGEMENT_GROUP_IDS": "platform,retail"})

    assert (done.code, len(done.calls_of("deployment mg create"))) == (1, 1)
    assert "AuthorizationFailed" in done.err
    assert "The roles in management group platform were not created." in done.err


REGISTRATION = "66666666-6666-6666-6666-666666666666"
WITH_ENTRA = {**PROVISIONED, "AUTO_UPGRADE_AUTH_CLIENT_ID": REGISTRATION}
CALLBACK = f"https://{OUTPUTS['FUNCTION_APP_HOST_NAME']}/.auth/login/aad/callback"
BOTH_ROLES = "FleetAutoUpgrade.Act\nFleetAutoUpgrade.Read\n"


def test_a_new_registration_gets_the_apps_roles_and_the_address_of_the_sign_in(azure: StandIn) -> None:
    done = run_hook("postprovision", azure, WITH_ENTRA)

    assert done.code == 0
    roles, address = done.calls_of("ad app update")
    assert roles.arguments[3:] == [
        *("--id", REGISTRATION, "--app-roles", f"@{SCRIPTS}/app-roles.json"),
        *("--output", "none"),
    ]
    assert address.arguments[3:] == [
        *("--id", REGISTRATION, "--enable-id-token-issuance", "true"),
        *("--web-redirect-uris", CALLBACK, "--output", "none"),
    ]


def test_the_roles_are_those_that_the_app_asks_for() -> None:
    roles = json.loads((SCRIPTS / "app-roles.json").read_text())

    assert {role["value"] for role in roles} == set(Access)
    assert len({role["id"] for role in roles}) == len(roles)


def test_what_the_registration_has_is_kept(azure: StandIn) -> None:
    azure.answer("ad app show", "appRoles", out=BOTH_ROLES)
    azure.answer("ad app show", "redirectUris", out="https://other/callback\n")

    done = run_hook("postprovision", azure, WITH_ENTRA)

    [address] = done.calls_of("ad app update")
    place = address.arguments.index("--web-redirect-uris")
    assert address.arguments[place + 1 : place + 3] == ["https://other/callback", CALLBACK]


def test_a_registration_that_has_everything_is_left_alone(azure: StandIn) -> None:
    azure.answer("ad app show", "appRoles", out=BOTH_ROLES)
    azure.answer("ad app show", "redirectUris", out=f"{CALLBACK}\n")

    done = run_hook("postprovision", azure, WITH_ENTRA)

    assert (done.code, done.calls_of("ad app update")) == (0, [])


def test_other_roles_are_not_replaced_and_a_person_is_asked_to_add_ours(azure: StandIn) -> None:
    azure.answer("ad app show", "appRoles", out="Something.Else\nFleetAutoUpgrade.Read\n")
    azure.answer("ad app show", "redirectUris", out=f"{CALLBACK}\n")

    done = run_hook("postprovision", azure, WITH_ENTRA)

    assert (done.code, done.calls_of("ad app update")) == (0, [])
    assert "has other app roles, which stay." in done.out


@pytest.mark.parametrize(
    ("command", "sentence"),
    [("ad app show", "cannot be read"), ("ad app update", "The app roles were not added. The owner")],
)
def test_without_rights_in_entra_the_deployment_goes_on_and_says_who_can(
    azure: StandIn, command: str, sentence: str
) -> None:
    azure.answer(command, err="Insufficient privileges\n", code=1)

    done = run_hook("postprovision", azure, WITH_ENTRA)

    assert done.code == 0
    assert sentence in done.out
