"""The app keeps the laws in many seeds, and a seed is the same whenever and wherever it is played."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tools.simulation.scenario import make_scenario
from tools.simulation.simulated import simulate
from tools.simulation.world.azure import Azure

ROOT = Path(__file__).resolve().parents[3]
SEEDS, PARTS = 200, 20
_DIGEST = """
import hashlib
from tools.simulation.simulated import simulate
print(hashlib.sha256("\\n".join(simulate(5).schedule).encode()).hexdigest())
"""


@pytest.mark.slow
@pytest.mark.parametrize("part", range(PARTS))
def test_the_app_keeps_the_laws(part: int) -> None:
    broken = [outcome.broken for seed in range(part, SEEDS, PARTS) if (outcome := simulate(seed)).broken is not None]

    assert [str(law) for law in broken] == []


@pytest.mark.slow
def test_a_seed_gives_the_same_schedule_also_where_python_orders_sets_differently() -> None:
    here = hashlib.sha256("\n".join(simulate(5).schedule).encode())
    elsewhere = subprocess.run(
        [sys.executable, "-c", _DIGEST],
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONHASHSEED": "2"},
        capture_output=True,
        text=True,
        check=True,
    )

    assert elsewhere.stdout.strip() == here.hexdigest()


def test_seeds_meet_approvals_alerts_freezes_and_regions_that_differ() -> None:
    azures = list[Azure]()
    for seed in range(40):
        azures.append(Azure(lambda: 0.0, lambda *_: None, lambda: 0.0, lambda _: None))
        make_scenario(seed).build(azures[-1])
    deeds = {deed.kind for seed in range(40) for _, deed in make_scenario(seed).people}

    assert {"alert", "approve"} <= deeds
    assert any(azure.strategies["staged"].needs_approval for azure in azures)
    assert any("/" in azure.tags.get("auto-upgrade.freeze", "") for azure in azures)
    assert any(len({frozenset(offered) for offered in azure.offers.versions.values()}) > 1 for azure in azures)
    assert any("any" in azure.tags.get("auto-upgrade.regions", "") for azure in azures)


def test_seeds_differ_and_meet_faults() -> None:
    outcomes = [simulate(seed) for seed in (3, 4, 5, 6)]

    assert len({outcome.schedule for outcome in outcomes}) == 4
    assert any(outcome.faults for outcome in outcomes)
    assert any("dies" in line or "answer is lost" in line for outcome in outcomes for line in outcome.schedule)
