"""Peak memory and CPU of a worker process over a whole evaluation, on clusters with 7 kB of properties.

Compared with a sweep that asks for whole rows with the SDK's client and keeps them, which decides nothing yet. Both
figures contain the interpreter and the libraries.

    .dev/venv/bin/python -m tools.benchmarks.memory
    .dev/venv/bin/python -m tools.benchmarks.memory --clusters 100000 --alone
"""

from __future__ import annotations

import argparse
import itertools
import math
import sys
from dataclasses import dataclass

from tools.benchmarks.goals import Goal, report
from tools.benchmarks.lab import open_lab
from tools.benchmarks.phases import number, phase_in

SIZES = (1_000, 10_000)
LIMIT_MEGABYTES, LIMIT_CPU_SECONDS, LIMIT_GROWTH = 400.0, 25.0, 1.05


@dataclass(frozen=True, slots=True)
class Row:
    """The figures of one size."""

    clusters: int
    megabytes: float
    cpu_seconds: float
    whole_megabytes: float | None
    """Of the sweep that keeps whole rows; None if it was not measured."""
    whole_cpu_seconds: float | None


def measure(clusters: int, *, alone: bool) -> Row:
    """Each in a process, the app first."""
    with open_lab(clusters) as lab:
        app = phase_in(lab.run("tools.benchmarks.worker", "--evaluate-only"), "evaluation")
        whole = None if alone else lab.run("tools.benchmarks.whole_rows")
    return Row(
        clusters,
        app.peak_megabytes,
        app.cpu_seconds,
        number(whole, "megabytes") if whole is not None else None,
        number(whole, "cpuSeconds") if whole is not None else None,
    )


def growth(smaller: Row, larger: Row) -> float:
    """The exponent with which CPU grows: 1 if it is proportional to the clusters."""
    return math.log(larger.cpu_seconds / smaller.cpu_seconds) / math.log(larger.clusters / smaller.clusters)


def show(row: Row) -> None:
    """Print the figures of one size."""
    print(f"{row.clusters:>8,} clusters: {row.megabytes:6.0f} MB, {row.cpu_seconds:6.2f} s of CPU")
    if row.whole_megabytes is not None and row.whole_cpu_seconds is not None:
        print(f"{'whole rows':>17}: {row.whole_megabytes:6.0f} MB, {row.whole_cpu_seconds:6.2f} s of CPU")


def main() -> int:
    """Measure each size; 1 if a limit is passed."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.benchmarks.memory",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--clusters", type=int, nargs="+", default=SIZES, help="sizes; 100,000 need 8 GB and 15 minutes"
    )
    parser.add_argument("--alone", action="store_true", help="do not measure what it is compared with")
    options = parser.parse_args()
    rows = []
    for size in options.clusters:
        rows.append(measure(size, alone=options.alone))
        show(rows[-1])
    growths = [
        Goal(
            f"growth of CPU from {smaller.clusters:,} to {larger.clusters:,} clusters",
            growth(smaller, larger),
            LIMIT_GROWTH,
            "as exponent",
            2,
        )
        for smaller, larger in itertools.pairwise(rows)
    ]
    last = rows[-1]
    return report(
        [
            Goal(f"memory at {last.clusters:,} clusters", last.megabytes, LIMIT_MEGABYTES, "MB"),
            Goal(f"CPU at {last.clusters:,} clusters", last.cpu_seconds, LIMIT_CPU_SECONDS, "s", 1),
            *growths,
        ]
    )


if __name__ == "__main__":
    sys.exit(main())
