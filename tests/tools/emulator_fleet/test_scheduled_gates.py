"""Gates of type ScheduledStart: they complete at their time, without anyone's approval."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import cast

import pytest

from tests.tools.emulator_fleet.fleet_lab import (
    CONTROL_PLANE,
    FLEET,
    POOL,
    PREVIEW,
    FleetLab,
    JsonObject,
    a_run,
    a_stage,
)
from tools.emulator.update_runs.scheduled_start import ScheduledStart
from tools.json_value import Json

SCHEDULE: JsonObject = {"startDay": "Wednesday", "startTime": "01:30", "utcOffset": "+02:00"}
GATES: list[Json] = [{"displayName": "night", "type": "ScheduledStart", "scheduledStartConfiguration": SCHEDULE}]
OPENS = datetime(2026, 1, 6, 23, 30, tzinfo=UTC)
"""The first such time after the laboratory's start, a Monday."""


@pytest.fixture
def lab() -> FleetLab:
    lab = FleetLab("one")
    lab.put("/updateRuns/run", a_run(strategy={"stages": [a_stage("s", "one", beforeGates=GATES)]}), api=PREVIEW)
    lab.start()
    return lab


def gate(lab: FleetLab, api: str = PREVIEW) -> JsonObject:
    [found] = lab.http.get(f"{FLEET}/gates?{api}").json()["value"]
    return cast("JsonObject", found)


def properties(lab: FleetLab, api: str = PREVIEW) -> JsonObject:
    return cast("JsonObject", gate(lab, api)["properties"])


def changes(lab: FleetLab) -> list[JsonObject]:
    """Of gates, as the journal has them."""
    return [entry for entry in lab.journal.after(0) if entry["kind"] == "gateState"]


def test_a_run_pends_at_a_scheduled_gate_until_its_time_and_continues_by_itself(lab: FleetLab) -> None:
    assert (lab.state(), lab.states()) == ("Pending", {"one": "NotStarted"})
    assert properties(lab)["scheduledStartProperties"] == {**SCHEDULE, "absoluteStartTime": "2026-01-06T23:30:00Z"}
    assert (properties(lab)["gateType"], properties(lab)["state"]) == ("ScheduledStart", "Pending")

    lab.clock.advance(OPENS.replace(minute=29))
    assert lab.state() == "Pending"
    lab.clock.advance(OPENS)
    assert (lab.state(), lab.states()) == ("Running", {"one": "Running"})
    assert properties(lab)["state"] == "Completed"
    lab.pass_minutes(CONTROL_PLANE + POOL)
    assert lab.state() == "Completed"


def test_a_gate_that_is_approved_skipped_or_deleted_before_its_time_is_over(lab: FleetLab) -> None:
    response = lab.send("PATCH", f"/gates/{gate(lab)['name']}", {"properties": {"state": "Completed"}}, api=PREVIEW)
    assert response.status_code == 200, response.text
    assert lab.state() == "Running"
    approved = changes(lab)
    lab.clock.advance(OPENS)
    assert changes(lab) == approved

    lab.put("/updateRuns/other", a_run(strategy={"stages": [a_stage("s", "one", beforeGates=GATES)]}), api=PREVIEW)
    lab.start("other")
    assert lab.send("DELETE", "/updateRuns/other").status_code == 200
    lab.pass_minutes(8 * 24 * 60)
    assert changes(lab) == approved


def test_a_stopped_run_continues_when_it_is_started_again_after_the_time(lab: FleetLab) -> None:
    assert lab.send("POST", "/updateRuns/run/stop").status_code == 200
    lab.clock.advance(OPENS)
    assert (lab.state(), lab.states()) == ("Stopped", {"one": "NotStarted"})
    lab.start()
    assert lab.states() == {"one": "Running"}


def test_the_schedule_is_shown_in_the_preview_only(lab: FleetLab) -> None:
    shown = properties(lab, "api-version=2026-06-01")

    assert (shown["gateType"], "scheduledStartProperties" in shown) == ("ScheduledStart", False)
    assert "scheduledStartConfiguration" not in str(lab.run())


@pytest.mark.parametrize(
    ("day", "time", "offset", "starts"),
    [
        ("Monday", "12:00", "+00:00", datetime(2026, 1, 5, 12, 0, tzinfo=UTC)),
        ("Monday", "11:59", "+00:00", datetime(2026, 1, 12, 11, 59, tzinfo=UTC)),
        ("Sunday", "23:00", "-02:00", datetime(2026, 1, 12, 1, 0, tzinfo=UTC)),
        ("Tuesday", "00:00", "+14:00", datetime(2026, 1, 12, 10, 0, tzinfo=UTC)),
        ("Tuesday", "02:00", "+14:00", datetime(2026, 1, 5, 12, 0, tzinfo=UTC)),
    ],
)
def test_the_next_start_is_the_first_one_in_its_zone(day: str, time: str, offset: str, starts: datetime) -> None:
    start = ScheduledStart({"startDay": day, "startTime": time, "utcOffset": offset})

    assert start.next_from(datetime(2026, 1, 5, 12, 0, tzinfo=UTC)) == starts
