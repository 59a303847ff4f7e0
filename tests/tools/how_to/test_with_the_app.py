"""The page's story with this app in place of Fleet's own auto-upgrade: profiles become runs by themselves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from tests.app.end_to_end.scene import Scene, options
from tests.processes.stack import Stack
from tests.tools.emulator.sdk_clients import sdk_clients
from tests.tools.how_to.conftest import WORLD
from tests.tools.how_to.reader import CREATE, DELETE, SUBSCRIPTION, Reader
from tools.paths import TIMELINE

CLUSTERS = ("cluster1", "cluster2", "cluster3")


@pytest.fixture
def scene() -> Iterator[Scene]:
    """The stack with the how-to's fleets; its timers run when a test runs them."""
    with Stack(replace(options(), world=WORLD, timeline=TIMELINE, start=None)) as stack:
        yield Scene(stack)


@pytest.fixture
def reader(scene: Scene) -> Iterator[Reader]:
    stack = scene.stack
    with sdk_clients(stack.emulator.endpoint, str(stack.ca_bundle), stack.identity, SUBSCRIPTION) as clients:
        yield Reader(clients)


def test_a_profile_becomes_a_run_and_the_clusters_show_the_new_version(scene: Scene, reader: Reader) -> None:
    assert [reader.kubernetes_version(name) for name in CLUSTERS] == ["1.32.5"] * 3
    reader.az(f"{CREATE} --update-strategy-id $STRATEGYID --channel Stable --node-image-selection Consistent")

    scene.reconcile()
    [name] = reader.run_names()
    assert name.startswith("auto-aup-stable-1-32-7-")
    assert reader.state(name) == "Running"

    scene.pass_time(hours=6)
    assert reader.state(name) == "Completed"
    assert [reader.kubernetes_version(name) for name in CLUSTERS] == ["1.32.7"] * 3
    assert reader.node_images(*CLUSTERS) == ["AKSUbuntu-2204gen2containerd-202508.20.0"] * 3


def test_a_disabled_profile_gets_no_run_until_it_is_created_again_without_the_flag(
    scene: Scene, reader: Reader
) -> None:
    reader.az(f"{CREATE} --channel Stable --disabled")
    scene.reconcile()
    assert reader.run_names() == []

    reader.az(f"{CREATE} --channel Stable")
    scene.reconcile()
    [name] = reader.run_names()
    assert reader.state(name) == "Running"


def test_disabling_and_deleting_a_profile_leave_its_run_in_progress_alone(scene: Scene, reader: Reader) -> None:
    reader.az(f"{CREATE} --channel Stable")
    scene.reconcile()
    [name] = reader.run_names()

    reader.az(f"{CREATE} --channel Stable --disabled")
    scene.reconcile()
    reader.az(DELETE)
    scene.reconcile()

    assert reader.state(name) == "Running"
    scene.pass_time(hours=6)
    assert reader.state(name) == "Completed"
    assert reader.kubernetes_version("cluster1") == "1.32.7"
