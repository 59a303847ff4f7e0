"""Start-up: importing the app and indexing its functions takes under 0.4 seconds and under 120 MB.

Measured is the CPU time inside a fresh interpreter with bytecode, without the interpreter's own start. The first run,
which may write the bytecode, does not count. The time on the clock is the same on an idle machine; other work prolongs
it.

Compared with the same plus what the first invocation imports, and with an interpreter that does nothing:

    .dev/venv/bin/python -m tools.benchmarks.start_up
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
from dataclasses import dataclass

from tools.benchmarks.goals import Goal, report

RUNS = 7
LIMIT_SECONDS, LIMIT_MEGABYTES = 0.4, 120.0

_MEASURE = """
import resource, sys, time
began, cpu = time.perf_counter(), time.process_time()
{work}
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform == "linux" else 1024 * 1024)
print(time.process_time() - cpu, time.perf_counter() - began, peak)
"""
_NOTHING = "pass"
_INDEX = "import function_app; functions = function_app.app.get_functions(); assert functions"
_INDEX_AND_COMPOSE = f"{_INDEX}; import shared.composition"


@dataclass(frozen=True, slots=True)
class Figures:
    """Medians."""

    cpu_seconds: float
    seconds: float
    megabytes: float


def measure(work: str) -> Figures:
    """What the work takes, each time in a fresh interpreter."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    figures: list[list[float]] = []
    for _ in range(1 + RUNS):
        command = [sys.executable, "-c", _MEASURE.format(work=work)]
        run = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
        figures.append([float(figure) for figure in run.stdout.split()])
    return Figures(*(statistics.median(column) for column in zip(*figures[1:], strict=True)))


def main() -> int:
    """Measure and compare; 1 if a limit is passed."""
    idle = measure(_NOTHING)
    index = measure(_INDEX)
    whole = measure(_INDEX_AND_COMPOSE)
    print(f"median of {RUNS} runs, Python {sys.version.split()[0]}")
    for name, found in (("interpreter alone", idle), ("import and index", index), ("with all adapters", whole)):
        print(
            f"  {name:<20}{found.cpu_seconds:7.3f} s of CPU, {found.seconds:7.3f} s by the clock, "
            f"{found.megabytes:6.1f} MB"
        )
    print(f"  deferring the adapters makes start-up {whole.cpu_seconds / index.cpu_seconds:.1f} times faster")
    return report(
        [
            Goal("import and index", index.cpu_seconds, LIMIT_SECONDS, "s of CPU", 2),
            Goal("memory", index.megabytes, LIMIT_MEGABYTES, "MB"),
        ]
    )


if __name__ == "__main__":
    sys.exit(main())
