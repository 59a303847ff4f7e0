"""``GET /local/idle``: a client that moves the clock waits here until all work that follows is done."""

import asyncio
import math
from datetime import datetime

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from tools.host.errors import ClockError
from tools.host.instants import from_iso, to_iso
from tools.host.invocations import Invoker
from tools.host.queues import Queues
from tools.host.timers import Timers

_DEFAULT_SECONDS = 30.0
_MOST_SECONDS = 600.0


class Idle:
    """Responds when every timer that is due has run, no queue has a visible message, and nothing is in progress."""

    def __init__(self, timers: Timers, queues: Queues, invoker: Invoker) -> None:
        self._timers = timers
        self._queues = queues
        self._invoker = invoker
        self._runs: set[asyncio.Task[None]] = set()

    async def handle(self, request: Request) -> Response:
        """``?at=ISO`` says that time has come that far; default: the clock's time. ``&timeout=SECONDS``.

        ``&senders=functions``: no one but this host's functions has sent messages since the queues were last polled, so
        that they are polled only if a function has run since.
        """
        try:
            given = request.query_params.get("at")
            at = from_iso(given) if given else await self._timers.now()
            seconds = _seconds(request.query_params.get("timeout"))
            others_send = _others_send(request.query_params.get("senders"))
        except ValueError as error:
            return JSONResponse({"error": {"code": "BadRequest", "message": str(error)}}, 400)
        except ClockError as error:
            return JSONResponse({"error": {"code": "ClockUnavailable", "message": str(error)}}, 503)
        if others_send:
            self._queues.suspect()
        # Not cancelled at the deadline: what has begun continues, the caller repeats the request.
        run = asyncio.create_task(self._settle(at))
        self._runs.add(run)
        run.add_done_callback(self._runs.discard)
        await asyncio.wait({run}, timeout=seconds)
        next_at = min((moment for moment in (self._timers.next_at, self._queues.next_at) if moment), default=None)
        return JSONResponse(
            {
                "now": to_iso(at),
                "nextTimerAt": to_iso(next_at) if next_at else None,
                "idle": run.done() and self._invoker.is_idle,
                "invocations": self._invoker.count,
            }
        )

    async def _settle(self, at: datetime) -> None:
        await self._timers.run_due(at)
        await self._invoker.wait_idle()
        # messages may also be received by a poll that was in progress: then the host is not idle, though none is left
        while await self._queues.receive(at) or not self._invoker.is_idle:
            await self._invoker.wait_idle()


def _others_send(text: str | None) -> bool:
    if text not in (None, "functions"):
        raise ValueError("senders must be functions, or not be given")
    return text is None


def _seconds(text: str | None) -> float:
    seconds = float(text) if text else _DEFAULT_SECONDS
    if not math.isfinite(seconds) or not 0 <= seconds <= _MOST_SECONDS:
        raise ValueError(f"timeout must be a number of seconds from 0 to {_MOST_SECONDS:.0f}")
    return seconds
