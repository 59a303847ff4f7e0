"""What a command that has ended leaves: the same for a program, a fork, and a call in the tests' own process."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Done:
    """What a command printed, and its exit code."""

    returncode: int | None
    stdout: str
    stderr: str
