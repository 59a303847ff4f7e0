"""Runs modules of the environment, such as pytest or ruff."""

from __future__ import annotations

import os
import subprocess
import sys

from tools.paths import ROOT


def module_environment() -> dict[str, str]:
    """The environment that finds the project's packages."""
    return {**os.environ, "PYTHONPATH": str(ROOT)}


def run_module(module: str, *arguments: str) -> int:
    """Run a module in the checkout as `python -m` does; its exit code."""
    command = [sys.executable, "-m", module, *arguments]
    return subprocess.run(command, cwd=ROOT, env=module_environment(), check=False).returncode
