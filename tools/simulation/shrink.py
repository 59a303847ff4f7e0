"""Shortens a schedule that breaks a law: what happens in it besides, and does not matter, is removed."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tools.simulation.simulated import Outcome, simulate

MOST_TRIALS = 400


def shrink(found: Outcome, progress: Callable[[int], None] = lambda _: None) -> Outcome:
    """A shorter schedule of the same seed that breaks the same law.

    It removes faults and what people do, first in halves and then one by one, as long as the law stays broken. Without
    a fault everything after it may happen in another order, so the result is another schedule, not a part of this one.
    """
    if found.broken is None:
        return found
    omitted_faults: set[int] = set()
    omitted_people: set[int] = set()
    best, trials = found, 0

    def is_broken(faults: set[int], people: set[int]) -> bool:
        nonlocal best, trials
        trials += 1
        progress(trials)
        outcome = simulate(found.seed, faults, people)
        if outcome.broken is None or found.broken is None or outcome.broken.law != found.broken.law:
            return False
        best = outcome
        return True

    for part in _parts(range(found.people)):
        if trials < MOST_TRIALS and is_broken(omitted_faults, omitted_people | part):
            omitted_people |= part
    for part in _parts(found.faults):
        if trials < MOST_TRIALS and is_broken(omitted_faults | part, omitted_people):
            omitted_faults |= part
    return best


def _parts(numbers: Sequence[int]) -> list[set[int]]:
    """All, the halves, the quarters, and so on to single ones."""
    parts: list[set[int]] = []
    size = len(numbers)
    while size:
        parts += [set(numbers[first : first + size]) for first in range(0, len(numbers), size)]
        size //= 2
    return parts
