"""Azurite, which stands in for Azure Table Storage."""

from __future__ import annotations

import socket
from collections.abc import Callable
from pathlib import Path

from tools.node_packages import NodePackage, NodePackageError
from tools.paths import ROOT
from tools.stack.kept_process import StackError

_AZURITE = NodePackage(ROOT / "tools" / "azurite", "Azurite, which stands in for Azure Table Storage")
_ENTRY = _AZURITE.modules / "azurite" / "dist" / "src" / "table" / "main.js"


def azurite_command(port: int, certificate: Path, key: Path, say: Callable[[str], None]) -> list[str]:
    """The command that serves the table service on a port over TLS, with identity, in memory, without telemetry.

    Raises:
        StackError: Azurite could not be installed.
    """
    try:
        node = _AZURITE.install(say)
    except NodePackageError as error:
        raise StackError(str(error)) from error
    return [
        *(str(node), str(_ENTRY), "--tableHost", "127.0.0.1", "--tablePort", str(port)),
        *("--oauth", "basic", "--cert", str(certificate), "--key", str(key)),
        *("--inMemoryPersistence", "--disableTelemetry", "--skipApiVersionCheck", "--silent"),
    ]


def free_port() -> int:
    """A port that was free a moment ago."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port
