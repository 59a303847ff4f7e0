"""Goals of a measurement, each printed with what was seen and whether it was reached."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Goal:
    """What is measured, at most how much it may be, and what was seen."""

    what: str
    seen: float
    most: float
    unit: str
    decimals: int = 0

    @property
    def is_reached(self) -> bool:
        """Whether not more was seen."""
        return self.seen <= self.most

    def __str__(self) -> str:
        goal, seen = (f"{value:,.{self.decimals}f}" for value in (self.most, self.seen))
        return f"{self.what}: goal {goal} {self.unit}, seen {seen} {self.unit}, {'ok' if self.is_reached else 'missed'}"


def report(goals: Sequence[Goal]) -> int:
    """Print each goal, and how busy the machine was; 1 if one was missed."""
    for goal in goals:
        print(goal)
    print(f"load of the machine in the last minute: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    return 0 if all(goal.is_reached for goal in goals) else 1
