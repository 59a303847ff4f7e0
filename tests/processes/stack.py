"""The local stack, started quickly: emulator and host are forks, and Azurite is shared."""

from __future__ import annotations

from collections.abc import Sequence

from tests.processes.azurite import shared_azurite
from tests.processes.forked_process import ForkedProcess
from tools.stack import stack as real
from tools.stack.kept_process import Process
from tools.stack.stack import StackOptions, StorageAccount

__all__ = ["Stack", "StackOptions"]


class Stack(real.Stack):
    """A stack of a test's own: new processes, and a new storage account."""

    def start_storage(self) -> StorageAccount:
        """A new account of the Azurite that all tests use."""
        shared = shared_azurite()
        account = shared.new_account()
        azurite = shared.azurite
        return StorageAccount(azurite.table_endpoint(account), azurite.queue_endpoint(account), shared.ca)

    def run_module(self, name: str, module: str, arguments: Sequence[str]) -> Process:
        """Run a module of the tools in a fork."""
        return ForkedProcess(name, module, arguments, self.directory / f"{name}.log", self.environment())
