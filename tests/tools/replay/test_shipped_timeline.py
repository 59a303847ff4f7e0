"""The command over what AKS really published, channel by channel, held against an independent oracle."""

from __future__ import annotations

import pytest

from tests.tools.replay.command import replayed
from tests.tools.replay.oracle import Choose, Oracle, Run, minor, rapid, stable

UBUNTU, AZURE_LINUX, WINDOWS = "AKSUbuntu-2204", "AKSAzureLinux-V3", "AKSWindows-2025"
SPREADS = [(1, 10), (2, 10), (4, 10), (5, 3), (3, 0)]

GOLDEN: list[tuple[list[str], Run, Run, int]] = [
    (
        ["--channel", "Stable"],
        ("2025-01-18T02:06:04Z", "1.30.7", {UBUNTU: "202501.12.0"}),
        ("2026-07-24T18:38:00Z", "1.35.6", {UBUNTU: "202607.09.0"}),
        12,
    ),
    (
        ["--channel", "Rapid"],
        ("2025-01-18T02:06:04Z", "1.31.3", {UBUNTU: "202501.12.0"}),
        ("2026-07-24T18:38:00Z", "1.36.2", {UBUNTU: "202607.09.0"}),
        12,
    ),
    (
        ["--channel", "NodeImage"],
        ("2025-01-18T02:06:04Z", None, {UBUNTU: "202501.12.0"}),
        ("2026-07-24T18:38:00Z", None, {UBUNTU: "202607.09.0"}),
        21,
    ),
    (
        ["--channel", "TargetKubernetesVersion", "--target-kubernetes-version", "1.31"],
        ("2025-01-18T02:06:04Z", "1.31.3", {UBUNTU: "202501.12.0"}),
        ("2025-08-12T21:36:05Z", "1.31.10", {UBUNTU: "202507.21.0"}),
        5,
    ),
    (
        ["--channel", "Stable", "--regions", "4"],
        ("2025-01-31T02:06:04Z", "1.30.7", {UBUNTU: "202501.12.0"}),
        ("2026-08-07T18:38:00Z", "1.35.6", {UBUNTU: "202607.09.0"}),
        12,
    ),
    (
        ["--channel", "NodeImage", "--regions", "3", "--rollout-days", "4"],
        ("2025-01-23T02:06:04Z", None, {UBUNTU: "202501.12.0"}),
        ("2026-07-30T18:38:00Z", None, {UBUNTU: "202607.09.0"}),
        21,
    ),
]


def found(*arguments: str) -> list[Run]:
    return [(run["at"], run["kubernetesVersion"], run["nodeImages"]) for run in replayed(*arguments)]


@pytest.mark.parametrize(("arguments", "first", "last", "count"), GOLDEN, ids=[" ".join(row[0][1:]) for row in GOLDEN])
def test_first_and_last_run_of_each_channel(arguments: list[str], first: Run, last: Run, count: int) -> None:
    runs = found(*arguments)

    assert (runs[0], runs[-1], len(runs)) == (first, last, count)


@pytest.mark.parametrize(("regions", "rollout_days"), SPREADS)
@pytest.mark.parametrize(
    ("channel", "start", "choose"), [("Stable", "1.29.9", stable), ("Rapid", "1.30.5", rapid)], ids=["Stable", "Rapid"]
)
def test_every_run_of_a_kubernetes_channel_is_the_oracles(
    channel: str, start: str, choose: Choose, regions: int, rollout_days: int
) -> None:
    expected = Oracle(regions, rollout_days).versions(start, choose, UBUNTU)

    assert found("--channel", channel, *spread(regions, rollout_days)) == expected


@pytest.mark.parametrize(("regions", "rollout_days"), SPREADS)
def test_every_run_for_a_minor_is_the_oracles(regions: int, rollout_days: int) -> None:
    arguments = ["--channel", "TargetKubernetesVersion", "--target-kubernetes-version", "1.31"]

    expected = Oracle(regions, rollout_days).versions("1.30.5", minor("1.31"), UBUNTU)

    assert found(*arguments, *spread(regions, rollout_days)) == expected


@pytest.mark.parametrize(("regions", "rollout_days"), SPREADS)
def test_every_run_of_channel_node_image_is_the_oracles(regions: int, rollout_days: int) -> None:
    families = [UBUNTU, AZURE_LINUX, WINDOWS]
    named = [text for family in families for text in ("--node-family", family)]

    expected = Oracle(regions, rollout_days).images(*families)

    assert found("--channel", "NodeImage", *named, *spread(regions, rollout_days)) == expected


def spread(regions: int, rollout_days: int) -> list[str]:
    return ["--regions", str(regions), "--rollout-days", str(rollout_days)]


def test_stepwise_brings_clusters_on_1_29_up_to_1_33() -> None:
    arguments = ["--channel", "TargetKubernetesVersion", "--target-kubernetes-version", "1.33"]
    start = ["--start-version", "1.29.7"]

    assert found(*arguments, *start) == []
    versions = [run[1] for run in found(*arguments, *start, "--policy", "catch-up=stepwise")]

    assert len({str(version).rpartition(".")[0] for version in versions}) == 4
    assert versions[-1] == "1.33.12"
    assert versions == sorted(versions, key=lambda version: [int(part) for part in str(version).split(".")])


def test_long_term_support_follows_lts_builds() -> None:
    arguments = ["--channel", "TargetKubernetesVersion", "--target-kubernetes-version", "1.29", "--long-term-support"]

    assert found(*arguments)[-1][:2] == ("2026-01-09T00:29:19Z", "1.29.101")


def test_a_soak_moves_every_run_of_node_images_by_its_length() -> None:
    at_once = found("--channel", "NodeImage", "--node-family", AZURE_LINUX)
    soaked = found("--channel", "NodeImage", "--node-family", AZURE_LINUX, "--policy", "soak=PT36H")

    assert [run[2] for run in soaked] == [run[2] for run in at_once]
    assert soaked[0][0] == "2025-02-15T17:27:35Z"


def test_a_freeze_holds_runs_back_to_the_day_after() -> None:
    runs = found("--channel", "Stable", "--policy", "freeze=2025-06-10/2025-07-04")

    assert ("2025-07-05T00:00:00Z", "1.31.9", {UBUNTU: "202506.12.0"}) in runs
    assert not any("2025-06-10" <= run[0] < "2025-07-05" for run in runs)
