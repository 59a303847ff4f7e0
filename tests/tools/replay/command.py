"""Runs the command in a separate process, as a person does."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.processes.done import Done
from tests.processes.forked_process import ForkedProcess
from tools.paths import ROOT

TIMELINE = "tools/data/aks-release-timeline.json"
PATIENCE_SECONDS = 60.0


def run_command(*arguments: str, folder: Path = ROOT) -> Done:
    """The command with these arguments, run in a folder."""
    with tempfile.TemporaryDirectory() as logs:
        process = ForkedProcess("replay", "tools.replay", arguments, Path(logs) / "stderr", _environment(), folder)
        stdout = process.stdout.read()
        code = process.wait(PATIENCE_SECONDS)
        process.stop()
        return Done(code, stdout, process.log.read_text())


def run_anew(*commands: Sequence[str]) -> Done:
    """The same, one command after the other, in a new interpreter: texts have other hashes, and sets another order."""
    code = "import json, sys; from tools.replay.command import main; sys.exit(max(map(main, json.loads(sys.argv[1]))))"
    command = [sys.executable, "-P", "-c", code, json.dumps(commands)]
    done = subprocess.run(command, cwd=ROOT, env=_environment(), capture_output=True, text=True, check=False)
    return Done(done.returncode, done.stdout, done.stderr)


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "80"}


def replayed(*arguments: str) -> list[dict[str, Any]]:
    """The runs over the shipped timeline, from `--json`."""
    done = run_command(TIMELINE, "--json", *arguments)
    assert (done.returncode, done.stderr) == (0, "")
    return [json.loads(line) for line in done.stdout.splitlines()]
