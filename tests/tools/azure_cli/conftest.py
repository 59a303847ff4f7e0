"""The real Azure CLI beside a stack. It is never installed for a test: 700 MB are a person's own choice."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests.processes.done import Done
from tests.tools.stack.up_process import UpProcess
from tools.azure_cli.installation import AZURE_CLI
from tools.json_value import Json


@dataclass(frozen=True)
class AzureCli:
    """`./dev az`, signed in to a stack of the tests' own."""

    up: UpProcess

    def run(self, *arguments: str) -> Done:
        """A command, whether it succeeds or not."""
        return self.up.dev("az", *arguments)

    def json(self, *arguments: str) -> Json:
        """What a command prints, which must succeed."""
        done = self.run(*arguments)
        assert done.returncode == 0, done.stderr
        content: Json = json.loads(done.stdout)
        return content


@pytest.fixture(scope="package")
def az(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AzureCli]:
    if not AZURE_CLI.is_installed():
        pytest.skip("the Azure CLI is not installed; ./dev az version installs it")
    with UpProcess(tmp_path_factory.mktemp("up"), "--start", "2025-06-01") as running:
        yield AzureCli(running)
