"""The Azure CLI's settings for a stack: a separate cloud, signed in by managed identity."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from tools.azure_cli.installation import AZURE_CLI
from tools.paths import UP
from tools.up.record import UpRecord, write_private

CLOUD = "FleetAutoUpgradeLocal"
"""The emulator's name among the CLI's clouds."""

_CONFIGURATION = UP / "azure-cli" / "config"
_SIGNED_IN_TO = _CONFIGURATION / "signed-in-to"
_SETTINGS: Mapping[str, str] = {
    "AZURE_CONFIG_DIR": str(_CONFIGURATION),
    "AZURE_CORE_COLLECT_TELEMETRY": "0",
    "AZURE_CORE_INSTANCE_DISCOVERY": "false",  # it would ask Microsoft whether the emulator is a cloud
    "AZURE_CORE_SURVEY_MESSAGE": "0",
    "AZURE_EXTENSION_DIR": str(AZURE_CLI.home / "extensions"),
    "AZURE_EXTENSION_USE_DYNAMIC_INSTALL": "no",
    "PYTHONWARNINGS": "ignore",  # the CLI's own packages warn about themselves
}
_DEFAULTS = frozenset({"AZURE_EXTENSION_DIR", "AZURE_EXTENSION_USE_DYNAMIC_INSTALL"})
"""What the person's own environment may say otherwise."""

_MISLEADING = ("PYTHONPATH", "VIRTUAL_ENV", "IMDS_ENDPOINT", "IDENTITY_SERVER_THUMBPRINT", "MSI_ENDPOINT", "MSI_SECRET")
"""The first two are of this project's environment; with the others, identity libraries take another kind of host."""


class SignInError(Exception):
    """The CLI could not be pointed at the stack, or not sign in; the message says what it said."""


def command(python: Path, arguments: Sequence[str]) -> list[str]:
    """The CLI's command line, for its own interpreter."""
    return [str(python), "-m", "azure.cli", *arguments]


def environment(record: UpRecord | None) -> dict[str, str]:
    """The CLI's environment: the person's own, but for what leads it to the stack, or away from it."""
    own = {name: value for name, value in os.environ.items() if name not in _MISLEADING}
    made = {**_SETTINGS, **{name: own[name] for name in _DEFAULTS & own.keys()}}
    if record is not None:
        made["REQUESTS_CA_BUNDLE"] = record.ca_bundle
        made["IDENTITY_ENDPOINT"] = record.identity_endpoint
        made["IDENTITY_HEADER"] = record.identity_header
        made["KUBECONFIG"] = str(_CONFIGURATION / "kubeconfig")  # a person's own names real clusters
        made["NO_PROXY"] = ",".join(filter(None, ("127.0.0.1", "localhost", own.get("NO_PROXY"))))
    return {**own, **made}


def sign_in(python: Path, record: UpRecord) -> None:
    """Have the CLI know the stack and be signed in to it; nothing is done if it is.

    Raises:
        SignInError: the CLI failed.
    """
    stack = f"{record.pid} {record.started_at} {record.endpoint}"
    if _SIGNED_IN_TO.is_file() and _SIGNED_IN_TO.read_text() == stack:
        return
    shutil.rmtree(_CONFIGURATION, ignore_errors=True)  # the stack that was signed in to no longer exists
    variables = environment(record)
    _run(python, variables, "cloud", "register", "--name", CLOUD, "--endpoint-resource-manager", record.endpoint)
    _run(python, variables, "cloud", "set", "--name", CLOUD)
    _run(python, variables, "login", "--identity")
    write_private(_SIGNED_IN_TO, stack)


def _run(python: Path, variables: Mapping[str, str], *arguments: str) -> str:
    done = subprocess.run(command(python, arguments), env=dict(variables), capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise SignInError(f"az {' '.join(arguments)}: {done.stderr.strip()[-2000:]}")
    return done.stdout
