"""The options of `./dev up` and `./dev time` that move time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

import click

from tools.arguments import MOMENT, SPEED
from tools.up.options import Move

_F = TypeVar("_F", bound=Callable[..., object])


def moves(command: _F) -> _F:
    """Give a command the options."""
    speed = click.option("--speed", type=SPEED, help="Then let time run: 1h/s, 30m/s, 1d/s or 60; 0 stops it.")
    release = click.option("--next-release", is_flag=True, help="Move time to the next release in any region.")
    to = click.option("--to", type=MOMENT, help="Move time to a date, or a time in ISO 8601.")
    return to(release(speed(command)))


def move_of(to: datetime | None, speed: float | None, *, next_release: bool) -> Move:
    """What the options ask for.

    Raises:
        click.UsageError: they contradict each other.
    """
    if to is not None and next_release:
        raise click.UsageError("--next-release cannot be combined with --to")
    return Move(to, next_release, speed)
