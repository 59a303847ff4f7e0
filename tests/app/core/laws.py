"""Checks a law on the same situations as every other law: a thousand of them, in `./dev test --quick` fewer.

Hypothesis takes twenty times as long to draw a situation as the core takes to decide it. So they are drawn by Python's
random numbers, once; a law that fails on one of them is handed to Hypothesis, which looks for a smaller one.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from functools import cache, update_wrapper

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.core.facts import Facts
from tests.app.core.situations import a_situation

SITUATIONS_FOR_AN_EXAMPLE = 10
"""To draw one costs a tenth of what an example of Hypothesis does."""

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
    return pytest.mark.law(test)


def _name_after(check: Callable[..., None], function: Callable[..., None]) -> None:
    """Name the function as the check is, but keep its own parameters: pytest and Hypothesis read them."""
    update_wrapper(function, check)
    del function.__wrapped__  # type: ignore[attr-defined] # update_wrapper has just set it


@cache
def drawn_situations() -> Sequence[Facts]:
    """The situations; the same ones every time, as long as what draws them stays the same."""
    return [a_situation(random.Random(number).choice) for number in range(_number())]


def _number() -> int:
    return SITUATIONS_FOR_AN_EXAMPLE * settings().max_examples


@st.composite
def situations(draw: st.DrawFn) -> Facts:
    """Situations that Hypothesis can reduce."""
    return a_situation(lambda values: draw(st.sampled_from(values)))


def _find_smaller(check: CheckWithChance) -> None:
    """Fail with the smallest situation that Hypothesis finds; it may find none, as it draws others."""
    examples = settings(derandomize=True, database=None, deadline=None, max_examples=_number())
    examples(given(situations(), st.randoms(use_true_random=False))(check))()
