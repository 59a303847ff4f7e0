"""Start-up: importing the app and indexing its functions takes under one second and under 120 MB.

Compared with the same plus what the first invocation imports, and with an interpreter that does nothing:

    .dev/venv/bin/python -m tools.benchmarks.start_up
"""

from __future__ import annotations

import statistics
import subprocess
import sys

RUNS = 7
LIMIT_SECONDS, LIMIT_MEGABYTES = 1.0, 120.0

_MEASURE = """
import resource, sys, time
began = time.perf_counter()
{work}
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform == "linux" else 1024 * 1024)
print(time.perf_counter() - began, peak)
"""
_NOTHING = "pass"
_INDEX = "import function_app; functions = function_app.app.get_functions(); assert functions"
_INDEX_AND_COMPOSE = f"{_INDEX}; import shared.composition"


def measure(work: str) -> tuple[float, float]:
    """Median seconds and megabytes of the work, each time in a fresh interpreter."""
    figures = []
    for _ in range(RUNS):
        command = [sys.executable, "-c", _MEASURE.format(work=work)]
        said = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
        figures.append((float(said[0]), float(said[1])))
    return statistics.median(f[0] for f in figures), statistics.median(f[1] for f in figures)


def main() -> int:
    """Measure and compare; 1 if a limit is passed."""
    idle = measure(_NOTHING)
    index = measure(_INDEX)
    whole = measure(_INDEX_AND_COMPOSE)
    print(f"median of {RUNS} runs, Python {sys.version.split()[0]}")
    for name, figures in (("interpreter alone", idle), ("import and index", index), ("with all adapters", whole)):
        print(f"  {name:<20}{figures[0]:7.3f} s {figures[1]:7.1f} MB")
    print(f"  deferring the adapters makes start-up {whole[0] / index[0]:.1f} times faster")
    holds = index[0] < LIMIT_SECONDS and index[1] < LIMIT_MEGABYTES
    print(f"under {LIMIT_SECONDS:.0f} s and {LIMIT_MEGABYTES:.0f} MB: {'yes' if holds else 'NO'}")
    return 0 if holds else 1


if __name__ == "__main__":
    sys.exit(main())
