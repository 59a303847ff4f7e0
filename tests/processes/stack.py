"""The local stack, started quickly: emulator and host are forks, and Azurite is shared."""

from __future__ import annotations

from collections.abc import Sequence

from tests.processes.azurite import shared_azurite
from tests.processes.forked_process import ForkedProcess
from tools.stack import stack as real
from tools.stack.kept_process import Process
from tools.stack.stack import StackOptions

__all__ = ["Stack", "StackOptions"]


class Stack(real.Stack):
    """A stack of a test's own: new processes, and a new table."""

    def start_azurite(self) -> None:
        """Use the Azurite that all tests use; the app trusts it besides the emulator."""
        azurite = shared_azurite()
        with self.ca_bundle.open("ab") as bundle:
            bundle.write(azurite.ca.read_bytes())
        self.table_endpoint = azurite.table_endpoint

    def app_settings(self) -> dict[str, str]:
        """The settings, with a table that no other test has; the directory's name is random."""
        return {**super().app_settings(), "AUTO_UPGRADE_TABLE_NAME": f"t{self.directory.name}"}

    def run_module(self, name: str, module: str, arguments: Sequence[str]) -> Process:
        """Run a module of the tools in a fork."""
        return ForkedProcess(name, module, arguments, self.directory / f"{name}.log", self.environment())
