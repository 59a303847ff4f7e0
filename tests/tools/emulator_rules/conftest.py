"""A fleet with three members, and a strategy."""

from __future__ import annotations

import pytest

from tests.tools.emulator_fleet.fleet_lab import FleetLab, a_stage


@pytest.fixture
def lab() -> FleetLab:
    made = FleetLab()
    made.put("/updateStrategies/staged", {"strategy": {"stages": [a_stage("all", "one", "two")]}})
    return made
