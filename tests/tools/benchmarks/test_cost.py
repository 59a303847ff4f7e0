"""The bill of a month follows the formula; each kind of execution is found by doing it once."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tools.benchmarks.cost import POLLS, Month, Prices, measure
from tools.benchmarks.phases import Phase

PRICES = Prices(
    gb_second=0.01,
    million_executions=2.0,
    ten_thousand_transactions=0.5,
    gb_of_logs=3.0,
    free_gb_seconds=100.0,
    free_executions=1_000.0,
    memory_gb=2.0,
    minimum_seconds=1.0,
)
MONTH = Month(
    {"evaluation": 1_000.0, "watch": 1_000_000.0},
    {
        "evaluation": Phase(seconds=4.0, requests={"tables": 3, "queues": 1, "ARM": 30}, event_bytes=2_000_000),
        "watch": Phase(seconds=0.2, requests={"tables": 1}, event_bytes=0),
    },
)


def test_the_bill_of_a_month() -> None:
    assert MONTH.costs(PRICES) == {
        "executions": pytest.approx((1_001_000 - 1_000) / 1e6 * 2.0),
        "GB-seconds": pytest.approx(((4_000 + 1_000_000) * 2.0 - 100) * 0.01),
        "storage": pytest.approx((4_000 + 1_000_000 + POLLS) / 1e4 * 0.5),
        "telemetry": pytest.approx(2.0 * 3.0),
    }


def test_what_is_free_costs_nothing() -> None:
    generous = replace(PRICES, free_gb_seconds=1e9, free_executions=1e9)
    costs = MONTH.costs(generous)
    assert (costs["executions"], costs["GB-seconds"]) == (0, 0)


def test_every_kind_of_execution_of_a_month_is_measured() -> None:
    phases, profiles = measure(200)
    assert profiles == 2
    assert phases.keys() == {"detection", "detectionUnchanged", "request", "evaluation", "watch", "acting"}
    assert all(phase.seconds > 0 for phase in phases.values())
    assert phases["detectionUnchanged"].requests.get("Resource Graph", 0) == 0
    assert phases["acting"].requests["ARM"] > 0
