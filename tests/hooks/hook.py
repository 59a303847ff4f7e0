"""Builders for tests of the hooks: an environment as azd passes it, the stand-in for the Azure CLI, and a run."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.hooks.azure_cli import Answer, Call, calls, install
from tools.paths import ROOT

SCRIPTS = ROOT / "infra" / "scripts"
HOOKS = ("preprovision", "postprovision", "postdeploy", "predown")
PROGRAMS = ("sh", "dirname", "sleep")
"""What a hook may run besides the Azure CLI: every POSIX system has them."""

SUBSCRIPTION = "11111111-1111-1111-1111-111111111111"
OTHER_SUBSCRIPTION = "22222222-2222-2222-2222-222222222222"
INSTALLATION = "abcdefghijklm"
GROUP_ID = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg-prod"
BY_AZD = {
    "AZURE_ENV_NAME": "prod",
    "AZURE_LOCATION": "westeurope",
    "AZURE_SUBSCRIPTION_ID": SUBSCRIPTION,
}
OUTPUTS = {
    "AZURE_RESOURCE_GROUP": "rg-prod",
    "INSTALLATION": INSTALLATION,
    "FUNCTION_APP_ID": f"{GROUP_ID}/providers/Microsoft.Web/sites/func-x",
    "FUNCTION_APP_NAME": "func-x",
    "FUNCTION_APP_HOST_NAME": "func-x.azurewebsites.net",
    "TOPIC_NAME": "evgt-x",
    "LOG_ANALYTICS_WORKSPACE_ID": f"{GROUP_ID}/providers/Microsoft.OperationalInsights/workspaces/log-x",
    "LOG_ANALYTICS_CUSTOMER_ID": "33333333-3333-3333-3333-333333333333",
    "STORAGE_ACCOUNT_NAME": "stx",
    "DEAD_LETTER_CONTAINER": "deadletters",
    "APP_PRINCIPAL_ID": "44444444-4444-4444-4444-444444444444",
    "ALERT_PRINCIPAL_ID": "55555555-5555-5555-5555-555555555555",
    "MANAGED_SUBSCRIPTION_IDS": SUBSCRIPTION,
}
PROVISIONED = {**BY_AZD, **OUTPUTS}


@dataclass(frozen=True, slots=True)
class Result:
    """What a hook did."""

    code: int
    out: str
    err: str
    calls: Sequence[Call]

    def calls_of(self, command: str) -> list[Call]:
        """The calls of one command."""
        return [call for call in self.calls if call.command == command]

    @property
    def commands(self) -> list[str]:
        """The command of each call, in order."""
        return [call.command for call in self.calls]


@dataclass(slots=True)
class StandIn:
    """The stand-in for the Azure CLI in a folder; without an answer a call succeeds and prints nothing."""

    folder: Path
    answers: list[Answer] = field(default_factory=list)

    def answer(
        self, command: str, *parts: str, out: str = "", err: str = "", code: int = 0, times: int | None = None
    ) -> StandIn:
        """Answer calls of a command in which each part occurs in an argument. Earlier answers come first."""
        self.answers.append(Answer(command, parts, out, err, code, times))
        return self

    def install(self) -> None:
        """Write the program with its answers."""
        install(self.folder, self.answers)

    def calls(self) -> list[Call]:
        """The calls so far."""
        return calls(self.folder)


def run_hook(
    name: str,
    azure: StandIn,
    environment: Mapping[str, str],
    *,
    arguments: Sequence[str] = (),
    has_az: bool = True,
    stdin: int = subprocess.DEVNULL,
) -> Result:
    """Run a hook with nothing on PATH but the stand-in and what every POSIX system has."""
    azure.folder.mkdir(exist_ok=True)
    for program in PROGRAMS:
        found = shutil.which(program)
        assert found is not None
        if not (azure.folder / program).exists():
            (azure.folder / program).symlink_to(found)
    if has_az:
        azure.install()
    done = subprocess.run(
        [str(SCRIPTS / f"{name}.sh"), *arguments],
        env={"PATH": str(azure.folder), "AUTO_UPGRADE_POLL_SECONDS": "0", **environment},
        stdin=stdin,
        capture_output=True,
        text=True,
        check=False,
    )
    return Result(done.returncode, done.stdout, done.stderr, azure.calls())


def run_hook_on_terminal(name: str, azure: StandIn, environment: Mapping[str, str], typed: str) -> Result:
    """Run a hook with a terminal as standard input, at which someone has typed a line."""
    controller, terminal = os.openpty()
    try:
        os.write(controller, f"{typed}\n".encode())
        return run_hook(name, azure, environment, stdin=terminal)
    finally:
        os.close(controller)
        os.close(terminal)


def cluster(name: str, subscription: str = OTHER_SUBSCRIPTION) -> str:
    """The resource id of an AKS cluster."""
    return (
        f"/subscriptions/{subscription}/resourceGroups/rg/providers/Microsoft.ContainerService/managedClusters/{name}"
    )


def without(environment: Mapping[str, str], name: str) -> dict[str, str]:
    """The environment without one variable."""
    return {key: value for key, value in environment.items() if key != name}
