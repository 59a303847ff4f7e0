"""Requests that meet a fault, to order."""

from __future__ import annotations

import asyncio
import json
import re
from typing import Final, cast

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from emulator.connection import abort
from emulator.documents import check
from emulator.json_value import Json

_SCHEMA: Final[dict[str, Json]] = {
    "type": "object",
    "properties": {
        "faults": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "method": {"type": "string"},
                    "path": {"type": "string", "format": "regex"},
                    "times": {"type": "integer", "minimum": 1},
                    "action": {"enum": ["status", "lostAnswer", "delay", "dropConnection"]},
                    "status": {"type": "integer", "minimum": 100, "maximum": 599},
                    "headers": {"type": "object", "additionalProperties": {"type": "string"}},
                    "body": {},
                    "milliseconds": {"type": "integer", "minimum": 0},
                },
                "required": ["path", "action"],
                "additionalProperties": False,
                "if": {"properties": {"action": {"const": "status"}}},
                "then": {"required": ["status"]},
            },
        }
    },
    "required": ["faults"],
    "additionalProperties": False,
}
CONTROL_PREFIX: Final = "/emulator/"
"""Paths of the control plane: no fault meets them."""


class Faults:
    """ASGI middleware. A request meets the first fault that fits and is not used up yet.

    `status` answers instead of the service; `delay` waits first; `dropConnection` breaks the connection off before
    anything is done, `lostAnswer` after everything is done.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
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
        fault = self._take(scope) if scope["type"] == "http" else None
        if fault is None:
            await self._app(scope, receive, send)
        elif fault["action"] == "status":
            await _drain(receive)
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
        path = str(scope["path"])
        if not self._faults or path.startswith(CONTROL_PREFIX):
            return None
        for fault in self._faults:
            method = str(fault["method"])
            if method in ("*", scope["method"]) and re.search(str(fault["path"]), path, re.IGNORECASE):
                left = cast("int", fault["times"]) - 1
                fault["times"] = left
                if left == 0:
                    self._faults.remove(fault)
                return fault
        return None


async def _drain(receive: Receive) -> None:
    """Read the request to its end, so that the connection stays usable."""
    more = True
    while more:
        message = await receive()
        more = message["type"] == "http.request" and bool(message.get("more_body"))


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
