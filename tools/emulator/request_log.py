"""A line of JSON for each request."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Final

from starlette.datastructures import Headers, QueryParams
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tools.emulator.arm.values import json_time
from tools.json_value import Json, parse_json

_WRITES: Final = frozenset({"PUT", "PATCH", "POST", "DELETE"})
_BODIES: Final = re.compile(r"/(subscriptions|providers|emulator/(clock|clusters|fleets|faults|releases))(/|$)", re.I)
"""Paths whose bodies are shown. Those of Event Grid's subscriptions name endpoints with their keys."""
_LONGEST_BODY: Final = 65_536
_SECRET: Final = re.compile(r"(^|&)(code|sig|key|token|access_token)=[^&]*", re.IGNORECASE)
_REQUEST_HEADERS: Final = {
    "clientRequestId": "x-ms-client-request-id",
    "userAgent": "user-agent",
    "ifMatch": "if-match",
    "ifNoneMatch": "if-none-match",
}
_RESPONSE_HEADERS: Final = {"requestId": "x-ms-request-id", "retryAfter": "retry-after"}


class RequestLog:
    """ASGI middleware. Tokens and keys are not written.

    A line is written before the response is sent: a client that has its response finds its request in the file. Every
    line has `at` (simulated), `method`, `path`, `query`, `status` (null for a request that got no response) and
    `milliseconds` (real, until the response began); where they are there, `apiVersion`, `clientRequestId`,
    `userAgent`, `ifMatch`, `ifNoneMatch`, `requestId`, `retryAfter`, and `body`, the JSON that a write to ARM, a
    query or an order to the emulator came with, if it is not longer than 64 KiB.
    """

    def __init__(self, app: ASGIApp, file: Path, now: Callable[[], datetime]) -> None:
        self._app = app
        self._file = file.open("a", encoding="utf-8", buffering=1)
        self._now = now

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request, and note it when its response begins, or when there is none."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        noted = _Noted(scope, receive)
        began = time.perf_counter()

        def note(response: Message | None) -> None:
            entry = noted.entry(response, json_time(self._now()), round((time.perf_counter() - began) * 1000, 3))
            self._file.write(json.dumps(entry, separators=(",", ":"), ensure_ascii=False) + "\n")

        responded = False

        async def note_and_send(message: Message) -> None:
            nonlocal responded
            if message["type"] == "http.response.start":
                responded = True
                note(message)
            await send(message)

        try:
            await noted.read_body()
            await self._app(scope, noted.receive, note_and_send)
        finally:
            if not responded:
                note(None)


class _Noted:
    """One request, as it passes."""

    def __init__(self, scope: Scope, receive: Receive) -> None:
        self._scope = scope
        self._receive = receive
        self._read: list[Message] = []
        self._body = b""

    async def read_body(self) -> None:
        """Read a body that is to be shown: no one else reads that of a rejected request."""
        more = self._scope["method"] in _WRITES and _BODIES.match(str(self._scope["path"])) is not None
        while more:
            message = await self._receive()
            self._read.append(message)
            more = message["type"] == "http.request" and bool(message.get("more_body"))
        self._body = b"".join(message.get("body", b"") for message in self._read)

    async def receive(self) -> Message:
        return self._read.pop(0) if self._read else await self._receive()

    def entry(self, response: Message | None, at: str, milliseconds: float) -> dict[str, Json]:
        """The line of a request whose response begins with that message, or that got none."""
        headers = Headers(raw=response.get("headers", []) if response else [])
        query = self._scope["query_string"].decode("latin-1")
        requested = Headers(scope=self._scope)
        known: dict[str, Json] = {
            "apiVersion": QueryParams(query).get("api-version"),
            **{name: requested.get(header) for name, header in _REQUEST_HEADERS.items()},
            **{name: headers.get(header) for name, header in _RESPONSE_HEADERS.items()},
            "body": self._json_body(),
        }
        return {
            "at": at,
            "method": self._scope["method"],
            "path": self._scope["path"],
            "query": _SECRET.sub(r"\1\2=***", query),
            "status": response["status"] if response else None,
            "milliseconds": milliseconds,
            **{name: value for name, value in known.items() if value is not None},
        }

    def _json_body(self) -> Json:
        if not 0 < len(self._body) <= _LONGEST_BODY:
            return None
        try:
            body: Json = parse_json(self._body)
        except ValueError:
            return None
        return body
