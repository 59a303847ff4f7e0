"""What a replay generates, moment by moment; on small timelines made for one rule each."""

from __future__ import annotations

import pytest

from shared.core.model.profile import Channel, NodeImageSelection
from shared.core.model.update_run import UpgradeType
from shared.core.planner import decide
from shared.core.reasons import Outcome, Reason
from shared.errors import InternalError, InvalidInputError
from tests.tools.replay.builders import (
    UBUNTU,
    a_scenario,
    a_timeline,
    ga,
    image,
    image_withdrawn,
    minor_is,
    moment,
    patch,
    patch_removed,
)
from tools.releases import Fact, Timeline
from tools.replay import engine
from tools.replay.engine import replay
from tools.replay.estate import Estate
from tools.replay.history import GeneratedRun, History
from tools.replay.scenario import Scenario

ANY_TWO = a_scenario(regions=2, policies={"regions": "any"})


def runs(scenario: Scenario, *facts: Fact, timeline: Timeline | None = None) -> list[GeneratedRun]:
    return list(replay(scenario, timeline or a_timeline(*facts)).runs)


def days_and_versions(found: list[GeneratedRun]) -> list[tuple[str, str | None]]:
    return [(f"{run.at:%m-%d}", run.kubernetes_version) for run in found]


def days_and_images(found: list[GeneratedRun]) -> list[tuple[str, str]]:
    return [(f"{run.at:%m-%d}", " ".join(run.node_images.values())) for run in found]


def test_a_release_is_generated_the_moment_it_arrives_and_only_once() -> None:
    found = runs(a_scenario(), patch("2025-01-06T04:05:06", "1.30.2"), image("2025-01-07", "202501.01.0"))

    assert [(run.at, run.upgrade_type, run.kubernetes_version) for run in found] == [
        (moment("2025-01-06T04:05:06"), UpgradeType.FULL, "1.30.2")
    ]
    assert found[0].reason is Reason.UPGRADE_DUE


def test_facts_of_one_moment_are_one_release() -> None:
    found = runs(a_scenario(), patch("2025-01-06", "1.30.2"), patch("2025-01-06", "1.30.3"))

    assert days_and_versions(found) == [("01-06", "1.30.3")]


def test_stable_follows_one_minor_behind_and_moves_up_when_a_new_one_has_a_patch() -> None:
    facts = [ga("2025-01-06", "1.31"), patch("2025-01-08", "1.31.0"), patch("2025-01-09", "1.29.2")]

    assert days_and_versions(runs(a_scenario(Channel.STABLE), *facts)) == [("01-08", "1.30.1")]


def test_a_preview_is_never_a_target() -> None:
    facts = [minor_is("2025-01-06", "minor_preview", "1.31"), patch("2025-01-06", "1.31.0", preview=True)]

    assert runs(a_scenario(), *facts) == []


def test_a_common_version_waits_for_the_last_region() -> None:
    found = runs(a_scenario(regions=3), patch("2025-01-06", "1.30.2"))

    assert days_and_versions(found) == [("01-20", "1.30.2")]


def test_with_regions_any_each_region_is_caught_up_when_it_has_the_version() -> None:
    found = runs(ANY_TWO, patch("2025-01-06", "1.30.2"))

    assert days_and_versions(found) == [("01-06", "1.30.2"), ("01-20", "1.30.2")]
    assert [run.reason for run in found] == [Reason.UPGRADE_DUE, Reason.CATCH_UP_DUE]


def test_a_soak_delays_each_release_by_its_length_after_it_arrived_in_the_last_region() -> None:
    scenario = a_scenario(regions=2, rollout_days=1, policies={"soak": "P3D"})

    assert days_and_versions(runs(scenario, patch("2025-01-06T12:00", "1.30.2"))) == [("01-10", "1.30.2")]


def test_what_is_there_at_the_start_has_soaked() -> None:
    found = runs(a_scenario(start="1.29.1", policies={"soak": "P30D"}))

    assert days_and_versions(found) == [("01-01", "1.30.1")]


def test_a_release_that_is_taken_back_while_it_soaks_is_never_used() -> None:
    facts = [patch("2025-01-06", "1.30.2"), patch_removed("2025-01-08", "1.30.2")]

    assert runs(a_scenario(policies={"soak": "P3D"}), *facts) == []


