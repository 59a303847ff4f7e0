"""The local stack's client of the control plane changes the estate as an owner would."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.tools.emulator.emulator_process import EmulatorProcess
from tools.json_value import JsonObject
from tools.stack.control import EmulatorControl


@pytest.fixture
def control(tmp_path: Path) -> Iterator[EmulatorControl]:
    with EmulatorProcess(tmp_path) as running:
        made = EmulatorControl(running.ready["endpoint"], Path(running.ready["caBundle"]))
        yield made
        made.close()


def first_fleet(control: EmulatorControl) -> JsonObject:
    fleets = control.state()["fleets"]
    assert isinstance(fleets, list)
    assert isinstance(fleets[0], dict)
    return fleets[0]


def test_a_fleet_is_tagged_and_loses_a_tag(control: EmulatorControl) -> None:
    fleet_id = str(first_fleet(control)["id"])
    control.tag_fleet(fleet_id, {"soak": "P1D", "owner": None})
    assert first_fleet(control)["tags"] == {"soak": "P1D"}


def test_failures_of_a_clusters_upgrades_are_ordered(control: EmulatorControl) -> None:
    members = first_fleet(control)["members"]
    assert isinstance(members, list)
    assert isinstance(members[0], dict)
    control.change_cluster(str(members[0]["cluster"]), failUpgrades={"times": 3})
    changed = first_fleet(control)["members"]
    assert isinstance(changed, list)
    assert isinstance(changed[0], dict)
    assert changed[0]["failUpgrades"] == {"times": 3, "provisioningState": "Failed"}
