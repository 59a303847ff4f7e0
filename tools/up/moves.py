"""Moves the time of a running stack."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from tools.demo.conductor import play
from tools.demo.narrator import Narrator
from tools.stack.control import EmulatorControl, HostControl, as_text, as_time
from tools.up.follower import Follower
from tools.up.turn import only_one


class MoveError(Exception):
    """Time cannot be moved there; the message says why."""


@dataclass(frozen=True, slots=True)
class Move:
    """Where time is to go, and how fast it is to run from there; None leaves the speed as it was."""

    to: datetime | None = None
    next_release: bool = False
    speed: float | None = None


@dataclass(frozen=True, slots=True)
class TimeMachine:
    """A stack whose time can be moved; what happens on the way is printed to standard error."""

    emulator: EmulatorControl
    host: HostControl
    host_log: Path

    def move(self, move: Move) -> None:
        """Move.

        Raises:
            MoveError: the time has passed, or there is no release left.
            BusyError: another command is moving it.
            StackError: the app did not come to rest.
        """
        if move.to is not None or move.next_release:
            with only_one("time", "another command is moving time"), self._standing_still():
                self._play(move)
        if move.speed is not None:
            self.emulator.set_rate(move.speed)

    def _play(self, move: Move) -> None:
        now, until = self.emulator.clock().now, move.to or as_time(self.emulator.state()["timelineEnd"])
        if until < now or (move.next_release and until == now):
            if move.next_release:
                raise MoveError(f"no release is left: the last one reached its last region at {as_text(until)}")
            raise MoveError(f"time does not go back: it is {as_text(now)}")
        with Narrator(None, now, until, for_machines=True) as narrator:
            follower = Follower(self.emulator, self.host_log, narrator)
            play(
                self.emulator,
                self.host,
                until,
                follower.step,
                is_enough=lambda: move.next_release and follower.has_seen_release,
            )

    @contextlib.contextmanager
    def _standing_still(self) -> Iterator[None]:
        """Stop time that runs while it is moved; afterwards it runs again at the same rate."""
        rate = self.emulator.clock().rate
        self.emulator.set_rate(0.0)
        try:
            yield
        finally:
            self.emulator.set_rate(rate)
