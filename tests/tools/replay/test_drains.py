"""The figure of saved drains: where a Kubernetes run goes first, fewer node pools are upgraded, by fewer runs."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tools.benchmarks.drains import TIMELINE, Drains, count_drains
from tools.releases import load_timeline


@pytest.mark.parametrize("every", [None, timedelta(days=7)])
def test_a_kubernetes_run_that_goes_first_saves_node_upgrades(every: timedelta | None) -> None:
    timeline = load_timeline(TIMELINE)

    without_rule, with_rule = (count_drains(timeline, with_rule=rule, every=every) for rule in (False, True))

    assert Drains() != with_rule
    assert with_rule.pools < without_rule.pools
    assert with_rule.runs < without_rule.runs
