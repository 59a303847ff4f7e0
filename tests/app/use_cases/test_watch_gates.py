"""After an event about a gate its run is read: gates that wait for approval are reported, regardless of the event."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import timedelta

import pytest

from shared.core.model.run_progress import PendingGate, RunProgress
from shared.use_cases.act_on_profile import act_on_profile
from shared.use_cases.watch_gates import watch_gates
from tests.app.telemetry.emitted import Emitted
from tests.app.use_cases.scene import FLEET, NOW, PROFILE, UseCaseScene

STAGE_GATE = PendingGate("/gates/1", "go?", "canary", "", "Before", NOW - timedelta(hours=36))
GROUP_GATE = PendingGate("/gates/2", "done?", "canary", "first", "After", None)


@pytest.fixture
def emitted(caplog: pytest.LogCaptureFixture) -> Emitted:
    return Emitted(caplog)


def with_gates(*gates: PendingGate) -> UseCaseScene:
    scene = UseCaseScene()
    act_on_profile(scene.services, PROFILE)
    [run] = scene.azure.fleet.update_runs
    scene.azure.fleet = replace(scene.azure.fleet, update_runs=(replace(run, progress=RunProgress({}, gates)),))
    return scene


def test_each_gate_that_waits_is_reported_with_its_place_and_for_how_long(emitted: Emitted) -> None:
    scene = with_gates(STAGE_GATE, GROUP_GATE)
    [run] = scene.azure.fleet.update_runs

    assert watch_gates(scene.services, run.id) == 2

    of_both = {"fleet_id": str(FLEET), "run_id": str(run.id), "run": run.name, "stage": "canary"}
    assert emitted.properties("gate_pending") == [
        {
            **of_both,
            "gate_id": "/gates/1",
            "display_name": "go?",
            "group": "",
            "timing": "Before",
            "waiting_days": "1.5",
        },
        {
            **of_both,
            "gate_id": "/gates/2",
            "display_name": "done?",
            "group": "first",
            "timing": "After",
            "waiting_days": "0",
        },
    ]


def test_people_read_which_gate_waits_where(emitted: Emitted) -> None:
    scene = with_gates(STAGE_GATE, GROUP_GATE)
    [run] = scene.azure.fleet.update_runs

    watch_gates(scene.services, run.id)

    assert [record.getMessage() for record in emitted.records("gate_pending")] == [
        f"{run.id}: gate 'go?' before stage canary waits for approval",
        f"{run.id}: gate 'done?' after group first waits for approval",
    ]
    assert {record.levelno for record in emitted.records("gate_pending")} == {logging.INFO}


@pytest.mark.parametrize("name", ["", "missing"])
def test_a_run_without_waiting_gates_or_one_that_was_deleted_has_none(emitted: Emitted, name: str) -> None:
    scene = with_gates()
    [run] = scene.azure.fleet.update_runs

    assert watch_gates(scene.services, FLEET.child("updateRuns", name or run.name)) == 0
    assert emitted.properties("gate_pending") == []


def test_a_scheduled_gate_waits_for_no_ones_approval(emitted: Emitted) -> None:
    opens_at = NOW + timedelta(days=2)
    scene = with_gates(replace(STAGE_GATE, is_scheduled=True, opens_at=opens_at))
    [run] = scene.azure.fleet.update_runs

    assert watch_gates(scene.services, run.id) == 0

    assert emitted.properties("gate_pending") == []
    [scheduled] = emitted.properties("gate_scheduled")
    assert (scheduled["opens_at"], scheduled["waiting_days"]) == (opens_at.isoformat(), "0")
