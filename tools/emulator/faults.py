"""Requests that meet a fault, to order, or are late."""

from __future__ import annotations

import asyncio
import json
import re
from typing import Final, cast

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tools.emulator.connection import abort, drain
from tools.emulator.documents import check
from tools.emulator.fault_schema import REQUEST_FAULT
from tools.json_value import Json

_SCHEMA: Final[dict[str, Json]] = {
    "type": "object",
    "properties": {"faults": {"type": "array", "items": REQUEST_FAULT}},
    "required": ["faults"],
    "additionalProperties": False,
}
CONTROL_PREFIX: Final = "/emulator/"
"""Paths of the control plane: no fault meets them."""


class Faults:
    """ASGI middleware. A request meets the first fault that fits and is not used up yet.

    `status` answers instead of the service; `delay` waits first; `dropConnection` breaks the connection off before
    anything is done, `lostAnswer` after everything is done. A fault whose `times` is null is never used up.

    Args:
        app: the service.
        latency_seconds: what every request is late, whatever else it meets.
    """

    def __init__(self, app: ASGIApp, latency_seconds: float = 0.0) -> None:
        self._app = app
        self._latency_seconds = latency_seconds
        self._faults: list[dict[str, Json]] = []

    def replace(self, content: Json) -> None:
        """Take new faults in place of the present ones.

        Raises:
            DocumentError: the body of the control route is not right.
            re.error: a path is not a regular expression.
        """
        check(content, _SCHEMA, "faults")
        faults = cast("dict[str, list[dict[str, Json]]]", content)["faults"]
        for fault in faults:
            re.compile(str(fault["path"]))
        self._faults = [{"method": "*", "times": 1, **fault} for fault in faults]

    def left(self) -> list[dict[str, Json]]:
        """The faults still to come, in the form they were given, with `times` as it is now."""
        return [dict(fault) for fault in self._faults]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request."""
        meets = scope["type"] == "http" and not str(scope["path"]).startswith(CONTROL_PREFIX)
        if meets and self._latency_seconds:
            await asyncio.sleep(self._latency_seconds)
        fault = self._take(scope) if meets else None
        if fault is None:
            await self._app(scope, receive, send)
        elif fault["action"] == "status":
            await drain(receive)
            await _answer(fault, send)
        elif fault["action"] == "delay":
            await asyncio.sleep(cast("int", fault.get("milliseconds", 0)) / 1000)
            await self._app(scope, receive, send)
        elif fault["action"] == "dropConnection":
            await abort(scope, receive)
        else:
            await self._app(scope, receive, _nowhere)
            await abort(scope, receive)

    def _take(self, scope: Scope) -> dict[str, Json] | None:
        for fault in self._faults:
            method = str(fault["method"])
            if method in ("*", scope["method"]) and re.search(str(fault["path"]), str(scope["path"]), re.IGNORECASE):
                self._use_up(fault)
                return fault
        return None

    def _use_up(self, fault: dict[str, Json]) -> None:
        times = fault["times"]
        if isinstance(times, int):
            fault["times"] = times - 1
            if times == 1:
                self._faults.remove(fault)


async def _answer(fault: dict[str, Json], send: Send) -> None:
    body = fault.get("body")
    content = b"" if body is None else json.dumps(body).encode()
    headers = {
        "content-type": "application/json; charset=utf-8",
        "content-length": str(len(content)),
        **{name.lower(): value for name, value in cast("dict[str, str]", fault.get("headers") or {}).items()},
    }
    await send(
        {
            "type": "http.response.start",
            "status": fault["status"],
            "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
        }
    )
    await send({"type": "http.response.body", "body": content})


async def _nowhere(_: Message) -> None:
    """Where a lost answer goes."""
