"""What a measurement runs on: the emulator and Azurite as processes, and no Functions host."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tools.benchmarks.large_world import CHANNELS, CLUSTERS_A_FLEET, write_world
from tools.paths import ROOT, TIMELINE
from tools.stack.stack import Stack, StackOptions

_CLOCK = "AUTO_UPGRADE_CLOCK_URL"
"""Not set here: requests for the emulator's time, which Azure does not have, would be measured as well."""


@dataclass(frozen=True, slots=True)
class Lab:
    """A world in which processes are measured, each started anew."""

    stack: Stack

    def run(self, module: str, *arguments: str) -> Mapping[str, object]:
        """Run a module with the app's settings in its environment; the JSON object that it prints.

        Raises:
            subprocess.CalledProcessError: it failed; its errors are on standard error.
        """
        settings = {key: value for key, value in self.stack.app_settings().items() if key != _CLOCK}
        environment = {**self.stack.environment(), **settings}
        command = [sys.executable, "-m", module, *arguments]
        run = subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, check=True)
        content: object = json.loads(run.stdout)
        if not isinstance(content, Mapping):
            raise TypeError(f"{module} printed {content!r} instead of a JSON object")
        return content


@contextmanager
def open_lab(
    clusters: int,
    *,
    clusters_a_fleet: int = CLUSTERS_A_FLEET,
    channels: Sequence[str] = CHANNELS,
    throttle: bool = False,
) -> Iterator[Lab]:
    """A lab with so many clusters, whose properties are as large as those of real ones."""
    with tempfile.TemporaryDirectory() as directory:
        world = Path(directory) / "world.yaml"
        write_world(world, clusters, clusters_a_fleet=clusters_a_fleet, channels=channels, full_clusters=True)
        stack = Stack(StackOptions(world, TIMELINE, throttle=throttle, ready_seconds=60 + clusters / 200))
        try:
            stack.start_azure()
            yield Lab(stack)
        finally:
            stack.stop()
