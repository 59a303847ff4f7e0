"""How soon the app answers Event Grid while events come by the hundred, and all profiles are evaluated meanwhile.

The app runs in the local Functions host, behind its webhook. Events about different releases are delivered one a
request, many at a time, as Event Grid does. Compared with the time until the host has nothing left to do: a handler
that evaluates before it answers would take that long. Event Grid waits 30 s.

    .dev/venv/bin/python -m tools.benchmarks.webhook
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from tools.benchmarks.goals import Goal, report
from tools.benchmarks.large_world import REGIONS, write_world
from tools.paths import TIMELINE
from tools.stack.control import HostControl, as_text
from tools.stack.stack import Stack, StackOptions

CLUSTERS, EVENTS, AT_A_TIME = 1_000, 300, 20
LONGEST_ANSWER = 1.0
_FREEZE = {"AUTO_UPGRADE_POLICY_FREEZE": "2020-01-01/2099-12-31"}
"""Keeps the profiles from being upgraded: only events and evaluations are measured."""


@dataclass(frozen=True, slots=True)
class Burst:
    """Seconds of each answer in the order of their length, and until all work was done."""

    answers: Sequence[float]
    all_done: float
    messages: int
    """How many messages led to an evaluation of all profiles."""


def deliver(host: HostControl, number: int, at: datetime) -> float:
    """Deliver one event; the seconds until the answer.

    Raises:
        httpx.HTTPStatusError: the app did not accept it.
    """
    region = REGIONS[number % len(REGIONS)]
    event = {
        "id": f"burst-{number}",
        "topic": "/topics/auto-upgrade",
        "subject": region,
        "eventType": "FleetAutoUpgrade.ReleaseDetected",
        "eventTime": as_text(at),
        "data": {"region": region},
        "dataVersion": "1.0",
        "metadataVersion": "1",
    }
    began = time.perf_counter()
    response = host.http.post(host.webhook("release_events"), json=[event], headers={"aeg-event-type": "Notification"})
    seconds = time.perf_counter() - began
    response.raise_for_status()
    return seconds


def measure(clusters: int, events: int, at_a_time: int) -> Burst:
    """A burst of events for an app that has had one before."""
    with tempfile.TemporaryDirectory() as directory:
        world = Path(directory) / "world.yaml"
        write_world(world, clusters, full_clusters=True)
        options = StackOptions(world, TIMELINE, settings=_FREEZE, ready_seconds=60 + clusters / 200)
        with Stack(options) as stack:
            at = stack.emulator.set_rate(1.0).now
            deliver(stack.host, -1, at)
            before = stack.host.wait_until_idle(at, seconds=600.0).invocations
            at, began = stack.emulator.clock().now, time.perf_counter()

            def deliver_now(number: int) -> float:
                return deliver(stack.host, number, at + timedelta(seconds=time.perf_counter() - began))

            with ThreadPoolExecutor(at_a_time) as threads:
                answers = list(threads.map(deliver_now, range(events)))
            after = stack.host.wait_until_idle(at, seconds=600.0).invocations
            return Burst(sorted(answers), time.perf_counter() - began, after - before - events)


def main() -> int:
    """Measure and compare; 1 if the goal is missed."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.benchmarks.webhook",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--clusters", type=int, default=CLUSTERS)
    parser.add_argument("--events", type=int, default=EVENTS)
    parser.add_argument("--at-a-time", type=int, default=AT_A_TIME)
    options = parser.parse_args()
    burst = measure(options.clusters, options.events, options.at_a_time)
    print(f"{options.events:,} events, {options.at_a_time} at a time, {options.clusters:,} clusters")
    print(f"  answered after {statistics.median(burst.answers):.3f} s, the slowest {burst.answers[-1]:.3f} s")
    print(f"  all work done after {burst.all_done:.1f} s, in {burst.messages} evaluations")
    return report([Goal("the slowest answer", burst.answers[-1], LONGEST_ANSWER, "s", 2)])


if __name__ == "__main__":
    sys.exit(main())
