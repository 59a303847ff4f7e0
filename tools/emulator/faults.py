"""Requests that meet a fault, or are late."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tools.emulator.connection import abort, drain
from tools.emulator.request_fault import RequestFault
from tools.json_value import Json

CONTROL_PREFIX: Final = "/emulator/"
"""Paths of the control plane: no fault meets them."""


@dataclass
class _Armed:
    """A fault, and how many requests are still to meet it; None: all of them."""

    fault: RequestFault
    times: int | None

    def meets(self, method: str, path: str) -> bool:
        fits_method = self.fault.method in ("*", method)
        return fits_method and re.search(self.fault.path, path, re.IGNORECASE) is not None


class Faults:
    """ASGI middleware. A request meets the first fault that fits and is not used up yet; see `RequestFault`.

    Args:
        app: the service.
        latency_seconds: how late every response is, besides the faults that a request meets.
    """

    def __init__(self, app: ASGIApp, latency_seconds: float = 0.0) -> None:
        self._app = app
        self._latency_seconds = latency_seconds
        self._armed: list[_Armed] = []

    def replace(self, faults: Iterable[RequestFault]) -> None:
        """Take new faults in place of the present ones."""
        self._armed = [_Armed(fault, fault.times) for fault in faults]

    def remaining(self) -> list[Json]:
        """The faults that requests can still meet, as they were given, with `times` as it is now."""
        return [
            {
                **armed.fault.model_dump(by_alias=True, exclude_unset=True),
                "method": armed.fault.method,
                "times": armed.times,
            }
            for armed in self._armed
        ]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request."""
        meets = scope["type"] == "http" and not str(scope["path"]).startswith(CONTROL_PREFIX)
        if meets and self._latency_seconds:
            await asyncio.sleep(self._latency_seconds)
        fault = self._take(scope) if meets else None
        if fault is None:
            await self._app(scope, receive, send)
        elif fault.action == "status":
            await drain(receive)
            await _respond(fault, send)
        elif fault.action == "delay":
            await asyncio.sleep(fault.milliseconds / 1000)
            await self._app(scope, receive, send)
        elif fault.action == "dropConnection":
            await abort(scope, receive)
        else:
            await self._app(scope, receive, _nowhere)
            await abort(scope, receive)

    def _take(self, scope: Scope) -> RequestFault | None:
        for armed in self._armed:
            if armed.meets(str(scope["method"]), str(scope["path"])):
                self._use_up(armed)
                return armed.fault
        return None

    def _use_up(self, armed: _Armed) -> None:
        if armed.times is not None:
            armed.times -= 1
            if armed.times == 0:
                self._armed.remove(armed)


async def _respond(fault: RequestFault, send: Send) -> None:
    content = b"" if fault.body is None else json.dumps(fault.body).encode()
    headers = {
        "content-type": "application/json; charset=utf-8",
        "content-length": str(len(content)),
        **{name.lower(): value for name, value in (fault.headers or {}).items()},
    }
    await send(
        {
            "type": "http.response.start",
            "status": fault.status,
            "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
        }
    )
    await send({"type": "http.response.body", "body": content})


async def _nowhere(_: Message) -> None:
    """Where a lost response goes."""
