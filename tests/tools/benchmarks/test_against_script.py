"""Requests of an evaluation and of due to started, counted on the wire, and those of the script."""

from __future__ import annotations

import pytest

from tools.benchmarks.against_script import Row, goals, measure
from tools.benchmarks.phases import Phase

MOST_A_PROFILE = 7
"""Requests to Azure from due to started, as long as every list fits on a page."""
MEMBERS = 10
BY_SCRIPT = 2 + MEMBERS * (1 + 1 + 3) + 2
"""Of a fleet: profiles, members; each cluster, its upgrade profile, those of three pools; generate a run, start it."""


@pytest.fixture(scope="module")
def row() -> Row:
    return measure(2 * MEMBERS, 1, throttle=True, clusters_a_fleet=MEMBERS)


def test_an_evaluation_requests_the_pages_and_catalogs_that_it_needs_and_nothing_else(row: Row) -> None:
    assert row.evaluation_requests == row.needed == 2 + 10 * 3


def test_a_due_profile_is_started_by_few_requests_however_many_members_it_has(row: Row) -> None:
    assert row.due == 1
    assert 0 < row.acting_requests <= MOST_A_PROFILE


def test_the_script_requests_each_cluster_and_each_pool(row: Row) -> None:
    assert row.script_requests == 1 + 2 * BY_SCRIPT


def test_nothing_is_refused_while_the_limits_are_enforced(row: Row) -> None:
    assert row.throttled == 0
    assert all(goal.is_reached for goal in goals([row]))


def test_a_goal_that_is_missed_is_named_with_what_was_seen() -> None:
    evaluation, acting = Phase(requests={"ARM": 30, "Resource Graph": 30}), Phase(requests={"ARM": 300}, throttled=1)
    row = Row(10_000, 100, 33, evaluation, acting, script_requests=50_000, script_seconds=1, script_fleets=1)
    assert row.needed == 52
    assert [str(goal) for goal in goals([row])] == [
        "10,000 clusters, evaluation: goal 1.10 x the requests needed, seen 1.15 x the requests needed, missed",
        "10,000 clusters, refused with 429: goal 0 requests, seen 1 requests, missed",
        "10,000 clusters, in all: goal 300 requests, seen 360 requests, missed",
    ]
