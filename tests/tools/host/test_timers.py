"""Timers under a clock that tests move."""

import threading
import time
from pathlib import Path

import pytest

from tests.tools.host.clock_server import ClockServer
from tests.tools.host.conftest import StartHost
from tests.tools.host.host_process import MASTER_KEY, PATIENCE_SECONDS, HostOptions, HostProcess, JsonObject


def under(clock: ClockServer, directory: Path, *more: str) -> HostOptions:
    values = {"SAMPLE_HOURLY": "0 0 * * * *", "AUTO_UPGRADE_CA_BUNDLE": str(clock.ca_bundle)}
    return HostOptions(directory, values=values, arguments=("--clock-url", clock.url, *more))


@pytest.fixture
def host(start_host: StartHost, clock: ClockServer, tmp_path: Path) -> HostProcess:
    return start_host(under(clock, tmp_path))


def runs(host: HostProcess) -> list[tuple[str, bool]]:
    """Every timer run so far: which, and whether it was past due."""
    return [(event["timer"], event["past_due"]) for event in host.events("timer")]


def test_a_timer_runs_when_the_clock_reaches_its_slot_and_not_before(host: HostProcess, clock: ClockServer) -> None:
    assert host.idle()["nextTimerAt"] == "2026-01-01T01:00:00Z"
    clock.move("2026-01-01T00:59:59Z")
    assert host.idle()["invocations"] == 0
    clock.move("2026-01-01T01:00:00Z")
    host.wait_for_event("timer")
    assert host.idle()["nextTimerAt"] == "2026-01-01T01:30:00Z"
    assert runs(host) == [("hourly", False)]


def test_idle_at_a_moment_runs_what_is_due_by_then_though_the_clock_is_behind(host: HostProcess) -> None:
    response = host.idle("2026-01-01T01:00:00Z")
    assert response == {
        "now": "2026-01-01T01:00:00Z",
        "nextTimerAt": "2026-01-01T01:30:00Z",
        "idle": True,
        "invocations": 1,
    }
    assert runs(host) == [("hourly", False)]


def test_due_timers_run_in_the_order_of_their_slots(host: HostProcess) -> None:
    host.idle("2026-01-01T01:45:00Z")
    assert runs(host) == [("hourly", False), ("daily", False)]


def test_slots_reached_one_by_one_run_one_by_one(host: HostProcess) -> None:
    for hour in (1, 2):
        host.idle(f"2026-01-01T0{hour}:00:00Z")
    assert [run for run in runs(host) if run[0] == "hourly"] == [("hourly", False)] * 2


def test_several_slots_in_one_jump_give_one_run_that_is_past_due(host: HostProcess) -> None:
    host.idle("2026-01-01T02:59:00Z")
    assert runs(host) == [("hourly", True), ("daily", False)]
    assert host.idle("2026-01-01T02:59:00Z")["nextTimerAt"] == "2026-01-01T03:00:00Z"


def test_the_same_moment_twice_runs_nothing_twice(host: HostProcess, clock: ClockServer) -> None:
    clock.move("2026-01-01T01:00:00Z")
    host.idle("2026-01-01T01:00:00Z")
    host.idle("2026-01-01T01:00:00Z")
    assert runs(host) == [("hourly", False)]


def test_a_function_gets_schedule_and_status_as_the_real_host_gives_them(host: HostProcess) -> None:
    host.idle("2026-01-01T01:00:00Z")
    host.idle("2026-01-01T02:00:00Z")
    hourly = [event for event in host.events("timer") if event["timer"] == "hourly"]
    assert hourly[0]["schedule"] == {"AdjustForDST": True}
    assert hourly[0]["status"] == {
        "Last": "0001-01-01T00:00:00+00:00",
        "Next": "2026-01-01T01:00:00+00:00",
        "LastUpdated": "2026-01-01T00:30:00+00:00",
    }
    assert hourly[1]["status"] == {
        "Last": "2026-01-01T01:00:00+00:00",
        "Next": "2026-01-01T02:00:00+00:00",
        "LastUpdated": "2026-01-01T01:00:00+00:00",
    }


def test_after_downtime_a_timer_runs_once_and_past_due(
    start_host: StartHost, clock: ClockServer, tmp_path: Path
) -> None:
    options = under(clock, tmp_path, "--timer-status", str(tmp_path / "timers.json"))
    start_host(options).stop()
    clock.move("2026-01-01T05:30:00Z")
    again = start_host(options)
    again.idle("2026-01-01T05:30:00Z")
    assert runs(again) == [("hourly", True), ("daily", True)]


def test_a_changed_schedule_forgets_what_was_missed(start_host: StartHost, clock: ClockServer, tmp_path: Path) -> None:
    options = under(clock, tmp_path, "--timer-status", str(tmp_path / "timers.json"))
    start_host(options).stop()
    clock.move("2026-01-01T01:10:00Z")
    options.values = {**options.values, "SAMPLE_HOURLY": "0 */30 * * * *"}
    again = start_host(options)
    assert again.idle("2026-01-01T01:10:00Z")["nextTimerAt"] == "2026-01-01T01:30:00Z"
    assert runs(again) == []


def test_a_timer_faster_than_a_minute_is_never_past_due(
    start_host: StartHost, clock: ClockServer, tmp_path: Path
) -> None:
    (tmp_path / "host.json").write_text('{"version": "2.0"}')
    (tmp_path / "function_app.py").write_text(
        "import logging\nimport azure.functions as func\napp = func.FunctionApp()\n"
        '@app.timer_trigger(arg_name="t", schedule="*/10 * * * * *")\n'
        "def fast(t: func.TimerRequest) -> None:\n"
        '    logging.info("", extra={"event_name": "fast", "late": t.past_due, "status": t.schedule_status})\n'
    )
    options = under(clock, tmp_path)
    options.app_dir = tmp_path
    host = start_host(options)
    assert host.idle("2026-01-01T00:45:00Z")["nextTimerAt"] == "2026-01-01T00:45:10Z"
    assert host.events("fast") == [{"event_name": "fast", "late": False, "status": {}}]


def test_idle_without_a_moment_says_when_the_clock_is_unavailable(host: HostProcess, clock: ClockServer) -> None:
    clock.close()
    response = host.http.get("/local/idle")
    assert (response.status_code, response.json()["error"]["code"]) == (503, "ClockUnavailable")


def test_a_timer_run_by_hand_runs_at_once_and_keeps_its_schedule(host: HostProcess) -> None:
    response = host.http.post("/admin/functions/hourly", headers={"x-functions-key": MASTER_KEY}, json={})
    assert response.status_code == 202
    host.wait_for_event("timer")
    assert host.idle()["nextTimerAt"] == "2026-01-01T01:00:00Z"


def test_idle_says_false_when_work_is_in_progress_at_its_deadline(host: HostProcess, tmp_path: Path) -> None:
    released = tmp_path / "released"
    slow = threading.Thread(target=lambda: host.http.get(f"/api/slow?seconds={PATIENCE_SECONDS}&until={released}"))
    slow.start()
    host.wait_for_event("slow")
    assert host.idle(timeout=0.05)["idle"] is False
    released.touch()
    began = time.monotonic()
    response: JsonObject = host.idle(timeout=PATIENCE_SECONDS)
    slow.join()
    assert response["idle"] is True
    assert time.monotonic() - began < PATIENCE_SECONDS / 2
