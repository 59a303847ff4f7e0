"""The app beside Azure's own auto-upgrade: one run for one thing, and what Azure misses is caught up."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.app.end_to_end.scene import HERE, RAPID, Scene, options
from tests.processes.stack import Stack


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    """The small world, where Azure's own auto-upgrade is at work as well."""
    world = tmp_path / "world.yaml"
    text = (HERE / "world.yaml").read_text()
    world.write_text(text.replace("  - name: retail\n", "  - name: retail\n    nativeAutoUpgrade: true\n"))
    with Stack(replace(options(), world=world)) as stack:
        yield Scene(stack)


def test_a_run_that_azure_has_started_is_the_apps_run_too(scene: Scene) -> None:
    scene.detect()
    scene.release("1.34.2")
    scene.detect()
    scene.pass_time(hours=3)

    [run] = scene.runs()
    assert (run["autoUpgradeProfileId"], run["state"]) == (RAPID, "Completed")
    assert scene.versions("shop-one", "shop-two") == ["1.34.2"] * 2
    assert [entry["profile"] for entry in scene.journal("profileFired")] == [RAPID]


def test_the_app_catches_up_what_azure_lets_wait_for_the_next_release(scene: Scene) -> None:
    scene.detect()
    scene.change("shop-two", kubernetesVersion="1.33.5")
    scene.pass_time(hours=1)
    assert scene.journal("profileFired") == [], "nothing was released"

    scene.reconcile()
    scene.pass_time(hours=3)

    [run] = scene.runs()
    assert run["autoUpgradeProfileId"] is None
    assert scene.versions("shop-two") == ["1.34.1"]
