"""What every hook checks first: the Azure CLI, the sign-in and the variables of azd."""

import os
import subprocess

import pytest

from tests.hooks.hook import HOOKS, PROVISIONED, SCRIPTS, StandIn, run_hook, without

EVERYWHERE = {**PROVISIONED, "MANAGED_MANAGEMENT_GROUP_IDS": "platform"}
NEEDED = {
    "postprovision": {
        "AZURE_SUBSCRIPTION_ID",
        "AZURE_LOCATION",
        "INSTALLATION",
        "APP_PRINCIPAL_ID",
        "ALERT_PRINCIPAL_ID",
    },
    "postdeploy": set(PROVISIONED) - {"APP_PRINCIPAL_ID", "ALERT_PRINCIPAL_ID", "MANAGED_SUBSCRIPTION_IDS"},
    "predown": {"AZURE_SUBSCRIPTION_ID", "APP_PRINCIPAL_ID", "ALERT_PRINCIPAL_ID"},
}


@pytest.mark.parametrize("hook", HOOKS)
def test_without_the_azure_cli_a_hook_says_where_to_get_it(azure: StandIn, hook: str) -> None:
    done = run_hook(hook, azure, EVERYWHERE, has_az=False)

    assert done.code == 1
    assert "The Azure CLI is missing. Install it: https://aka.ms/azure-cli" in done.err


@pytest.mark.parametrize("hook", HOOKS)
def test_a_hook_that_is_not_signed_in_says_so_and_does_nothing_else(azure: StandIn, hook: str) -> None:
    done = run_hook(hook, azure.answer("account show", code=1), EVERYWHERE)

    assert (done.code, done.commands) == (1, ["account show"])
    assert "Run: az login" in done.err


@pytest.mark.parametrize(("hook", "name"), [(hook, name) for hook, names in NEEDED.items() for name in sorted(names)])
def test_a_missing_variable_is_named_and_nothing_is_called(azure: StandIn, hook: str, name: str) -> None:
    done = run_hook(hook, azure, without(EVERYWHERE, name))

    assert (done.code, done.calls) == (1, [])
    assert done.err == f"{hook}: Not set: {name}. Run azd provision first, then: azd hooks run {hook}\n"


@pytest.mark.parametrize(
    ("hook", "name"),
    [
        ("preprovision", "AUTO_UPGRADE_ALERTS_ACT"),
        ("preprovision", "AUTO_UPGRADE_PRIVATE_NETWORK"),
        ("preprovision", "AUTO_UPGRADE_ZONE_REDUNDANT"),
        ("preprovision", "AUTO_UPGRADE_CHECK_RIGHTS"),
        ("postprovision", "AUTO_UPGRADE_BROAD_FLEET_ACTIONS"),
        ("postdeploy", "AUTO_UPGRADE_ALERTS_ACT"),
        ("predown", "AUTO_UPGRADE_REMOVE"),
    ],
)
def test_a_value_without_a_meaning_is_refused_with_the_values_that_have_one(
    azure: StandIn, hook: str, name: str
) -> None:
    done = run_hook(hook, azure, {**EVERYWHERE, name: "perhaps"})

    assert (done.code, done.calls) == (1, [])
    assert f"{name} is perhaps. It must be one of: " in done.err


@pytest.mark.parametrize("script", sorted(SCRIPTS.glob("*.sh")), ids=lambda path: path.name)
def test_a_script_is_posix_shell(script: object) -> None:
    done = subprocess.run(["sh", "-n", str(script)], capture_output=True, text=True, check=False)

    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("hook", HOOKS)
def test_azd_can_run_the_script(hook: str) -> None:
    assert os.access(SCRIPTS / f"{hook}.sh", os.X_OK)
