"""How long the clusters were behind, and what the engine waited for meanwhile."""

from __future__ import annotations

from datetime import timedelta

import pytest

from shared.core.model.profile import Channel
from shared.core.reasons import Reason
from tests.tools.replay.builders import (
    a_scenario,
    a_timeline,
    image,
    moment,
    patch,
    patch_removed,
)
from tools.releases import Fact
from tools.replay.engine import replay
from tools.replay.history import History, Span
from tools.replay.scenario import Scenario

END = "2025-03-01"


def history(scenario: Scenario, *facts: Fact) -> History:
    return replay(scenario, a_timeline(*facts, ends=END))


def behind(found: History) -> list[tuple[str, str | None]]:
    return [(f"{span.since:%m-%d}", f"{span.until:%m-%d}" if span.until else None) for span in found.behind]


def waits(found: History) -> list[int]:
    """Days that each run was late."""
    return [run.behind.days for run in found.runs]


def test_a_release_that_is_used_at_once_is_never_late() -> None:
    found = history(a_scenario(), patch("2025-01-06", "1.30.2"))

    assert waits(found) == [0]
    assert found.behind == []


def test_days_count_from_the_publication_to_the_run() -> None:
    found = history(a_scenario(regions=2), patch("2025-01-06", "1.30.2"))

    assert waits(found) == [14]
    assert behind(found) == [("01-06", "01-20")]


def test_a_run_is_as_late_as_the_first_release_above_what_the_slowest_cluster_had() -> None:
    facts = [patch("2025-01-06", "1.30.2"), patch("2025-01-08", "1.30.3")]

    found = history(a_scenario(policies={"freeze": "2025-01-01/2025-01-15"}), *facts)

    assert waits(found) == [10]


def test_the_next_run_counts_from_its_own_release_though_the_clusters_were_behind_all_the_time() -> None:
    facts = [patch("2025-01-06", "1.30.2"), patch("2025-01-13", "1.30.3")]

    found = history(a_scenario(regions=2), *facts)

    assert waits(found) == [14, 14]
    assert behind(found) == [("01-06", "01-27")]


def test_a_release_that_is_taken_back_ends_being_behind() -> None:
    facts = [patch("2025-01-06", "1.30.2"), patch_removed("2025-01-09", "1.30.2")]

    assert behind(history(a_scenario(policies={"soak": "P9D"}), *facts)) == [("01-06", "01-09")]


def test_any_family_below_its_newest_image_is_behind() -> None:
    found = history(a_scenario(Channel.NODE_IMAGE, regions=2), image("2025-01-06", "202501.01.0"))

    assert behind(found) == [("01-06", "01-20")]
    assert waits(found) == [14]


def test_policies_do_not_excuse_a_delay() -> None:
    found = history(a_scenario(policies={"soak": "P7D"}), patch("2025-01-06", "1.30.2"))

    assert waits(found) == [7]


def test_clusters_that_cannot_follow_are_behind_to_the_end() -> None:
    found = history(a_scenario(start="1.28.1"))

    assert found.behind == [Span(moment("2025-01-01"), None)]
    assert found.behind[0].lasts(found.ends) == timedelta(days=59)
    assert found.last.is_behind


def standstills(found: History) -> list[tuple[str, str | None, Reason]]:
    return [
        (f"{still.span.since:%m-%d}", f"{still.span.until:%m-%d}" if still.span.until else None, still.reason)
        for still in found.standstills
    ]


def test_waiting_is_reported_from_its_beginning_to_the_run() -> None:
    found = history(a_scenario(policies={"soak": "P7D"}), patch("2025-01-06", "1.30.2"))

    assert standstills(found) == [("01-06", "01-13", Reason.SOAKING)]


def test_one_reason_is_reported_once_however_often_it_is_given() -> None:
    facts = [patch(f"2025-01-{day:02}", f"1.30.{day}") for day in range(2, 20)]

    assert standstills(history(a_scenario(start="1.28.1"), *facts)) == [("01-01", None, Reason.NO_MEMBER_CAN_UPGRADE)]


def test_another_reason_begins_another_standstill() -> None:
    scenario = a_scenario(policies={"soak": "P7D", "freeze": "2025-01-10/2025-01-20"})

    found = history(scenario, patch("2025-01-06", "1.30.2"))

    assert standstills(found) == [("01-06", "01-13", Reason.SOAKING), ("01-13", "01-21", Reason.FREEZE)]


def test_a_run_in_between_begins_another_standstill() -> None:
    facts = [patch("2025-01-06", "1.30.2"), patch("2025-01-10", "1.30.3")]

    found = history(a_scenario(policies={"soak": "P7D"}), *facts)

    assert standstills(found) == [("01-06", "01-13", Reason.SOAKING), ("01-13", "01-17", Reason.SOAKING)]


@pytest.mark.parametrize("target", ["1.31", "1.40"])
def test_a_minor_that_never_comes_blocks_from_the_start_to_the_end(target: str) -> None:
    found = history(a_scenario(Channel.TARGET_KUBERNETES_VERSION, target=target))

    assert standstills(found) == [("01-01", None, Reason.TARGET_MINOR_NOT_RELEASED)]
    assert not found.last.is_behind
