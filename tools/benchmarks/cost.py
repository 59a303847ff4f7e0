"""What the app costs in a month of 30 days on its default schedules, from counted work and prices.

Each kind of execution is done once and measured, with 50 ms added to each request as from Azure to Azure: a detection
that reads the regions and one that does not, an evaluation of everything, a watch while no run is in progress, and
acting on a few due profiles. A month has as many of each as the schedules say; the releases, the runs and the hours in
which runs are in progress are parameters. The formula:

    executions  = counted executions, beyond the free ones, x price of a million
    GB-seconds  = seconds of all executions, each at least the minimum, x memory of an instance, beyond the free ones
    storage     = requests to tables and queues, with the host's polls of three queues, x price of 10,000
    telemetry   = bytes of all events, with no compression and no discount, x price of a GB

Prices are options. Their defaults are list prices in US dollars for East US; Functions as the Flex Consumption plan was
listed on 2025-05-22 (modal.com/blog/azure-function-pricing-guide). UNVERIFIED: those of storage and logs, the free
grants and the minimum; enter those of the Azure pricing pages. Alert rules and private networking are not in it.

    .dev/venv/bin/python -m tools.benchmarks.cost
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping
from dataclasses import dataclass

from tools.benchmarks.lab import open_lab
from tools.benchmarks.metered import QUEUES, TABLES
from tools.benchmarks.phases import Phase, number, phase_in

SIZES = (1_000, 10_000)
DAYS = 30
HOURS = DAYS * 24
DETECTIONS = HOURS * 6
WATCHES = HOURS * 12
POLLS = 3 * DAYS * 24 * 3600 // 10
"""Of three queues, each at least every ten seconds (`maxPollingInterval` in host.json)."""
LATENCY_SECONDS = "0.05"


@dataclass(frozen=True, slots=True)
class Prices:
    """In US dollars."""

    gb_second: float
    million_executions: float
    ten_thousand_transactions: float
    gb_of_logs: float
    free_gb_seconds: float
    free_executions: float
    memory_gb: float
    minimum_seconds: float


@dataclass(frozen=True, slots=True)
class Month:
    """How often each kind of execution happens, by the name of its phase."""

    executions: Mapping[str, float]
    phases: Mapping[str, Phase]

    @property
    def count(self) -> float:
        """All executions."""
        return sum(self.executions.values())

    def gb_seconds(self, prices: Prices) -> float:
        """Seconds of all executions times the memory of an instance."""
        seconds = sum(
            times * max(prices.minimum_seconds, self.phases[name].seconds) for name, times in self.executions.items()
        )
        return seconds * prices.memory_gb

    @property
    def transactions(self) -> float:
        """Requests to storage."""
        return POLLS + sum(
            times * sum(self.phases[name].requests.get(kind, 0) for kind in (TABLES, QUEUES))
            for name, times in self.executions.items()
        )

    @property
    def gigabytes(self) -> float:
        """Of telemetry."""
        return sum(times * self.phases[name].event_bytes for name, times in self.executions.items()) / 1e9

    def costs(self, prices: Prices) -> Mapping[str, float]:
        """Dollars by kind."""
        return {
            "executions": max(0.0, self.count - prices.free_executions) / 1e6 * prices.million_executions,
            "GB-seconds": max(0.0, self.gb_seconds(prices) - prices.free_gb_seconds) * prices.gb_second,
            "storage": self.transactions / 1e4 * prices.ten_thousand_transactions,
            "telemetry": self.gigabytes * prices.gb_of_logs,
        }


def month_of(phases: Mapping[str, Phase], profiles: float, options: argparse.Namespace) -> Month:
    """A month on the default schedules."""
    busy = min(HOURS, options.hours_with_runs)
    full = HOURS  # the catalogs are read again every hour
    evaluations = HOURS + options.releases + busy * 12
    return Month(
        {
            "detection": full,
            "detectionUnchanged": DETECTIONS - full,
            "request": HOURS + options.releases,
            "evaluation": evaluations,
            "watch": WATCHES - busy * 12,
            "acting": profiles * options.runs,
        },
        phases,
    )


def measure(clusters: int) -> tuple[Mapping[str, Phase], float]:
    """One execution of each kind, and how many profiles there are."""
    with open_lab(clusters) as lab:
        figures = lab.run("tools.benchmarks.worker", "--latency", LATENCY_SECONDS, "--month")
    acted_on = number(figures, "actedOn")
    phases = {name: phase_in(figures, name) for name in ("detection", "detectionUnchanged", "request", "watch")}
    phases["evaluation"] = phase_in(figures, "evaluation")
    acting = phase_in(figures, "acting")
    one = Phase(
        seconds=number(figures, "secondsOfOne"),
        requests={kind: round(count / acted_on) for kind, count in acting.requests.items()},
        event_bytes=round(acting.event_bytes / acted_on),
    )
    return {**phases, "acting": one}, number(figures, "profiles")


def show(clusters: int, profiles: float, month: Month, prices: Prices) -> None:
    """Print the table of one size."""
    print(f"{clusters:,} clusters, {profiles:.0f} profiles")
    for name, times in month.executions.items():
        phase = month.phases[name]
        storage = sum(phase.requests.get(kind, 0) for kind in (TABLES, QUEUES))
        azure = sum(phase.requests.values()) - storage
        requests = f"{azure:>4} requests to Azure, {storage:>4} to storage"
        size = f"{phase.event_bytes / 1000:>7.1f} kB of telemetry"
        print(f"  {name:<20}{times:>8,.0f} x {phase.seconds:7.2f} s, {requests}, {size}")
    counted = {
        "executions": f"{month.count:,.0f}",
        "GB-seconds": f"{month.gb_seconds(prices):,.0f}",
        "storage": f"{month.transactions:,.0f} transactions",
        "telemetry": f"{month.gigabytes:.2f} GB",
    }
    costs = month.costs(prices)
    for name, dollars in costs.items():
        print(f"  {name:<20}{counted[name]:>24}  {dollars:>8.2f} $")
    total = sum(costs.values())
    print(f"  {'a month':<20}{'':>24}  {total:>8.2f} $, {total / clusters * 100:.2f} cents a cluster")


def main() -> int:
    """Measure each size, and print its table."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.benchmarks.cost",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--clusters", type=int, nargs="+", default=SIZES)
    parser.add_argument("--releases", type=int, default=10, help="events a month that cause an evaluation")
    parser.add_argument("--runs", type=float, default=3.0, help="runs a month and profile")
    parser.add_argument("--hours-with-runs", type=int, default=72, help="a month in which a run is in progress")
    parser.add_argument("--gb-second", type=float, default=0.000026)
    parser.add_argument("--million-executions", type=float, default=0.40)
    parser.add_argument("--ten-thousand-transactions", type=float, default=0.0004)
    parser.add_argument("--gb-of-logs", type=float, default=2.30)
    parser.add_argument("--free-gb-seconds", type=float, default=100_000)
    parser.add_argument("--free-executions", type=float, default=250_000)
    parser.add_argument("--memory-gb", type=float, default=2.0, help="`instanceMemoryMB` of infra/main.bicep")
    parser.add_argument("--minimum-seconds", type=float, default=1.0, help="that an execution is billed for at least")
    options = parser.parse_args()
    prices = Prices(**{name: getattr(options, name) for name in Prices.__dataclass_fields__})
    for size in options.clusters:
        phases, profiles = measure(size)
        show(size, profiles, month_of(phases, profiles, options), prices)
    return 0


if __name__ == "__main__":
    sys.exit(main())
