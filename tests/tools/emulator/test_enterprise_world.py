"""The enterprise world shows what it promises."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from tools.emulator.app import Emulator, Options
from tools.emulator.state import Estate
from tools.emulator.world import read_world
from tools.json_value import Json
from tools.releases import load_timeline

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def made() -> Emulator:
    world = read_world(ROOT / "tools/emulator/worlds/enterprise.yaml")
    return Emulator(Options(world, load_timeline(ROOT / "tools/data/aks-release-timeline.json")))


@pytest.fixture(scope="module")
def estate(made: Emulator) -> Estate:
    return made.estate


def everything_in(value: Json, key: str) -> list[Json]:
    """All values of a key, however deep."""
    if isinstance(value, list):
        return [found for item in value for found in everything_in(item, key)]
    if isinstance(value, dict):
        deeper = [found for item in value.values() for found in everything_in(item, key)]
        return [value[key], *deeper] if key in value else deeper
    return []


def test_it_has_3_fleets_of_20_clusters_in_8_regions(estate: Estate) -> None:
    assert [len(fleet.members) for fleet in estate.fleets.values()] == [20, 20, 20]
    assert len(estate.clusters) == 60
    assert {cluster.region for cluster in estate.clusters.values()} == set(estate.regions)
    assert len(estate.regions) == 8


def test_windows_arm_and_snapshot_pools_are_there(estate: Estate) -> None:
    pools = [pool for cluster in estate.clusters.values() for pool in cluster.pools]
    assert {pool.family for pool in pools if "Windows" in pool.family} == {
        "AKSWindows-2022-containerd-gen2",
        "AKSWindows-2025-containerd-gen2",
    }
    assert {pool.family for pool in pools if "arm64" in pool.family} == {
        "AKSUbuntu-2204gen2arm64containerd",
        "AKSAzureLinux-V3gen2arm64",
    }
    assert [pool.name for pool in pools if pool.snapshot_id] == ["golden"]


def test_clusters_on_long_term_support_a_stopped_one_an_automatic_one_and_node_provisioning_are_there(
    estate: Estate,
) -> None:
    clusters = estate.clusters.values()
    assert Counter(cluster.support_plan for cluster in clusters)["AKSLongTermSupport"] == 12
    assert [cluster.name for cluster in clusters if cluster.power_state == "Stopped"] == ["staging-southeastasia"]
    assert [cluster.name for cluster in clusters if cluster.sku_name == "Automatic"] == ["portal-eastus"]
    assert [cluster.name for cluster in clusters if cluster.node_provisioning == "Auto"] == [
        "notebooks-eastus",
        "notebooks-westeurope",
        "portal-eastus",
    ]


def test_maintenance_windows_are_of_every_kind(estate: Estate) -> None:
    configurations: list[Json] = [cluster.maintenance_configurations for cluster in estate.clusters.values()]
    kinds = {
        kind
        for schedule in everything_in(configurations, "schedule")
        if isinstance(schedule, dict)
        for kind in schedule
    }
    assert kinds == {"daily", "weekly", "absoluteMonthly", "relativeMonthly"}
    for key in ("notAllowedDates", "timeInWeek", "default", "aksManagedAutoUpgradeSchedule"):
        assert everything_in(configurations, key), key


def test_strategies_have_gates_percentages_waits_and_allowed_failures(estate: Estate) -> None:
    strategies: list[Json] = [
        strategy.properties for fleet in estate.fleets.values() for strategy in fleet.strategies.values()
    ]
    for key in ("beforeGates", "afterGates", "afterStageWaitInSeconds", "maxAllowedFailures"):
        assert everything_in(strategies, key), key
    concurrencies = [str(found) for found in everything_in(strategies, "maxConcurrency")]
    assert any(text.endswith("%") for text in concurrencies)
    assert any(text.isdecimal() for text in concurrencies)


def test_profiles_are_of_every_channel_one_for_long_term_support_one_disabled(estate: Estate) -> None:
    profiles = [profile.properties for fleet in estate.fleets.values() for profile in fleet.profiles.values()]
    assert {profile["channel"] for profile in profiles} == {"Rapid", "Stable", "TargetKubernetesVersion", "NodeImage"}
    assert {str(profile.get("nodeImageSelection")) for profile in profiles if "nodeImageSelection" in profile} == {
        "{'type': 'Latest'}",
        "{'type': 'Consistent'}",
    }
    assert [profile["targetKubernetesVersion"] for profile in profiles if profile.get("longTermSupport")] == ["1.32"]
    assert [profile["disabled"] for profile in profiles].count(True) == 1


def test_every_strategy_reaches_members_and_every_member_is_reached(estate: Estate) -> None:
    for fleet in estate.fleets.values():
        strategies: list[Json] = [strategy.properties for strategy in fleet.strategies.values()]
        groups = {
            str(group["name"])
            for found in everything_in(strategies, "groups")
            if isinstance(found, list)
            for group in found
            if isinstance(group, dict)
        }
        assert groups == {str(member.properties["group"]) for member in fleet.members.values()}, fleet.name


def test_it_begins_in_the_middle_of_a_rollout(made: Emulator) -> None:
    """1.35.3 is in the first regions and not yet in the last; the long-term clusters' minor is offered as such."""
    versions = made.offers.versions()
    assert "1.35.3" in versions["westcentralus"]
    assert "1.35.3" not in versions["australiaeast"]
    assert all(made.offers.offers_version(region, "1.32.11", "AKSLongTermSupport") for region in versions)


def test_policies_are_tags_of_the_fleets(estate: Estate) -> None:
    assert all(any(tag.startswith("auto-upgrade.") for tag in fleet.tags) for fleet in estate.fleets.values())