def test_the_replay_goes_on_until_the_last_release_has_soaked_also_after_the_end_of_the_file() -> None:
    history = replay(
        a_scenario(policies={"soak": "P30D"}), a_timeline(patch("2025-01-06", "1.30.2"), ends="2025-01-10")
    )

    assert [run.at for run in history.runs] == [moment("2025-02-05")]
    assert history.ends == moment("2025-02-05")


def test_nothing_is_generated_in_a_freeze_and_everything_due_the_day_after() -> None:
    scenario = a_scenario(policies={"freeze": "2025-01-05/2025-01-20"})

    assert days_and_versions(runs(scenario, patch("2025-01-06", "1.30.2"))) == [("01-21", "1.30.2")]


def test_a_freeze_that_nothing_waits_for_does_not_make_the_replay_longer() -> None:
    scenario = a_scenario(policies={"freeze": "2030-01-01/2030-01-31, 2031-01-01/9999-12-31"})

    assert replay(scenario, a_timeline(ends="2025-03-01")).ends == moment("2025-03-01")


def test_clusters_more_than_a_minor_behind_are_blocked() -> None:
    history = replay(a_scenario(start="1.28.1"), a_timeline())

    assert history.runs == []
    assert (history.last.outcome, history.last.reason) == (Outcome.BLOCKED, Reason.NO_MEMBER_CAN_UPGRADE)


def test_stepwise_takes_them_up_one_minor_after_the_other_at_the_same_moment() -> None:
    found = runs(a_scenario(start="1.28.1", policies={"catch-up": "stepwise"}))

    assert days_and_versions(found) == [("01-01", "1.29.1"), ("01-01", "1.30.1")]


def test_control_plane_first_makes_two_runs_and_only_the_second_touches_images() -> None:
    scenario = a_scenario(policies={"split": "control-plane-first"})

    found = runs(scenario, patch("2025-01-06", "1.30.2"), image("2025-01-03", "202501.01.0"))

    assert [(run.upgrade_type, run.kubernetes_version, run.node_images) for run in found] == [
        (UpgradeType.CONTROL_PLANE_ONLY, "1.30.2", {}),
        (UpgradeType.FULL, "1.30.2", {UBUNTU: "202501.01.0"}),
    ]


def test_latest_takes_each_regions_newest_and_the_newest_of_all_is_reported() -> None:
    scenario = a_scenario(regions=2, selection=NodeImageSelection.LATEST)

    found = runs(scenario, patch("2025-01-06", "1.30.2"), image("2025-01-16", "202501.10.0"))

    assert days_and_images(found) == [("01-20", "202501.10.0")]


def test_consistent_takes_the_newest_that_every_region_has() -> None:
    scenario = a_scenario(regions=2, selection=NodeImageSelection.CONSISTENT)
    facts = [image("2025-01-02", "202501.01.0"), patch("2025-01-06", "1.30.2"), image("2025-01-16", "202501.10.0")]

    assert days_and_images(runs(scenario, *facts)) == [("01-20", "202501.01.0")]


def test_a_cluster_caught_up_later_gets_the_images_of_the_run_it_missed() -> None:
    scenario = a_scenario(regions=2, policies={"regions": "any"}, selection=NodeImageSelection.CONSISTENT)
    facts = [patch("2025-01-06", "1.30.2"), image("2025-01-02", "202501.01.0"), image("2025-01-08", "202501.05.0")]

    assert days_and_images(runs(scenario, *facts)) == [("01-06", "202501.01.0"), ("01-20", "202501.01.0")]


def test_node_images_alone_are_generated_once_every_region_has_them() -> None:
    found = runs(a_scenario(Channel.NODE_IMAGE, regions=2), image("2025-01-06", "202501.01.0"))

    assert [(run.upgrade_type, run.kubernetes_version) for run in found] == [(UpgradeType.NODE_IMAGE_ONLY, None)]
    assert days_and_images(found) == [("01-20", "202501.01.0")]


def test_an_image_older_than_ninety_days_is_no_target() -> None:
    scenario = a_scenario(Channel.NODE_IMAGE)

    assert days_and_images(runs(scenario, image("2025-04-02", "202501.02.0"))) == [("04-02", "202501.02.0")]
    assert days_and_images(runs(scenario, image("2025-04-03", "202501.02.0"))) == []


