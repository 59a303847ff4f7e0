"""Azurite, which stands in for Azure Storage: tables and queues."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tools.node_packages import NodePackage, NodePackageError
from tools.paths import DEV, ROOT
from tools.stack.kept_process import KeptProcess, StackError

DEFAULT_ACCOUNT = "devstoreaccount1"
"""The account that Azurite has unless it is given others."""

_AZURITE = NodePackage(ROOT / "tools" / "azurite", "Azurite, which stands in for Azure Storage")
_ENTRY = _AZURITE.modules / "azurite" / "dist" / "src" / "azurite.js"
_PRELOADED = _AZURITE.source / "without_unused.cjs"
_READY_SECONDS = 60.0
_ANY_KEY = "a2V5"
"""The account key that Azurite wants of every account; no client uses it."""


@dataclass(frozen=True, slots=True)
class Azurite:
    """A running Azurite: its process, and where its services are."""

    process: KeptProcess
    table_url: str
    queue_url: str

    def table_endpoint(self, account: str = DEFAULT_ACCOUNT) -> str:
        """The table service of an account."""
        return f"{self.table_url}/{account}"

    def queue_endpoint(self, account: str = DEFAULT_ACCOUNT) -> str:
        """The queue service of an account."""
        return f"{self.queue_url}/{account}"


def start_azurite(
    certificate: Path,
    key: Path,
    log: Path,
    say: Callable[[str], None],
    accounts: tuple[str, ...] = (),
) -> Azurite:
    """Start Azurite on free ports, over TLS, with identity, in memory, without telemetry.

    Raises:
        StackError: it could not be installed, or did not start.
    """
    try:
        node = _AZURITE.install(say)
    except NodePackageError as error:
        raise StackError(str(error)) from error
    ports = [part for service in ("blob", "queue", "table") for part in (f"--{service}Port", "0")]
    command = [
        *(str(node), "--require", str(_PRELOADED), str(_ENTRY), *ports),
        *("--oauth", "basic", "--cert", str(certificate), "--key", str(key)),
        *("--inMemoryPersistence", "--disableTelemetry", "--skipApiVersionCheck", "--silent"),
    ]
    own = {"NODE_COMPILE_CACHE": str(DEV / "node-bytecode")}  # compiling costs more than starting
    if accounts:
        own["AZURITE_ACCOUNTS"] = ";".join(f"{name}:{_ANY_KEY}" for name in accounts)
    process = KeptProcess("azurite", command, log, {**os.environ, **own})
    try:
        # in this order: each service is started after the one before
        queue_url = _url_in(process.wait_for_line("Queue service is successfully listening at", _READY_SECONDS))
        table_url = _url_in(process.wait_for_line("Table service is successfully listening at", _READY_SECONDS))
    except BaseException:
        process.stop()
        raise
    return Azurite(process, table_url, queue_url)


def _url_in(line: str) -> str:
    return line.rpartition(" ")[2].strip()
