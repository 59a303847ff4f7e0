"""The emulated time in a file: never behind what the emulator says."""

from __future__ import annotations

import asyncio
import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.tools.emulator.builders import MONDAY
from tools.emulator.changes import Changes
from tools.emulator.clock_file import ClockFile
from tools.emulator.ticker import RunningClock, keep_time


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "clock.json"


def time_in(file: Path) -> datetime:
    return datetime.fromisoformat(json.loads(file.read_text())["now"])


def test_the_file_has_the_time_from_the_start_and_after_each_move(file: Path) -> None:
    clock = RunningClock(MONDAY, 0.0, Changes())
    ClockFile(file, clock)
    assert time_in(file) == MONDAY

    clock.advance(MONDAY + timedelta(hours=1))
    assert time_in(file) == MONDAY + timedelta(hours=1)


def test_while_scheduled_actions_are_in_progress_the_file_has_the_time_before_as_a_request_would_wait(
    file: Path,
) -> None:
    clock = RunningClock(MONDAY, 0.0, Changes())
    ClockFile(file, clock)
    seen: list[datetime] = []
    clock.schedule(MONDAY + timedelta(hours=1), lambda: seen.append(clock.now()))
    clock.schedule(MONDAY + timedelta(hours=1), lambda: seen.append(time_in(file)))

    clock.advance(MONDAY + timedelta(hours=2))

    assert seen == [MONDAY + timedelta(hours=1), MONDAY]
    assert time_in(file) == MONDAY + timedelta(hours=2)


def test_at_a_rate_the_file_has_every_time_that_is_read_and_goes_on_when_none_is(file: Path) -> None:
    async def run() -> None:
        changes = Changes()
        clock = RunningClock(MONDAY, 0.0, changes)
        kept = ClockFile(file, clock)
        tasks = [asyncio.create_task(keep_time(clock, changes)), asyncio.create_task(kept.keep(changes))]
        clock.set_rate(1000.0)
        now = clock.now()
        assert time_in(file) == now
        while time_in(file) <= now + timedelta(seconds=100):
            await asyncio.sleep(0)
        for task in tasks:
            task.cancel()

    asyncio.run(asyncio.wait_for(run(), 10))
