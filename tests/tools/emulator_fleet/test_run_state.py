"""What the control plane shows of update runs."""

from __future__ import annotations

from typing import cast

from tests.tools.emulator_fleet.fleet_lab import CONTROL_PLANE, FLEET, FleetLab, JsonObject, a_run, a_stage


def shown(lab: FleetLab) -> JsonObject:
    [run] = cast("list[JsonObject]", lab.control("GET", "/state")["runs"])
    return run


def test_a_run_is_shown_with_its_members_states_and_messages() -> None:
    lab = FleetLab("one", "two", "three")
    lab.change("two", failUpgrades={"times": 1})
    lab.put("/updateRuns/run", a_run(strategy={"stages": [a_stage("a", "one", "two"), a_stage("b", "three")]}))
    lab.skip("Member", "one")
    lab.start()
    lab.pass_minutes(CONTROL_PLANE)

    run = shown(lab)
    members = cast("list[JsonObject]", run["members"])
    assert run["state"] == "Failed"
    assert members[0] == {"name": "one", "state": "Skipped", "message": "skipped by request."}
    assert members[2] == {"name": "three", "state": "NotStarted", "message": ""}
    assert (members[1]["name"], members[1]["state"]) == ("two", "Failed")
    assert "PodDisruptionBudget" in str(members[1]["message"])


def test_a_run_is_shown_with_its_strategy_and_the_images_it_has_picked() -> None:
    lab = FleetLab("one")
    strategy = f"{FLEET}/updateStrategies/staged"
    lab.put("/updateStrategies/staged", {"strategy": {"stages": [a_stage("all", "one")]}})
    lab.put("/updateRuns/run", a_run(None, "Consistent", updateStrategyId=strategy))
    assert (shown(lab)["updateStrategyId"], shown(lab)["selectedNodeImageVersions"]) == (strategy, [])
    lab.start()

    assert shown(lab)["selectedNodeImageVersions"] == ["AKSUbuntu-2204gen2containerd-202409.30.0"]


def test_a_run_without_a_strategy_has_no_id_of_one() -> None:
    lab = FleetLab("one")
    lab.put("/updateRuns/run", a_run())

    assert shown(lab)["updateStrategyId"] is None
