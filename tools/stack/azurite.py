"""Azurite, which stands in for Azure Table Storage."""

from __future__ import annotations

import contextlib
import os
import socket
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tools.node_packages import NodePackage, NodePackageError
from tools.paths import ROOT
from tools.stack.kept_process import KeptProcess, StackError

_AZURITE = NodePackage(ROOT / "tools" / "azurite", "Azurite, which stands in for Azure Table Storage")
_ENTRY = _AZURITE.modules / "azurite" / "dist" / "src" / "table" / "main.js"
_ACCOUNT = "devstoreaccount1"
_READY_SECONDS = 60.0
_MORE_ATTEMPTS_AT_A_PORT = 2


@dataclass(frozen=True, slots=True)
class RunningAzurite:
    """Its process, and where the table service is."""

    process: KeptProcess
    table_endpoint: str


def start_azurite(certificate: Path, key: Path, log: Path, say: Callable[[str], None]) -> RunningAzurite:
    """Serve tables over TLS, with identity, in memory, without telemetry.

    It takes a free port, and another one if that was taken meanwhile.

    Raises:
        StackError: it could not be installed, or did not start.
    """
    try:
        node = _AZURITE.install(say)
    except NodePackageError as error:
        raise StackError(str(error)) from error
    for _ in range(_MORE_ATTEMPTS_AT_A_PORT):
        with contextlib.suppress(StackError):
            return _start(node, certificate, key, log)
    return _start(node, certificate, key, log)


def _start(node: Path, certificate: Path, key: Path, log: Path) -> RunningAzurite:
    port = _free_port()
    command = [
        *(str(node), str(_ENTRY), "--tableHost", "127.0.0.1", "--tablePort", str(port)),
        *("--oauth", "basic", "--cert", str(certificate), "--key", str(key)),
        *("--inMemoryPersistence", "--disableTelemetry", "--skipApiVersionCheck", "--silent"),
    ]
    process = KeptProcess("azurite", command, log, os.environ)
    try:
        process.wait_for_line("successfully started", _READY_SECONDS)
    except BaseException:
        process.stop()
        raise
    return RunningAzurite(process, f"https://127.0.0.1:{port}/{_ACCOUNT}")


def _free_port() -> int:
    """A port that was free a moment ago."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port
