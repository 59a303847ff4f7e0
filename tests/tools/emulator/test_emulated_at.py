"""The emulated time at a moment of the machine's: whenever time was moved, or its rate changed, in between."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tools.emulator import clock as module
from tools.emulator.clock import SimulatedClock

MACHINE = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
START = datetime(2025, 1, 18, tzinfo=UTC)
SECOND, HOUR, DAY = timedelta(seconds=1), timedelta(hours=1), timedelta(days=1)


class MachineTime:
    """The machine's clock, which a test moves."""

    def __init__(self) -> None:
        self.now = MACHINE

    def time(self) -> float:
        return self.now.timestamp()

    def monotonic(self) -> float:
        return (self.now - MACHINE).total_seconds()


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> MachineTime:
    machine = MachineTime()
    monkeypatch.setattr(module, "time", machine)
    return machine


def test_while_time_stands_every_moment_is_the_same(machine: MachineTime) -> None:
    clock = SimulatedClock(START)

    assert clock.emulated_at(MACHINE + HOUR) == START


def test_before_the_start_it_is_that_of_the_start(machine: MachineTime) -> None:
    assert SimulatedClock(START, 60.0).emulated_at(MACHINE - HOUR) == START


def test_what_was_reported_before_time_was_moved_keeps_its_time(machine: MachineTime) -> None:
    clock = SimulatedClock(START)
    machine.now += 10 * SECOND
    clock.advance(START + DAY)
    machine.now += 10 * SECOND
    clock.advance(START + 2 * DAY)

    moments = [MACHINE + seconds * SECOND for seconds in (0, 9, 10, 19, 20, 99)]
    assert [clock.emulated_at(moment) - START for moment in moments] == [0 * DAY, 0 * DAY, DAY, DAY, 2 * DAY, 2 * DAY]


def test_what_happens_on_the_way_has_its_own_time(machine: MachineTime) -> None:
    clock = SimulatedClock(START)

    def take_a_second() -> None:
        machine.now += SECOND

    clock.schedule(START + HOUR, take_a_second)
    clock.advance(START + DAY)

    assert clock.emulated_at(MACHINE) == START + HOUR
    assert clock.emulated_at(MACHINE + SECOND) == START + DAY


def test_at_a_rate_it_runs_along_with_the_machine(machine: MachineTime) -> None:
    clock = SimulatedClock(START, 60.0)
    machine.now += HOUR

    assert clock.emulated_at(MACHINE + 30 * SECOND) == START + timedelta(minutes=30)
    assert clock.emulated_at(machine.now) == clock.now()


def test_a_rate_counts_from_when_it_was_set(machine: MachineTime) -> None:
    """The emulator is put together with time standing still, which takes a while; then it runs."""
    clock = SimulatedClock(START)
    machine.now += 10 * SECOND
    clock.set_rate(60.0)
    machine.now += 10 * SECOND

    assert clock.emulated_at(MACHINE + 5 * SECOND) == START
    assert clock.emulated_at(machine.now) == clock.now() == START + timedelta(minutes=10)


def test_a_rate_that_was_taken_back_at_once_never_counted(machine: MachineTime) -> None:
    clock = SimulatedClock(START, 60.0)
    clock.set_rate(0.0)
    machine.now += HOUR

    assert clock.emulated_at(machine.now) == clock.now() == START


def test_what_was_reported_at_another_rate_keeps_its_time(machine: MachineTime) -> None:
    clock = SimulatedClock(START, 60.0)
    machine.now += 10 * SECOND
    clock.set_rate(0.0)
    machine.now += 10 * SECOND
    clock.set_rate(3600.0)
    machine.now += 10 * SECOND

    moments = [MACHINE + seconds * SECOND for seconds in (5, 10, 15, 25)]
    assert [clock.emulated_at(moment) - START for moment in moments] == [
        timedelta(minutes=5),
        timedelta(minutes=10),
        timedelta(minutes=10),
        timedelta(hours=5, minutes=10),
    ]


def test_it_never_passes_what_has_not_happened_yet(machine: MachineTime) -> None:
    """The time that the app reads: an action that runs late sees the time it was scheduled for."""
    clock = SimulatedClock(START, 60.0)
    clock.schedule(START + timedelta(minutes=10), lambda: None)
    machine.now += 15 * SECOND
    assert clock.emulated_at(machine.now) == clock.now() == START + timedelta(minutes=10)

    clock.advance(START + timedelta(minutes=10))
    machine.now += 5 * SECOND

    assert clock.emulated_at(MACHINE + 12 * SECOND) == START + timedelta(minutes=10)
    assert clock.emulated_at(machine.now) == clock.now() == START + timedelta(minutes=15)
