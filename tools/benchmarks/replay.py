"""Replay: the whole shipped timeline takes under two seconds, process start included.

Compared with an interpreter that does nothing, and with more to do:

    .dev/venv/bin/python -m tools.benchmarks.replay
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
RUNS = 7
LIMIT_SECONDS = 2.0

_REPLAY = ["-m", "tools.replay", "tools/data/aks-release-timeline.json", "--channel"]
_COMMANDS = {
    "interpreter alone": [sys.executable, "-c", "pass"],
    "Stable, as JSON": [sys.executable, *_REPLAY, "Stable", "--json"],
    "Stable, for people": [sys.executable, *_REPLAY, "Stable"],
    "the same by ./dev": ["./dev", "replay", *_REPLAY[2:], "Stable"],
    "NodeImage, 10 regions": [sys.executable, *_REPLAY, "NodeImage", "--regions", "10"],
    "Rapid, 60 regions, soak": [sys.executable, *_REPLAY, "Rapid", "--regions", "60", "--policy", "soak=P7D"],
}
_LIMITED = ("Stable, as JSON", "Stable, for people", "the same by ./dev")


def measure(command: list[str]) -> float:
    """Median seconds of the command, each time in a new process."""
    seconds = []
    for _ in range(RUNS):
        began = time.perf_counter()
        subprocess.run(command, cwd=ROOT, capture_output=True, check=True)
        seconds.append(time.perf_counter() - began)
    return statistics.median(seconds)


def main() -> int:
    """Measure and compare; 1 if the limit is passed."""
    found = {name: measure(command) for name, command in _COMMANDS.items()}
    print(f"median of {RUNS} runs, Python {sys.version.split()[0]}")
    for name, seconds in found.items():
        print(f"  {name:<26}{seconds:7.3f} s")
    holds = all(found[name] < LIMIT_SECONDS for name in _LIMITED)
    print(f"the shipped timeline in under {LIMIT_SECONDS:.0f} s: {'yes' if holds else 'NO'}")
    return 0 if holds else 1


if __name__ == "__main__":
    sys.exit(main())
