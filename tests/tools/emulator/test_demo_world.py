"""The demo's world shows what it promises."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import pytest

from tests.tools.emulator.builders import at
from tools.emulator.changes import Changes
from tools.emulator.journal import Journal
from tools.emulator.region_offers import RegionOffers
from tools.emulator.state import Estate, Fleet
from tools.emulator.ticker import RunningClock
from tools.emulator.world import empty_estate, populate, read_world
from tools.releases import load_timeline

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def estate() -> Estate:
    """After all members have joined."""
    world, timeline = (
        read_world(ROOT / "tools/emulator/worlds/demo.yaml"),
        load_timeline(ROOT / "tools/data/aks-release-timeline.json"),
    )
    clock = RunningClock(timeline.starts, 0.0, Changes())
    journal = Journal(clock.now)
    built = empty_estate(world)
    offers = RegionOffers(built.regions, timeline, clock, journal)
    populate(built, world, clock, journal, offers)
    clock.advance(at(1, month=9))
    return built


def test_it_has_three_fleets_and_at_least_fourteen_clusters_in_four_regions(estate: Estate) -> None:
    assert len(estate.fleets) == 3
    assert len(estate.clusters) >= 14
    assert {cluster.region for cluster in estate.clusters.values()} == set(estate.regions)
    assert len(estate.regions) == 4


def test_every_channel_is_there_both_selections_are_and_one_profile_is_disabled(estate: Estate) -> None:
    profiles = [profile.properties for fleet in estate.fleets.values() for profile in fleet.profiles.values()]
    assert {profile["channel"] for profile in profiles} == {"Rapid", "Stable", "TargetKubernetesVersion", "NodeImage"}
    assert {"type": "Latest"} in [profile.get("nodeImageSelection") for profile in profiles]
    assert {"type": "Consistent"} in [profile.get("nodeImageSelection") for profile in profiles]
    assert [profile["disabled"] for profile in profiles].count(True) == 1
    assert any("updateStrategyId" not in profile for profile in profiles)


def test_each_profile_reaches_separate_groups_in_several_regions(estate: Estate) -> None:
    for fleet in estate.fleets.values():
        reached: list[str] = []
        for name in fleet.profiles:
            groups = groups_of(fleet, name)
            members = [
                member for member in fleet.members.values() if not groups or member.properties["group"] in groups
            ]
            regions = {
                estate.clusters[str(member.properties["clusterResourceId"]).lower()].region for member in members
            }
            assert len(regions) > 1, name
            reached += groups
        assert len(reached) == len(set(reached))


def groups_of(fleet: Fleet, profile: str) -> list[str]:
    strategy_id = fleet.profiles[profile].properties.get("updateStrategyId")
    if strategy_id is None:
        return []
    content = fleet.strategies[str(strategy_id).rpartition("/")[2]].properties["strategy"]
    assert isinstance(content, dict)
    stages = content["stages"]
    assert isinstance(stages, list)
    names: defaultdict[str, int] = defaultdict(int)
    for stage in stages:
        assert isinstance(stage, dict)
        groups = stage["groups"]
        assert isinstance(groups, list)
        for group in groups:
            assert isinstance(group, dict)
            names[str(group["name"])] += 1
    return list(names)


def test_windows_and_azure_linux_are_among_the_pools(estate: Estate) -> None:
    families = {pool.family for cluster in estate.clusters.values() for pool in cluster.pools}
    assert families == {"AKSUbuntu-2204gen2containerd", "AKSWindows-2022-containerd", "AKSAzureLinux-V3gen2"}
