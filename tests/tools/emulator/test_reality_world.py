"""The world of a real fleet shows what it promises, and its runs end as they would in Azure."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import cast

import pytest

from tests.tools.emulator.app_client import AppClient
from tools.emulator.app import Emulator, Options
from tools.emulator.identity import API_VERSION
from tools.emulator.world import read_world
from tools.json_value import Json, JsonObject
from tools.releases import load_timeline

ROOT = Path(__file__).resolve().parents[3]
UBUNTU, OLD = "AKSUbuntu-2204gen2containerd", "202603.12.0"
BUSY = {"orders": "Updating", "stuck": "Upgrading"}


class Reality:
    """The emulator with this world, and a client with a token."""

    def __init__(self) -> None:
        world = read_world(ROOT / "tools/emulator/worlds/reality.yaml")
        self.emulator = Emulator(Options(world, load_timeline(ROOT / "tools/data/aks-release-timeline.json")))
        [self.fleet] = self.emulator.estate.fleets.values()
        response = AppClient(self.emulator.app).get(
            "/msi/token",
            params={"api-version": API_VERSION, "resource": "https://management.azure.com"},
            headers={"X-IDENTITY-HEADER": self.emulator.identity_header},
        )
        self._http = AppClient(self.emulator.app, {"Authorization": f"Bearer {response.json()['access_token']}"})

    def generate_and_start(self, profile: str) -> str:
        """The run of a profile, started; its name."""
        name = str(self._post(f"autoUpgradeProfiles/{profile}/generateUpdateRun")["id"]).rpartition("/")[2]
        self.start(name)
        return name

    def start(self, run: str) -> None:
        self._post(f"updateRuns/{run}/start")

    def skip(self, run: str, *members: str) -> None:
        targets: list[Json] = [{"type": "Member", "name": member} for member in members]
        self._post(f"updateRuns/{run}/skip", {"targets": targets})

    def states(self, run: str) -> dict[str, str]:
        [stage] = cast("list[JsonObject]", self._status(run)["stages"])
        [group] = cast("list[JsonObject]", stage["groups"])
        members = cast("list[JsonObject]", group["members"])
        return {str(member["name"]): str(cast("JsonObject", member["status"])["state"]) for member in members}

    def state(self, run: str) -> str:
        return str(cast("JsonObject", self._status(run)["status"])["state"])

    def pass_hours(self, hours: float) -> None:
        self.emulator.clock.advance(self.emulator.clock.now() + timedelta(hours=hours))

    def _status(self, run: str) -> JsonObject:
        return cast("JsonObject", self.fleet.runs[run].properties["status"])

    def _post(self, path: str, body: Json = None) -> JsonObject:
        response = self._http.request("POST", f"{self.fleet.id}/{path}?api-version=2026-06-01", json=body)
        assert response.status_code == 200, response.text
        return cast("JsonObject", response.json())


@pytest.fixture
def reality() -> Reality:
    return Reality()


def test_its_clusters_are_busy_flatcar_windows_2019_machines_and_arc(reality: Reality) -> None:
    clusters = {cluster.name: cluster for cluster in reality.emulator.estate.clusters.values()}
    states = {name: cluster.provisioning_state for name, cluster in clusters.items()}
    assert {name: state for name, state in states.items() if state != "Succeeded"} == BUSY
    assert [cluster.name for cluster in reality.emulator.estate.connected_clusters.values()] == ["plant"]
    assert clusters["render"].pools[1].mode == "Machines"
    offers = reality.emulator.offers
    assert offers.newest_image("westus2", clusters["lab"].pools[1].family) is None
    assert len(reality.fleet.profiles) == 3


def test_a_run_of_images_fails_at_a_busy_cluster_and_is_done_without_the_busy_ones(reality: Reality) -> None:
    run = reality.generate_and_start("images")
    reality.pass_hours(1)
    assert (reality.state(run), reality.states(run)["orders"]) == ("Failed", "Failed")

    reality.skip(run, "orders", "stuck")
    reality.start(run)
    reality.pass_hours(2)
    assert reality.state(run) == "Completed"
    assert reality.states(run) == {
        "web": "Completed",
        "orders": "Skipped",
        "stuck": "Skipped",
        "lab": "Skipped",
        "render": "Completed",
        "plant": "Skipped",
    }
    [render] = [one for one in reality.emulator.estate.clusters.values() if one.name == "render"]
    assert [pool.image == f"{UBUNTU}-{OLD}" for pool in render.pools] == [False, True]


def test_the_run_of_windows_fails_with_the_limit_of_its_operating_system(reality: Reality) -> None:
    run = reality.generate_and_start("win")
    assert (reality.state(run), reality.states(run)) == ("Failed", {"billing": "Failed"})
    assert "Windows2019NotSupportedWithOrchestratorVersion" in str(reality.fleet.runs[run].properties)


def test_one_cluster_is_free_the_next_morning_and_one_never_is(reality: Reality) -> None:
    reality.pass_hours(24 * 60)
    states = {one.name: one.provisioning_state for one in reality.emulator.estate.clusters.values()}
    assert (states["orders"], states["stuck"]) == ("Succeeded", "Upgrading")
