"""A call of the app to Azure: time passes, and it may fail, be lost on either way, or be the last of its process."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from tools.simulation.chance import Chance
from tools.simulation.scheduler import Process, ProcessStopped, Scheduler
from tools.simulation.world.model import Refused

T = TypeVar("T")

LONGEST_CALL = 60.0
"""Seconds that a request may be on its way before Azure carries it out."""
LONGEST_FREEZE = 420.0
"""Seconds that a process may stand still after a response; less than the limit of an invocation."""
LIMIT = 600.0
"""Seconds after which the Functions host ends an invocation, and with it the process (host.json)."""


class Unavailable(Exception):  # noqa: N818 - what the SDK raises; no error of the simulation
    """There was no response; the request may have been carried out."""


@dataclass
class Faults:
    """How likely each fault is at one call. None is while `is_on` is false."""

    crash: float = 0.0
    failure: float = 0.0
    throttling: float = 0.0
    lost_answer: float = 0.0
    slow: float = 0.0
    freeze: float = 0.0
    is_on: bool = True


@dataclass
class Calls:
    """Makes calls for the process that runs."""

    scheduler: Scheduler
    chance: Chance
    faults: Faults
    log: Callable[[str], None]
    on_crash: Callable[[Process], None] = field(default=lambda _: None)
    made: int = 0

    def make(self, what: str, operation: Callable[[], T], *, writes: bool = False) -> T:
        """Carry out the operation at some moment, and return its result at a later one.

        Raises:
            Refused: Azure refuses it, or throttles the app.
            Unavailable: there was no response.
            ProcessStopped: the process ends here.
        """
        self.made += 1
        self._wait(self._draw("slow", LONGEST_CALL))
        self._check_limit(what)
        if self._fault("crash"):
            self._crash(f"{what}: the process dies before it")
        if self._fault("failure"):
            self.log(f"{what}: fails, not carried out")
            raise Unavailable(what)
        if self._fault("throttling"):
            self.log(f"{what}: 429")
            raise Refused(429, "TooManyRequests", "Too many requests")
        try:
            result = self._answered(what, operation, writes=writes)
        except Refused as refusal:
            if writes:
                self.log(f"{what}: {refusal.status} {refusal.code}")
            self._come_back(what)
            raise
        if writes:
            self.log(what)
        self._come_back(what)
        return result

    def _answered(self, what: str, operation: Callable[[], T], *, writes: bool) -> T:
        result = operation()
        if not writes or not self._fault("lost_answer"):
            return result
        if self.chance.maybe(0.5):
            self.log(f"{what}: carried out, the answer is lost, and the library sends it again")
            return operation()
        self.log(f"{what}: carried out, and the answer is lost")
        raise Unavailable(what)

    def _come_back(self, what: str) -> None:
        self._wait(self._draw("freeze", LONGEST_FREEZE))
        if self._fault("crash"):
            self._crash(f"{what}: the process dies after it")

    def _wait(self, seconds: float) -> None:
        if seconds > 0:
            self.scheduler.pause(seconds)

    def _draw(self, slowness: str, longest: float) -> float:
        if self._fault(slowness):
            return self.chance.between(1.0, longest)
        return self.chance.between(0.02, 0.4) if slowness == "slow" else 0.0

    def _fault(self, kind: str) -> bool:
        return self.faults.is_on and self.chance.fault(float(getattr(self.faults, kind)))

    def _check_limit(self, what: str) -> None:
        process = self.scheduler.current
        if process is not None and self.scheduler.now - process.began_at > LIMIT:
            self._crash(f"{what}: the host ends the process, which ran for too long, before it")

    def _crash(self, why: str) -> None:
        process = self.scheduler.current
        self.log(why)
        if process is not None:
            self.on_crash(process)
        raise ProcessStopped
