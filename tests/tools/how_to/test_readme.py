"""What the README has a person try works as it is written there, and prints what it says."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.tools.how_to.readme import Step, block_with
from tests.tools.stack.up_process import UpProcess, environment
from tools.azure_cli.installation import AZURE_CLI
from tools.paths import ROOT

UP = "./dev up"
FOLLOWED = "source .dev/up.env"
MARK = "--- the next command ---"
DEADLINE_SECONDS = 400
LAUNCHER = """\
#!/usr/bin/env bash
export PYTHONPATH={root}
if [ "$1" = az ] && [ {az} = stand-in ]; then shift; exec {python} -m tests.tools.how_to.az_stand_in "$@"; fi
exec {python} -m tools.cli "$@"
"""
"""Stands for `./dev`, which would set up an environment first; the tests have one."""

pytestmark = pytest.mark.skipif(
    shutil.which("bash") is None or shutil.which("curl") is None, reason="there is no bash or no curl on this machine"
)


def followed(checkout: Path, steps: list[Step], variables: dict[str, str]) -> list[list[str]]:
    """What each step prints, all run by one shell, which the first failure ends."""
    marked = "".join(f"{step.command}\necho {shlex.quote(MARK)}\n" for step in steps)
    done = subprocess.run(
        ["bash", "-c", f"set -euo pipefail\n{marked}"],
        cwd=checkout,
        env=variables,
        capture_output=True,
        text=True,
        check=False,
        timeout=DEADLINE_SECONDS,
    )
    assert done.returncode == 0, done.stderr
    return [[line.strip() for line in part.strip().splitlines()] for part in done.stdout.split(MARK)[:-1]]


def checkout_with(directory: Path, az: str = "real") -> Path:
    """A directory in which the README's commands find `./dev`, and a `.dev` of their own."""
    launcher = directory / "dev"
    launcher.write_text(
        LAUNCHER.format(root=shlex.quote(str(ROOT)), python=shlex.quote(sys.executable), az=shlex.quote(az))
    )
    launcher.chmod(0o700)
    (directory / ".dev").mkdir()
    (directory / "tools").mkdir()
    (directory / "tools" / "data").symlink_to(ROOT / "tools" / "data")
    return directory


@pytest.mark.parametrize("az", ["real", "stand-in"])
def test_a_profile_is_made_and_its_clusters_follow_as_the_readme_shows(tmp_path: Path, az: str) -> None:
    if az == "real" and not AZURE_CLI.is_installed():
        pytest.skip("the Azure CLI is not installed; ./dev az version installs it")
    checkout = checkout_with(tmp_path, az)
    [up] = block_with(UP)
    steps = block_with(FOLLOWED)

    with UpProcess(checkout / ".dev", *shlex.split(up.command)[2:]):
        printed = followed(checkout, steps, environment(checkout / ".dev"))

    pairs = zip(steps, printed, strict=True)
    shown = [(step.command, list(step.shown)) for step in steps if step.shown]
    assert [(step.command, lines) for step, lines in pairs if step.shown] == shown
    assert len(shown) >= 4


def test_a_channel_is_replayed_as_the_readme_says(tmp_path: Path) -> None:
    checkout = checkout_with(tmp_path)
    followed(checkout, block_with("./dev replay"), dict(os.environ))
    assert (checkout / "stable.svg").stat().st_size > 0