def test_an_image_is_never_taken_back() -> None:
    facts = [
        image("2025-01-06", "202501.01.0"),
        image_withdrawn("2025-01-08", "202501.01.0"),
        patch("2025-01-09", "1.30.2"),
    ]

    assert days_and_images(runs(a_scenario(Channel.NODE_IMAGE), *facts)) == [("01-06", "202501.01.0")]
    assert days_and_images(runs(a_scenario(), facts[0], patch("2025-01-07", "1.30.2"), facts[1])) == [
        ("01-07", "202501.01.0")
    ]


def test_a_pool_comes_into_being_with_its_familys_first_image_and_is_upgraded_from_then_on() -> None:
    windows = "AKSWindows-2025"
    scenario = a_scenario(Channel.NODE_IMAGE, families={UBUNTU: UBUNTU, windows: windows})
    facts = [image("2025-01-06", "26100.1.250101", windows), image("2025-01-07", "26100.2.250105", windows)]

    found = runs(scenario, *facts)

    assert days_and_images(found) == [("01-07", "202412.20.0 26100.2.250105")]
    assert list(found[0].node_images) == [UBUNTU, windows]


def test_images_are_reported_under_the_family_as_it_was_given() -> None:
    name = f"{UBUNTU}gen2containerd"
    scenario = a_scenario(Channel.NODE_IMAGE, families={name: UBUNTU})

    assert runs(scenario, image("2025-01-06", "202501.01.0"))[0].node_images == {name: "202501.01.0"}


def test_long_term_support_takes_lts_builds_of_a_minor_that_left_standard_support() -> None:
    facts = [
        ga("2025-01-02", "1.31"),
        ga("2025-01-02", "1.32"),
        patch("2025-01-06", "1.32.1"),
        minor_is("2025-01-07", "minor_deprecated", "1.29"),
        patch("2025-01-08", "1.29.100"),
    ]
    scenario = a_scenario(Channel.TARGET_KUBERNETES_VERSION, target="1.29", long_term_support=True)

    assert days_and_versions(runs(scenario, *facts)) == [("01-08", "1.29.100")]


def started_on(scenario: Scenario, timeline: Timeline | None = None) -> str:
    return str(replay(scenario, timeline or a_timeline()).start.version)


def test_clusters_start_on_what_the_channel_asks_for() -> None:
    assert started_on(a_scenario(Channel.STABLE)) == "1.29.1"
    assert started_on(a_scenario(Channel.RAPID)) == "1.30.1"
    assert started_on(a_scenario(Channel.RAPID, start="1.28.3")) == "1.28.3"


@pytest.mark.parametrize(("target", "expected"), [("1.29", "1.29.1"), ("1.31", "1.30.1"), ("1.20", "1.30.1")])
def test_without_a_target_they_start_on_the_highest_version_not_above_its_minor(target: str, expected: str) -> None:
    assert started_on(a_scenario(Channel.TARGET_KUBERNETES_VERSION, target=target)) == expected


def test_node_images_can_be_replayed_without_any_kubernetes_version() -> None:
    timeline = a_timeline(image("2025-01-06", "202501.01.0"), ga_minors=(), patches=())

    assert days_and_images(runs(a_scenario(Channel.NODE_IMAGE), timeline=timeline)) == [("01-06", "202501.01.0")]


def test_kubernetes_versions_cannot_be_replayed_from_nowhere() -> None:
    with pytest.raises(InvalidInputError, match="--start-version"):
        replay(a_scenario(), a_timeline(ga_minors=(), patches=()))


def test_facts_before_the_start_are_in_force_at_it() -> None:
    history = replay(a_scenario(), a_timeline(patch("2024-12-30", "1.30.2")))

    assert str(history.start.version) == "1.30.2"
    assert [observation.at for observation in history.observations] == [moment("2025-01-01")]


def test_a_core_that_generates_for_ever_is_an_internal_error(monkeypatch: pytest.MonkeyPatch) -> None:
    estate = Estate(a_scenario(start="1.29.1"), a_timeline())
    estate.found_fleet(moment("2025-01-01"))
    due = decide(estate.facts(moment("2025-01-01")))
    assert due.outcome is Outcome.GENERATE
    monkeypatch.setattr(engine, "decide", lambda facts: due)

    with pytest.raises(InternalError, match="still generates"):
        replay(a_scenario(), a_timeline())


def test_the_same_replay_gives_the_same_history() -> None:
    def once() -> History:
        return replay(ANY_TWO, a_timeline(patch("2025-01-06", "1.30.2"), image("2025-01-06", "202501.01.0")))

    assert once() == once()
