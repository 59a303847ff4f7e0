"""Memory and CPU of an evaluation are measured in a process of their own, next to a sweep that keeps whole rows."""

from __future__ import annotations

import pytest

from tools.benchmarks.memory import LIMIT_MEGABYTES, Row, growth, measure


def test_a_small_estate_stays_within_the_limit_and_is_compared() -> None:
    row = measure(30, alone=False)
    assert 0 < row.megabytes < LIMIT_MEGABYTES
    assert row.cpu_seconds > 0
    assert row.whole_megabytes is not None
    assert row.whole_cpu_seconds is not None


def test_ten_times_the_time_for_ten_times_the_clusters_is_a_growth_of_one() -> None:
    smaller, larger = Row(100, 80, 0.5, None, None), Row(1_000, 90, 5.0, None, None)
    assert growth(smaller, larger) == pytest.approx(1)
