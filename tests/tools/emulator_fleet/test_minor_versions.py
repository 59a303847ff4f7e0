"""Update runs that ask for a minor version: its newest patch where each cluster is."""

from __future__ import annotations

from typing import cast

import pytest

from tests.tools.emulator_fleet.fleet_lab import CONTROL_PLANE, POOL, FleetLab, JsonObject, a_run, released
from tests.tools.releases.builders import MONDAY, minor, patch, timeline
from tools.releases import Timeline


def with_1_31(*patches: str) -> Timeline:
    return released("1.30.7", *patches)


def finished(version: str, releases: Timeline) -> FleetLab:
    """A run of that version over one cluster on 1.30.5, after the time that it takes."""
    lab = FleetLab("one", releases=releases)
    lab.put("/updateRuns/run", a_run(version))
    lab.start()
    lab.pass_minutes(CONTROL_PLANE + POOL)
    return lab


def test_a_cluster_gets_the_newest_patch_of_the_minor() -> None:
    lab = finished("1.31", with_1_31("1.31.1", "1.31.3"))
    assert (lab.state(), lab.version("one")) == ("Completed", "1.31.3")
    assert lab.cluster("one").pools[0].kubernetes_version == "1.31.3"
    update = cast("JsonObject", lab.run()["managedClusterUpdate"])
    assert update["upgrade"] == {"type": "Full", "kubernetesVersion": "1.31"}


def test_a_patch_that_comes_meanwhile_changes_nothing_for_a_cluster_that_is_being_upgraded() -> None:
    lab = FleetLab("one", releases=with_1_31("1.31.1"))
    lab.put("/updateRuns/run", a_run("1.31"))
    lab.start()
    lab.pass_minutes(CONTROL_PLANE)
    lab.offers.publish([patch("1.31.2")])
    lab.pass_minutes(POOL)
    assert (lab.state(), lab.version("one")) == ("Completed", "1.31.1")


def test_a_cluster_on_the_minor_is_left_at_its_patch() -> None:
    lab = finished("1.30", with_1_31())
    assert (lab.states()["one"], lab.version("one")) == ("Skipped", "1.30.5")


def test_a_cluster_waits_for_a_minor_that_its_region_does_not_offer_yet() -> None:
    lab = finished("1.31", timeline())
    assert lab.states()["one"] == "Pending"
    message = str(lab.status("one")["error"])
    assert 'target Kubernetes version "1.31" is not available in region "westus2"' in message


@pytest.mark.parametrize(("version", "code"), [("1.29", "DowngradeNotAllowed"), ("1.32", "UpgradeSkipsMinor")])
def test_a_minor_out_of_reach_fails_the_member(version: str, code: str) -> None:
    lab = finished(version, timeline(minor("minor_ga", "1.32", MONDAY), patch("1.32.1")))
    error = cast("JsonObject", lab.status("one")["error"])
    assert (lab.states()["one"], error["code"]) == ("Failed", code)
