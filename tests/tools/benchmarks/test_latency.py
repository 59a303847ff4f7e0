"""From a release event to a started run: each step of the floor is found in the requests of a real run."""

from __future__ import annotations

from tools.benchmarks.latency import FLOOR, MOST_REQUESTS, Step, measure
from tools.benchmarks.metered import ARM, SentRequest

LATENCY = 0.01


def test_every_step_of_the_floor_happens_and_takes_the_latency_at_least() -> None:
    result = measure(5, LATENCY)
    assert result.floor.keys() == {step.name for step in FLOOR}
    assert all(seconds >= LATENCY for seconds in result.floor.values())
    assert sum(result.floor.values()) <= result.seconds
    assert sum(request.kind == ARM for request in result.in_phase("acting")) <= MOST_REQUESTS


def test_requests_in_turn_are_added_and_those_at_once_count_by_the_longest() -> None:
    sent = [SentRequest(ARM, "GET", "/a", began, began + took, 200) for began, took in ((0, 1.0), (0, 3.0), (4, 2.0))]
    assert Step("all at once", "acting", ARM, "GET", "/a").seconds(sent) == 3
    assert Step("in turn", "acting", ARM, "GET", "/a", in_turn=True, first=2).seconds(sent) == 4
    assert Step("another path", "acting", ARM, "GET", "/b").seconds(sent) == 0
