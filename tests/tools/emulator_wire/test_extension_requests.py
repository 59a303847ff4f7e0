"""Requests of the CLI extension that its recorded session does not have, in the form its source gives them."""

from __future__ import annotations

import pytest

from tests.tools.emulator_fleet.fleet_lab import FLEET, FleetLab, JsonObject
from tests.tools.emulator_wire.extension_session import WITH_GATES
from tools.json_value import Json

MINIMAL_GROUP: JsonObject = {"name": "one", "beforeGates": [], "afterGates": []}
MINIMAL_STAGE: JsonObject = {
    "name": "all",
    "groups": [MINIMAL_GROUP],
    "afterStageWaitInSeconds": 0,
    "beforeGates": [],
    "afterGates": [],
}
STRATEGY: JsonObject = {"stages": [MINIMAL_STAGE]}
"""What `--stages` makes of stages with nothing but names: no gates, and no wait."""


def run_of(upgrade: str, version: str | None = None, selection: str = "Latest", **more: Json) -> JsonObject:
    """What `updaterun create` sends; the selection is Latest unless another one is asked for."""
    wanted: JsonObject = {"type": upgrade} if version is None else {"type": upgrade, "kubernetesVersion": version}
    return {"managedClusterUpdate": {"upgrade": wanted, "nodeImageSelection": {"type": selection}}, **more}


@pytest.fixture
def lab() -> FleetLab:
    return FleetLab("one", "two")


@pytest.mark.parametrize("api_version", WITH_GATES)
@pytest.mark.parametrize(
    ("path", "properties"),
    [
        ("updateStrategies/minimal", {"strategy": STRATEGY}),
        ("updateRuns/minimal", run_of("Full", "1.30.7", strategy=STRATEGY)),
        ("updateRuns/all-members", run_of("Full", "1.30.7")),
        ("updateRuns/images", run_of("NodeImageOnly", selection="Consistent")),
        ("updateRuns/control-planes", run_of("ControlPlaneOnly", "1.30.7")),
        ("autoUpgradeProfiles/images", {"channel": "NodeImage", "disabled": False, "longTermSupport": False}),
        ("autoUpgradeProfiles/stable", {"channel": "Stable", "disabled": False, "longTermSupport": False}),
    ],
)
def test_what_a_command_creates_comes_back_as_it_was_sent(
    lab: FleetLab, api_version: str, path: str, properties: JsonObject
) -> None:
    response = lab.http.request("PUT", f"{FLEET}/{path}?api-version={api_version}", json={"properties": properties})
    shown = response.json()["properties"]

    assert response.status_code == 201
    assert {key: shown[key] for key in properties} == properties
    assert lab.http.get(f"{FLEET}/{path}?api-version={api_version}").json() == response.json()


def test_creating_a_profile_again_is_its_update(lab: FleetLab) -> None:
    lab.put("/autoUpgradeProfiles/p", {"channel": "Rapid", "disabled": True, "longTermSupport": False})
    again = lab.put("/autoUpgradeProfiles/p", {"channel": "Rapid", "disabled": False, "longTermSupport": False}, 200)

    assert again["properties"] == {
        "channel": "Rapid",
        "disabled": False,
        "longTermSupport": False,
        "provisioningState": "Succeeded",
    }


@pytest.mark.parametrize(
    ("kind", "name", "left"),
    [("Member", "one", 1), ("Group", "one", 1), ("Stage", "first", 1), ("AfterStageWait", "first", 2)],
)
def test_every_kind_of_target_can_be_skipped_before_the_start(lab: FleetLab, kind: str, name: str, left: int) -> None:
    stages: list[Json] = [
        {**MINIMAL_STAGE, "name": "first", "afterStageWaitInSeconds": 60},
        {**MINIMAL_STAGE, "name": "second", "groups": [{**MINIMAL_GROUP, "name": "two"}]},
    ]
    lab.put("/updateRuns/run", run_of("Full", "1.30.7", strategy={"stages": stages}))
    response = lab.send("POST", "/updateRuns/run/skip", {"targets": [{"type": kind, "name": name}]})

    assert response.status_code == 200
    assert [*lab.states().values()].count("NotStarted") == left
    assert response.json()["properties"] == lab.run()


def test_stop_returns_the_run_at_once(lab: FleetLab) -> None:
    lab.put("/updateRuns/run", run_of("Full", "1.30.7"))
    lab.start()
    response = lab.send("POST", "/updateRuns/run/stop")

    assert (response.status_code, "azure-asyncoperation" in response.headers) == (200, False)
    assert response.json()["properties"] == lab.run()
