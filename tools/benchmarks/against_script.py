"""Requests and time of one evaluation, and of due to started, against a script that people write with Azure's SDK.

Both run against the emulator, on the same fleets of 100 clusters with three pools each in ten regions; a third of the
profiles is due. An evaluation must read the pages of two queries, the versions of each region, and the newest image of
each family there. The script reads each cluster and each pool (tools/benchmarks/sdk_script.py); in large estates it
reads a few fleets, and its figures are multiplied.

    .dev/venv/bin/python -m tools.benchmarks.against_script
    .dev/venv/bin/python -m tools.benchmarks.against_script --clusters 100000 --throttle
"""

from __future__ import annotations

import argparse
import itertools
import math
import sys
from collections.abc import Sequence
from dataclasses import dataclass

from tools.benchmarks.goals import Goal, report
from tools.benchmarks.lab import open_lab
from tools.benchmarks.large_world import CLUSTERS_A_FLEET, REGIONS
from tools.benchmarks.metered import ARM, GRAPH
from tools.benchmarks.phases import Phase, number, phase_in

SIZES = (1_000, 10_000)
FLEETS_OF_SCRIPT = 3
PAGE = 1_000
FAMILIES = 2
"""Of node images in each region of the world."""
MOST_PER_NEEDED, MOST_REQUESTS_OF_10_000 = 1.1, 300


@dataclass(frozen=True, slots=True)
class Row:
    """The figures of one size."""

    clusters: int
    fleets: int
    due: int
    evaluation: Phase
    acting: Phase
    script_requests: float
    script_seconds: float
    script_fleets: int

    @property
    def evaluation_requests(self) -> int:
        """What the evaluation asked of ARM and Resource Graph."""
        return azure_requests(self.evaluation)

    @property
    def acting_requests(self) -> int:
        """What the due profiles asked of ARM."""
        return azure_requests(self.acting)

    @property
    def needed(self) -> int:
        """The pages and catalogs that an evaluation must read."""
        children = self.clusters + 2 * self.fleets  # members; the fleet's strategy and profile
        pages = -(-(self.clusters + self.fleets) // PAGE) + -(-children // PAGE)
        return pages + len(REGIONS) * (1 + FAMILIES)

    @property
    def throttled(self) -> int:
        """How many requests were refused with 429."""
        return self.evaluation.throttled + self.acting.throttled


def azure_requests(phase: Phase) -> int:
    """Requests that count against Azure's limits."""
    return phase.requests.get(ARM, 0) + phase.requests.get(GRAPH, 0)


def measure(
    clusters: int, script_fleets: int, *, throttle: bool = False, clusters_a_fleet: int = CLUSTERS_A_FLEET
) -> Row:
    """The app first; the script starts runs as well, and would leave the app nothing to do."""
    with open_lab(clusters, clusters_a_fleet=clusters_a_fleet, throttle=throttle) as lab:
        app = lab.run("tools.benchmarks.worker")
        script = lab.run("tools.benchmarks.sdk_script", "--fleets", str(script_fleets))
    scale = number(script, "fleets") / number(script, "fleetsRead")
    return Row(
        clusters=clusters,
        fleets=round(number(script, "fleets")),
        due=round(number(app, "due")),
        evaluation=phase_in(app, "evaluation"),
        acting=phase_in(app, "acting"),
        script_requests=number(script, "listRequests") + scale * number(script, "requests"),
        script_seconds=scale * number(script, "seconds"),
        script_fleets=round(number(script, "fleetsRead")),
    )


def show(row: Row) -> None:
    """Print the figures of one size."""
    evaluation, acting = row.evaluation, row.acting
    both = row.evaluation_requests + row.acting_requests
    seconds = evaluation.seconds + acting.seconds
    print(f"{row.clusters:,} clusters, {row.due} profiles due")
    print(
        f"  evaluation     {row.evaluation_requests:>7,} requests, {row.evaluation_requests / row.needed:.2f} x the"
        f" {row.needed:,} needed; {evaluation.seconds:.1f} s, {evaluation.cpu_seconds:.1f} s of CPU,"
        f" {evaluation.peak_megabytes:.0f} MB"
    )
    if row.due:
        print(
            f"  due to started {row.acting_requests:>7,} requests, {row.acting_requests / row.due:.1f} a profile;"
            f" {acting.seconds:.1f} s, {acting.cpu_seconds:.1f} s of CPU"
        )
    print(f"  storage        {storage_requests(evaluation) + storage_requests(acting):>7,} requests besides")
    is_sample = "" if row.script_fleets == row.fleets else f", from {row.script_fleets} fleets"
    print(f"  the script     {row.script_requests:>7,.0f} requests, {row.script_seconds:.0f} s{is_sample}")
    fewer, faster = row.script_requests / both, row.script_seconds / seconds
    print(f"  ratio          {fewer:.0f} x the requests, {faster:.1f} x the time")
    if row.throttled:
        print(f"  refused        {row.throttled:>7,} requests with 429")


def storage_requests(phase: Phase) -> int:
    """Requests to tables and queues."""
    return sum(phase.requests.values()) - azure_requests(phase)


def growth(smaller: Row, larger: Row) -> float:
    """The exponent with which the CPU of evaluations grows: 1 if it is proportional to the clusters."""
    ratio = larger.evaluation.cpu_seconds / smaller.evaluation.cpu_seconds
    return math.log(ratio) / math.log(larger.clusters / smaller.clusters)


def goals(rows: Sequence[Row]) -> list[Goal]:
    """The goals, with what was seen."""
    found = []
    for row in rows:
        name = f"{row.clusters:,} clusters"
        ratio = row.evaluation_requests / row.needed
        found.append(Goal(f"{name}, evaluation", ratio, MOST_PER_NEEDED, "x the requests needed", 2))
        found.append(Goal(f"{name}, refused with 429", row.throttled, 0, "requests"))
        if row.clusters == 10_000:
            both = row.evaluation_requests + row.acting_requests
            found.append(Goal(f"{name}, in all", both, MOST_REQUESTS_OF_10_000, "requests"))
    return found


def main() -> int:
    """Measure and compare; 1 if a goal is missed."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.benchmarks.against_script",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--clusters", type=int, nargs="+", default=SIZES, help="sizes; 100,000 need 8 GB and 30 minutes"
    )
    parser.add_argument("--script-fleets", type=int, default=FLEETS_OF_SCRIPT, help="how many fleets the script reads")
    parser.add_argument("--throttle", action="store_true", help="the emulator enforces Azure's request limits")
    options = parser.parse_args()
    rows = []
    for size in options.clusters:
        rows.append(measure(size, options.script_fleets, throttle=options.throttle))
        show(rows[-1])
    for smaller, larger in itertools.pairwise(rows):
        print(f"CPU from {smaller.clusters:,} to {larger.clusters:,}: to the power of {growth(smaller, larger):.2f}")
    return report(goals(rows))


if __name__ == "__main__":
    sys.exit(main())
