"""The Azure CLI's own environment, installed from its lock on first use.

It is kept apart from the project's: it pins some of the same packages to other versions, and weighs 700 MB.
"""

from __future__ import annotations

import fcntl
import hashlib
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from local.paths import DEV, ROOT

LOCK_FILE = ROOT / "local" / "azure_cli" / "requirements.txt"
"""The CLI and everything it needs, with hashes; `requirements.in` says which version, `./dev lock` makes it anew."""

HOME = DEV / "azure-cli"
"""The CLI, its settings and its extensions."""

_ENVIRONMENT = HOME / "venv"
_STAMP = HOME / "stamp"


class InstallationError(Exception):
    """The Azure CLI could not be installed; the message says why."""


def installed_python() -> Path | None:
    """The interpreter of the CLI's environment; None if it is not installed, or its lock has changed since."""
    python = _ENVIRONMENT / "bin" / "python"
    return python if _STAMP.is_file() and _STAMP.read_text() == _stamp() and python.is_file() else None


def install(say: Callable[[str], None]) -> Path:
    """The interpreter of the CLI's environment, which is made first if need be. Whoever comes second waits.

    Raises:
        InstallationError: uv could not install it.
    """
    DEV.mkdir(exist_ok=True)
    with (DEV / "azure-cli.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        python = installed_python()
        return python or _install(say)


def _install(say: Callable[[str], None]) -> Path:
    shutil.rmtree(_ENVIRONMENT, ignore_errors=True)
    HOME.mkdir(exist_ok=True)
    say("set-up: installing the Azure CLI into .dev/azure-cli: about 700 MB, a minute or two, this once")
    began = time.monotonic()
    python = _ENVIRONMENT / "bin" / "python"
    _uv("venv", "--python", sys.executable, str(_ENVIRONMENT))
    _uv("pip", "install", "--python", str(python), "--require-hashes", "-r", str(LOCK_FILE))
    _STAMP.write_text(_stamp())
    say(f"set-up: Azure CLI ready after {time.monotonic() - began:.0f} s")
    return python


def _uv(*arguments: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "uv", "--quiet", *arguments], capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise InstallationError(f"the Azure CLI could not be installed: {done.stderr.strip()[-2000:]}")


def _stamp() -> str:
    digest = hashlib.sha256(LOCK_FILE.read_bytes())
    digest.update(sys.version.encode())
    return digest.hexdigest()
