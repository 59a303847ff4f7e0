"""`./dev az` where no stack is up."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tools.stack.up_process import dev
from tools.azure_cli.installation import AZURE_CLI

pytestmark = pytest.mark.skipif(
    not AZURE_CLI.is_installed(), reason="the Azure CLI is not installed; ./dev az version installs it"
)


def test_a_command_that_needs_azure_says_how_to_start_one(tmp_path: Path) -> None:
    done = dev(tmp_path, "az", "account", "show")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "az: no stack is up; start one with ./dev up in another terminal\n"


@pytest.mark.parametrize("arguments", [["version"], ["aks", "--help"]])
def test_a_command_that_needs_none_runs(tmp_path: Path, arguments: list[str]) -> None:
    assert dev(tmp_path, "az", *arguments).returncode == 0
