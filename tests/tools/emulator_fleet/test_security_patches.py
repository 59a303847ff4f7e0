"""Channel SecurityPatch: Fleet alone generates its runs; they patch the images that nodes have."""

from __future__ import annotations

import pytest

from tests.tools.emulator_fleet.fleet_lab import FLEET, POOL, PREVIEW, FleetLab, a_run
from tools.emulator.state import AgentPool

UBUNTU, WINDOWS = "AKSUbuntu-2204gen2containerd", "AKSWindows-2022-containerd"


@pytest.fixture
def lab() -> FleetLab:
    lab = FleetLab("one")
    lab.cluster("one").pools.append(AgentPool("win", WINDOWS, "1.30.5", f"{WINDOWS}-20348.2700.241101"))
    lab.put("/autoUpgradeProfiles/patches", {"channel": "SecurityPatch"}, api=PREVIEW)
    return lab


def generate(lab: FleetLab) -> str:
    response = lab.send("POST", "/autoUpgradeProfiles/patches/generateUpdateRun", api=PREVIEW)
    assert response.status_code == 200, response.text
    return str(response.json()["id"]).rpartition("/")[2]


def test_a_generated_run_has_one_of_the_upgrade_types_of_runs_and_names_its_profile(lab: FleetLab) -> None:
    run = lab.run(generate(lab))

    assert run["autoUpgradeProfileId"] == f"{FLEET}/autoUpgradeProfiles/patches"
    assert run["managedClusterUpdate"] == a_run(None)["managedClusterUpdate"]


def test_a_run_patches_the_image_of_linux_pools_and_leaves_windows_alone(lab: FleetLab) -> None:
    before = lab.image("one")
    name = generate(lab)
    lab.start(name)
    lab.pass_minutes(POOL)

    assert lab.state(name) == "Completed"
    assert [pool.image for pool in lab.cluster("one").pools] == [
        f"{before}-2026.01.05",
        f"{WINDOWS}-20348.2700.241101",
    ]


def test_a_week_has_one_run_and_the_next_week_another(lab: FleetLab) -> None:
    first = generate(lab)
    assert generate(lab) == first
    lab.pass_minutes(7 * 24 * 60)
    assert generate(lab) != first


def test_clusters_with_the_patches_are_skipped(lab: FleetLab) -> None:
    name = generate(lab)
    lab.start(name)
    lab.pass_minutes(POOL)
    assert lab.send("DELETE", f"/updateRuns/{name}").status_code == 200
    again = generate(lab)
    lab.start(again)

    assert lab.state(again) == "Skipped"


def test_a_patched_image_is_newer_than_the_image_alone_and_older_than_the_next(lab: FleetLab) -> None:
    name = generate(lab)
    lab.start(name)
    lab.pass_minutes(POOL)
    patched = lab.image("one")
    lab.put("/autoUpgradeProfiles/images", {"channel": "NodeImage"})
    response = lab.send("POST", "/autoUpgradeProfiles/images/generateUpdateRun")
    images = str(response.json()["id"]).rpartition("/")[2]
    lab.start(images)
    lab.pass_minutes(POOL)

    assert lab.image("one") == patched
