"""Two profiles of one fleet over the same clusters, played until both are up to date."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.app.end_to_end.scene import SUBSCRIPTION, Scene, options
from tests.processes.stack import Stack
from tools.paths import ROOT

WORLD = ROOT / "tools/emulator/worlds/small.yaml"
TIMELINE = ROOT / "tools/data/aks-release-timeline.json"
FLEET = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg1/providers/Microsoft.ContainerService/fleets/fleet1"
STABLE, IMAGES = (f"{FLEET}/autoUpgradeProfiles/{name}" for name in ("stable", "images"))
AT_WORK = {"Running", "Pending"}


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    """The smallest world, with a profile for Kubernetes and one for node images."""
    world = tmp_path / "world.yaml"
    profiles = "\n    profiles:\n      - {name: stable, channel: Stable}\n      - {name: images, channel: NodeImage}\n"
    world.write_text(WORLD.read_text() + profiles)
    start = datetime(2026, 5, 11, 6, tzinfo=UTC)
    with Stack(replace(options(), world=world, timeline=TIMELINE, start=start)) as stack:
        yield Scene(stack)


def test_no_cluster_is_in_two_runs_at_once_and_all_end_up_at_the_target(scene: Scene) -> None:
    scene.detect()
    scene.reconcile()
    for _ in range(10):
        scene.pass_time(hours=1)
        scene.watch()

    at_work: dict[str, str] = {}
    for entry in scene.journal("memberState"):
        member, run = str(entry["member"]), str(entry["run"])
        if entry["state"] in AT_WORK:
            assert at_work.setdefault(member, run) == run, f"{member} is in {run} and in {at_work[member]}"
        elif at_work.get(member) == run:
            del at_work[member]
    assert at_work == {}
    assert {str(run["state"]) for run in scene.runs()} == {"Completed"}
    assert [scene.decision(profile)["outcome"] for profile in (STABLE, IMAGES)] == ["UpToDate", "UpToDate"]
    assert len(scene.runs()) == 1, "the Kubernetes run has brought the node images as well"
