"""From a release event to a started run, with 50 ms added to every request, for a fleet of 1,000 members.

Compared with the floor: the sum of the round trips that no program can avoid that works from messages, reads what it
decides on, and excludes a second start. It takes each step's longest request of the same run, so that the figure is
about waiting in turn for what could be requested at once, and about work between requests:

    note the event (read, write), send a message; begin the evaluation (read, write); the pages of the clusters, which
    come one after the other; the catalogs, all at once; send the profile's message; the profile's fleet with all that
    is in it and its clusters, at once; the lease (read, write); the fleet's runs; create the run; start it.

How long a message waits in a queue is not in it: that depends on the host. The event's response is sent once the
message is.

    .dev/venv/bin/python -m tools.benchmarks.latency
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from tools.benchmarks.goals import Goal, report
from tools.benchmarks.lab import open_lab
from tools.benchmarks.metered import ARM, GRAPH, QUEUES, TABLES, SentRequest
from tools.benchmarks.phases import Phase, phase_in

MEMBERS = 1_000
LATENCY_SECONDS = 0.050
MOST_PER_FLOOR, MOST_REQUESTS, LONGEST_RESPONSE = 1.5, 25, 1.0

_RUN = r"/updateRuns/[^/]+"
_FLEET_AND_CLUSTERS = r"/(fleets/[^/]+(/autoUpgradeProfiles)?|managedClusters)$"


@dataclass(frozen=True, slots=True)
class Step:
    """A part of the floor: requests of a kind in one phase, one after the other or all at once."""

    name: str
    phase: str
    kind: str
    method: str
    path: str
    in_turn: bool = False
    first: int | None = None
    """Only so many of the matching requests, the first ones; None for all."""

    def seconds(self, sent: Sequence[SentRequest]) -> float:
        """What its requests took; 0 if there were none."""
        found = [
            request.ended - request.began
            for request in sent
            if (request.kind, request.method) == (self.kind, self.method) and re.search(self.path, request.path)
        ]
        found = found[: self.first]
        return sum(found) if self.in_turn else max(found, default=0.0)


FLOOR = (
    Step("note the event", "event", TABLES, "GET", "", in_turn=True, first=1),
    Step("note the event", "event", TABLES, "PUT", "", in_turn=True, first=1),
    Step("send a message", "event", QUEUES, "POST", ""),
    Step("begin the evaluation", "evaluation", TABLES, "GET", "", in_turn=True, first=1),
    Step("begin the evaluation", "evaluation", TABLES, "PUT", "", in_turn=True, first=1),
    Step("pages of clusters", "evaluation", GRAPH, "POST", "", in_turn=True, first=-(-(MEMBERS + 1) // 1000)),
    Step("catalogs", "evaluation", ARM, "GET", ""),
    Step("send the profile's message", "evaluation", QUEUES, "POST", ""),
    Step("the fleet and its clusters", "acting", ARM, "GET", _FLEET_AND_CLUSTERS),
    Step("the lease", "acting", TABLES, "GET", "starts", in_turn=True, first=1),
    Step("the lease", "acting", TABLES, "POST", r"ledger$", in_turn=True, first=1),
    Step("the fleet's runs", "acting", ARM, "GET", r"/updateRuns$"),
    Step("create the run", "acting", ARM, "PUT", f"{_RUN}$"),
    Step("start the run", "acting", ARM, "POST", f"{_RUN}/start$"),
)


@dataclass(frozen=True, slots=True)
class Result:
    """The phases of one release, and all requests."""

    phases: Mapping[str, Phase]
    sent: Sequence[SentRequest]

    def in_phase(self, name: str) -> list[SentRequest]:
        """The requests of one phase."""
        phase = self.phases[name]
        return [request for request in self.sent if phase.began <= request.began <= phase.began + phase.seconds]

    def last(self, phase: str, kind: str, path: str) -> float:
        """Seconds from a phase's beginning to the end of the last such request that is a `POST`."""
        ends = [
            request.ended
            for request in self.in_phase(phase)
            if request.kind == kind and request.method == "POST" and re.search(path, request.path)
        ]
        return max(ends) - self.phases[phase].began

    @property
    def seconds(self) -> float:
        """From the event to the started run, without the time that messages wait."""
        enqueued = self.last("event", QUEUES, "evaluate-estate")
        return enqueued + self.last("evaluation", QUEUES, "evaluate-profile") + self.last("acting", ARM, "/start$")

    @property
    def floor(self) -> Mapping[str, float]:
        """Seconds of each step that cannot be avoided."""
        found: dict[str, float] = {}
        for step in FLOOR:
            found[step.name] = found.get(step.name, 0.0) + step.seconds(self.in_phase(step.phase))
        return found


def measure(members: int, latency: float) -> Result:
    """One release in a fleet of so many members."""
    with open_lab(members, clusters_a_fleet=members, channels=("Rapid",)) as lab:
        figures = lab.run("tools.benchmarks.worker", "--latency", str(latency), "--warm-up")
    phases = {name: phase_in(figures, name) for name in ("event", "evaluation", "acting")}
    rows = cast("list[tuple[str, str, str, float, float, int]]", figures["requests"])
    return Result(phases, [SentRequest(*row) for row in rows])


def main() -> int:
    """Measure and compare; 1 if a goal is missed."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.benchmarks.latency",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--members", type=int, default=MEMBERS)
    parser.add_argument("--latency", type=float, default=LATENCY_SECONDS, help="seconds added to each request")
    options = parser.parse_args()
    result = measure(options.members, options.latency)
    floor = sum(result.floor.values())
    acting = [request for request in result.in_phase("acting") if request.kind in (ARM, GRAPH)]
    print(f"a fleet of {options.members:,} members, {options.latency * 1000:.0f} ms added to each request")
    for name, seconds in result.floor.items():
        print(f"  {name:<28}{seconds:7.3f} s")
    print(f"  {'the floor':<28}{floor:7.3f} s")
    print(f"  {'event to started':<28}{result.seconds:7.3f} s, {result.seconds / floor:.2f} x the floor")
    print(f"  {'of it CPU':<28}{sum(phase.cpu_seconds for phase in result.phases.values()):7.3f} s")
    response = result.phases["event"].seconds
    return report(
        [
            Goal("event to started", result.seconds / floor, MOST_PER_FLOOR, "x the floor", 2),
            Goal("requests to Azure from due to started", len(acting), MOST_REQUESTS, "requests"),
            Goal("the event's response", response, LONGEST_RESPONSE, "s", 2),
        ]
    )


if __name__ == "__main__":
    sys.exit(main())
