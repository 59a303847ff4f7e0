"""The oracle, held against what AKS really published."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tools.demo.expectations import expect, image_date
from tools.demo.world import World, WorldMember, WorldProfile
from tools.paths import TIMELINE
from tools.releases import Fact, MinorFact, PatchFact, Timeline, load_timeline

END = datetime(2026, 9, 1, tzinfo=UTC)
UBUNTU = "AKSUbuntu-2204gen2containerd"


def a_world(
    channel: str, version: str, joins: datetime | None = None, target: str = "", *, disabled: bool = False
) -> World:
    member = WorldMember("fleet/one", "group", "westus2", version, {"system": UBUNTU}, joins)
    profile = WorldProfile("fleet/profile", channel, target, disabled, (member.key,))
    return World("subscription", {member.key: member}, {profile.key: profile})


@pytest.mark.parametrize(
    ("channel", "version", "joins", "target", "ends_on"),
    [
        ("Rapid", "1.30.5", None, "", "1.36.2"),
        ("Stable", "1.30.5", None, "", "1.35.6"),
        ("TargetKubernetesVersion", "1.33.6", datetime(2026, 2, 20, tzinfo=UTC), "1.34", "1.34.9"),
        ("NodeImage", "1.30.5", None, "", "1.30.5"),
    ],
)
def test_the_real_releases_bring_each_channel_to_its_version(
    channel: str, version: str, joins: datetime | None, target: str, ends_on: str
) -> None:
    expected = expect(a_world(channel, version, joins, target), load_timeline(TIMELINE), END)

    assert expected["fleet/one"].kubernetes_version == ends_on


def test_a_node_image_profile_ends_on_the_newest_image_of_the_family() -> None:
    expected = expect(a_world("NodeImage", "1.30.5"), load_timeline(TIMELINE), END)

    assert expected["fleet/one"].node_images == {"system": f"{UBUNTU}-202607.09.0"}


def test_a_disabled_profile_leaves_its_clusters_where_they_began() -> None:
    expected = expect(a_world("Rapid", "1.30.5", disabled=True), load_timeline(TIMELINE), END)

    assert expected["fleet/one"].kubernetes_version == "1.30.5"


def test_a_cluster_two_minors_behind_stays_where_it_is() -> None:
    published = datetime(2026, 1, 2, tzinfo=UTC)
    facts: list[Fact] = [
        MinorFact(at=published, kind="minor_ga", version="1.34"),
        PatchFact(at=published, kind="patch", version="1.34.1"),
    ]
    at_start = {"ga_minors": ["1.33"], "patches": {"1.33": ["1.33.1"]}, "node_images": {}}
    timeline = Timeline.model_validate({"from": "2026-01-01", "state_at_start": at_start, "facts": facts})

    expected = expect(a_world("Rapid", "1.31.9"), timeline, END)

    assert expected["fleet/one"].kubernetes_version == "1.31.9"


@pytest.mark.parametrize(
    ("version", "day"),
    [("202607.09.0", "2026-07-09"), ("2022.10.03", "2022-10-03"), ("20348.5386.260715", "2026-07-15")],
)
def test_an_image_carries_its_day_in_its_version(version: str, day: str) -> None:
    assert image_date(version).isoformat() == day
