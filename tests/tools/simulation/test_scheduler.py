"""Exactly one process runs at a time, in the order of their times, and each can be ended anywhere."""

from __future__ import annotations

import pytest

from tools.simulation.scheduler import Process, ProcessStopped, Scheduler


def test_processes_take_turns_in_the_order_of_their_times() -> None:
    scheduler, seen = Scheduler(), list[str]()

    def work(name: str, *pauses: float) -> None:
        for pause in pauses:
            scheduler.pause(pause)
            seen.append(f"{name} at {scheduler.now:g}")

    scheduler.at(0, lambda: scheduler.start(Process("a", None, 0), lambda: work("a", 2, 2, 2)))
    scheduler.at(1, lambda: scheduler.start(Process("b", None, 1), lambda: work("b", 2, 2)))
    scheduler.at(5.5, lambda: seen.append("the world at 5.5"))
    scheduler.run_until(10)

    assert seen == ["a at 2", "b at 3", "a at 4", "b at 5", "the world at 5.5", "a at 6"]
    assert scheduler.now == 10
    assert scheduler.processes == []


def test_a_stopped_process_ends_at_its_pause_although_it_catches_exceptions() -> None:
    scheduler, seen = Scheduler(), list[str]()

    def work() -> None:
        try:
            scheduler.pause(1)
        except Exception:  # noqa: BLE001 - as an app may
            seen.append("caught")
        seen.append("went on")

    process = Process("a", None, 0)
    scheduler.at(0, lambda: scheduler.start(process, work))
    scheduler.at(0.5, lambda: setattr(process, "is_stopped", True))
    scheduler.run_until(2)

    assert (seen, process.is_over, process.error) == ([], True, None)


def test_an_error_of_a_process_is_kept() -> None:
    scheduler, process = Scheduler(), Process("a", None, 0)

    def work() -> None:
        raise ValueError("wrong")

    scheduler.at(0, lambda: scheduler.start(process, work))
    scheduler.run_until(1)

    assert isinstance(process.error, ValueError)


def test_all_processes_can_be_ended_also_one_that_pauses_again() -> None:
    scheduler, seen = Scheduler(), list[str]()

    def work() -> None:
        try:
            scheduler.pause(100)
        finally:
            seen.append("stopped")
            with pytest.raises(ProcessStopped):
                scheduler.pause(1)

    scheduler.at(0, lambda: scheduler.start(Process("a", None, 0), work))
    scheduler.run_until(1)
    scheduler.stop_all()

    assert (seen, scheduler.processes) == (["stopped"], [])
