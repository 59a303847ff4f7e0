"""A separate environment for a tool whose pins clash with the project's, installed from its lock on first use."""

from __future__ import annotations

import fcntl
import hashlib
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tools.paths import DEV


class InstallationError(Exception):
    """The tool could not be installed; the message says why."""


@dataclass(frozen=True, slots=True)
class ToolEnvironment:
    """A tool in `.dev/<name>/`, where it may keep what it needs beside its environment."""

    name: str
    """Of the folder, and of the tool in messages."""
    lock_file: Path
    """The tool and everything it needs, with hashes."""
    size: str
    """What a person should know before it is downloaded, such as "200 MB"."""

    @property
    def home(self) -> Path:
        """Its folder."""
        return DEV / self.name

    @property
    def python(self) -> Path:
        """Its interpreter, whether it is there or not."""
        return self._environment() / "bin" / "python"

    def is_installed(self) -> bool:
        """Whether it is there, and from the lock as it is now."""
        stamp = self._stamp_file()
        return stamp.is_file() and stamp.read_text() == self._stamp() and self.python.is_file()

    def install(self, say: Callable[[str], None]) -> None:
        """Create it if missing. A second process waits, then uses it.

        Raises:
            InstallationError: uv could not install it.
        """
        DEV.mkdir(exist_ok=True)
        with (DEV / f"{self.name}.lock").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            if not self.is_installed():
                self._install(say)

    def _install(self, say: Callable[[str], None]) -> None:
        self._stamp_file().unlink(missing_ok=True)
        shutil.rmtree(self._environment(), ignore_errors=True)
        self.home.mkdir(exist_ok=True)
        say(f"set-up: installing {self.name} into .dev/{self.name}: about {self.size}, this once")
        began = time.monotonic()
        self._uv("venv", "--python", sys.executable, str(self._environment()))
        self._uv("pip", "install", "--python", str(self.python), "--require-hashes", "-r", str(self.lock_file))
        self._stamp_file().write_text(self._stamp())
        say(f"set-up: {self.name} ready after {time.monotonic() - began:.0f} s")

    def _uv(self, *arguments: str) -> None:
        done = subprocess.run(
            [sys.executable, "-m", "uv", "--quiet", *arguments], capture_output=True, text=True, check=False
        )
        if done.returncode != 0:
            raise InstallationError(f"{self.name} could not be installed: {done.stderr.strip()[-2000:]}")

    def _environment(self) -> Path:
        return self.home / "venv"

    def _stamp_file(self) -> Path:
        return self.home / "stamp"

    def _stamp(self) -> str:
        digest = hashlib.sha256(self.lock_file.read_bytes())
        digest.update(sys.version.encode())
        return digest.hexdigest()
