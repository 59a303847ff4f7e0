"""The hook that subscribes the functions to events and alerts, run by a shell with something else in place of `az`."""

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from tools.checks.infra.template import INFRA, read_template

SCRIPT = INFRA / "scripts" / "subscribe-events.sh"
GROUP_ID = "/subscriptions/sub-1/resourceGroups/rg-prod"
GIVEN_BY_AZD = {
    "AZURE_ENV_NAME": "prod",
    "AZURE_LOCATION": "westeurope",
    "AZURE_SUBSCRIPTION_ID": "sub-1",
    "AZURE_RESOURCE_GROUP": "rg-prod",
    "FUNCTION_APP_ID": f"{GROUP_ID}/providers/Microsoft.Web/sites/func-x",
    "FUNCTION_APP_HOST_NAME": "func-x.azurewebsites.net",
    "LOG_ANALYTICS_WORKSPACE_ID": f"{GROUP_ID}/providers/Microsoft.OperationalInsights/workspaces/log-x",
    "TOPIC_NAME": "evgt-x",
    "STORAGE_ACCOUNT_NAME": "stx",
    "DEAD_LETTER_CONTAINER": "deadletters",
    "WATCHED_SUBSCRIPTION_IDS": "sub-1,sub-2",
}


def run(folder: Path, environment: Mapping[str, str], *, has_az: bool = True) -> subprocess.CompletedProcess[str]:
    """Run the script; `az` writes each of its arguments on a line of its own."""
    if has_az:
        az = folder / "az"
        az.write_text("#!/bin/sh\nprintf '%s\\n' \"$@\"\n")
        az.chmod(0o755)
    for tool in ("sh", "dirname"):
        if not (folder / tool).exists():
            (folder / tool).symlink_to(
                Path("/bin") / tool if (Path("/bin") / tool).exists() else Path("/usr/bin") / tool
            )
    return subprocess.run(
        [str(folder / "sh"), str(SCRIPT)],
        env={"PATH": str(folder), **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def parameters_of(done: subprocess.CompletedProcess[str]) -> dict[str, str]:
    lines = done.stdout.splitlines()
    given = lines[lines.index("--parameters") + 1 : lines.index("--output")]
    return dict(line.split("=", 1) for line in given)


def test_the_template_gets_what_azd_knows(tmp_path: Path) -> None:
    done = run(tmp_path, GIVEN_BY_AZD)

    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[:11] == [
        *("deployment", "sub", "create"),
        *("--subscription", "sub-1"),
        *("--name", "fleet-auto-upgrade-events-prod"),
        *("--location", "westeurope"),
        *("--template-file", str(SCRIPT.parent / ".." / "event-subscriptions.bicep")),
    ]
    assert parameters_of(done) == {
        "environmentName": "prod",
        "location": "westeurope",
        "resourceGroupName": "rg-prod",
        "functionAppId": GIVEN_BY_AZD["FUNCTION_APP_ID"],
        "functionAppHostName": "func-x.azurewebsites.net",
        "workspaceId": GIVEN_BY_AZD["LOG_ANALYTICS_WORKSPACE_ID"],
        "topicName": "evgt-x",
        "storageAccountName": "stx",
        "deadLetterContainer": "deadletters",
        "clusterIds": "",
        "gateSubscriptionIds": "sub-1,sub-2",
        "alertsAct": "true",
    }


def test_the_template_takes_every_parameter_it_is_given_and_lacks_none(tmp_path: Path) -> None:
    template = read_template(INFRA / "event-subscriptions.bicep")
    given = set(parameters_of(run(tmp_path, GIVEN_BY_AZD)))

    assert given <= set(template.section("parameters"))
    assert template.required_parameters() <= given


@pytest.mark.parametrize(("chosen", "given"), [("sub-9", "sub-9"), ("none", "")])
def test_subscriptions_with_gates_can_be_chosen_or_none_of_them(tmp_path: Path, chosen: str, given: str) -> None:
    done = run(tmp_path, {**GIVEN_BY_AZD, "AUTO_UPGRADE_GATE_SUBSCRIPTION_IDS": chosen})

    assert parameters_of(done)["gateSubscriptionIds"] == given


@pytest.mark.parametrize("chosen", ["true", "false"])
def test_whether_alerts_act_can_be_chosen(tmp_path: Path, chosen: str) -> None:
    done = run(tmp_path, {**GIVEN_BY_AZD, "AUTO_UPGRADE_ALERTS_ACT": chosen})

    assert parameters_of(done)["alertsAct"] == chosen


def test_anything_but_true_or_false_is_refused_and_nothing_is_deployed(tmp_path: Path) -> None:
    done = run(tmp_path, {**GIVEN_BY_AZD, "AUTO_UPGRADE_ALERTS_ACT": "no"})

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "subscribe-events: AUTO_UPGRADE_ALERTS_ACT is no; it may be true or false\n"


@pytest.mark.parametrize("name", sorted(set(GIVEN_BY_AZD) - {"WATCHED_SUBSCRIPTION_IDS"}))
def test_what_is_missing_is_named_and_nothing_is_deployed(tmp_path: Path, name: str) -> None:
    done = run(tmp_path, {key: value for key, value in GIVEN_BY_AZD.items() if key != name})

    assert (done.returncode, done.stdout) == (1, "")
    assert f"{name} is not set" in done.stderr


def test_without_the_azure_cli_it_says_what_to_do(tmp_path: Path) -> None:
    done = run(tmp_path, GIVEN_BY_AZD, has_az=False)

    assert done.returncode == 1
    assert "azd hooks run postdeploy" in done.stderr


def test_what_the_hook_needs_is_given_by_azd_or_by_the_outputs_of_the_template() -> None:
    outputs = set(read_template(INFRA / "main.bicep").section("outputs"))
    by_azd_itself = {"AZURE_ENV_NAME", "AZURE_LOCATION", "AZURE_SUBSCRIPTION_ID"}

    assert set(GIVEN_BY_AZD) - by_azd_itself <= outputs


def test_the_script_may_be_run() -> None:
    assert os.access(SCRIPT, os.X_OK)
