"""Chance from a seed, and the faults that it brings: each has a number, by which a schedule is shortened."""

from __future__ import annotations

import random
from collections.abc import Collection, Sequence
from typing import TypeVar

T = TypeVar("T")


class Chance:
    """Draws from a seed.

    Args:
        seed: the same gives the same draws.
        omitted: numbers of faults that do not happen, though they are drawn.
    """

    def __init__(self, seed: int, omitted: Collection[int] = ()) -> None:
        self._random = random.Random(seed)  # noqa: S311 - reproducible on purpose
        self._omitted = frozenset(omitted)
        self._count = 0
        self.happened: list[int] = []
        """The numbers of the faults that happened."""

    def fault(self, probability: float) -> bool:
        """Whether a fault happens now; it gets the next number."""
        if self._random.random() >= probability:
            return False
        self._count += 1
        if self._count in self._omitted:
            return False
        self.happened.append(self._count)
        return True

    def maybe(self, probability: float) -> bool:
        """Whether something happens that is no fault."""
        return self._random.random() < probability

    def one_of(self, choices: Sequence[T]) -> T:
        """One of the choices."""
        return choices[int(self._random.random() * len(choices))]

    def between(self, low: float, high: float) -> float:
        """A number in the range."""
        return low + self._random.random() * (high - low)

    def count(self, low: int, high: int) -> int:
        """A whole number, both ends included."""
        return low + int(self._random.random() * (high - low + 1))
