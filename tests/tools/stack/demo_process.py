"""`./dev demo` as a person runs it."""

from __future__ import annotations

import subprocess
import sys
from typing import cast

from tools.demo.world import read_world
from tools.json_value import JsonObject
from tools.paths import DEMO_WORLD, ROOT

COMMAND = [sys.executable, "-m", "tools.cli", "demo"]
MEMBERS = read_world(DEMO_WORLD)


def demo(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*COMMAND, *arguments], cwd=ROOT, capture_output=True, text=True, check=False)


def versions(summary: JsonObject, profile: str) -> set[object]:
    """Where the clusters of a profile ended."""
    clusters = cast("dict[str, JsonObject]", summary["clusters"])
    return {clusters[key]["after"] for key in MEMBERS.profiles[profile].members}
