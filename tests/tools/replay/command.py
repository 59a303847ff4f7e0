"""Runs the command in a process of its own, as a person does."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[3]
TIMELINE = "tools/data/aks-release-timeline.json"


def run_command(*arguments: str, folder: Path = ROOT) -> subprocess.CompletedProcess[str]:
    """The command with these arguments, run in a folder; what it printed is text."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "80"}
    return subprocess.run(
        [sys.executable, "-P", "-m", "tools.replay", *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def replayed(*arguments: str) -> list[dict[str, Any]]:
    """The runs over the shipped timeline, from `--json`."""
    done = run_command(TIMELINE, "--json", *arguments)
    assert (done.returncode, done.stderr) == (0, "")
    return [json.loads(line) for line in done.stdout.splitlines()]
