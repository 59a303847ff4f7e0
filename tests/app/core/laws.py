"""Checks a law on the same thousand situations as every other law.

Drawing a situation takes twenty times as long as deciding it. So they are drawn once, and a law that fails on one of
them is handed to Hypothesis, which looks for a smaller situation that shows the same.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from functools import cache, update_wrapper

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from shared.core.facts import Facts
from tests.app.core.situations import situations

SITUATIONS = 1000

Check = Callable[[Facts], None]
"""Raises an error if the law does not hold in the situation."""

CheckWithChance = Callable[[Facts, random.Random], None]
"""The same, where what else the law speaks of is drawn from the random numbers."""


def law(check: Check) -> Callable[[], None]:
    """A test that the check holds in all situations."""

    def with_chance(situation: Facts, _: random.Random) -> None:
        check(situation)

    _name_after(check, with_chance)
    return law_with_chance(with_chance)


def law_with_chance(check: CheckWithChance) -> Callable[[], None]:
    """A test that the check holds in all situations; each has its own random numbers."""

    def test() -> None:
        for number, situation in enumerate(drawn_situations()):
            try:
                check(situation, random.Random(number))
            except Exception:
                _find_smaller(check)
                raise

    _name_after(check, test)
    return test


def _name_after(check: Callable[..., None], function: Callable[..., None]) -> None:
    """Name the function as the check is, but keep its own parameters: pytest and Hypothesis read them."""
    update_wrapper(function, check)
    del function.__wrapped__  # type: ignore[attr-defined] # update_wrapper has just set it


@cache
def drawn_situations() -> Sequence[Facts]:
    """The situations; the same ones every time, as long as what draws them stays the same."""
    drawn: list[Facts] = []

    def draw(situation: Facts) -> None:
        drawn.append(situation)

    _examples(Phase.generate)(given(situations())(draw))()
    return drawn


def _find_smaller(check: CheckWithChance) -> None:
    """Fail with the smallest situation that Hypothesis finds; it may find none, as it draws others."""
    _examples(Phase.generate, Phase.shrink)(given(situations(), st.randoms(use_true_random=False))(check))()


def _examples(*phases: Phase) -> settings:
    return settings(
        derandomize=True,
        database=None,
        deadline=None,
        max_examples=SITUATIONS,
        phases=phases,
        suppress_health_check=[HealthCheck.too_slow],
    )
