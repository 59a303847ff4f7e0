"""A line of JSON for each request."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from emulator.arm.values import json_time


class RequestLog:
    """ASGI middleware. `status` is null for a request that was not answered; `milliseconds` are real ones."""

    def __init__(self, app: ASGIApp, file: Path, now: Callable[[], datetime]) -> None:
        self._app = app
        self._file = file.open("a", encoding="utf-8", buffering=1)
        self._now = now

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request, and note it when it is over."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began = time.perf_counter()
        status: int | None = None

        async def noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, noting)
        finally:
            self._write(scope, status, time.perf_counter() - began)

    def _write(self, scope: Scope, status: int | None, seconds: float) -> None:
        entry = {
            "at": json_time(self._now()),
            "method": scope["method"],
            "path": scope["path"],
            "query": scope["query_string"].decode("latin-1"),
            "status": status,
            "milliseconds": round(seconds * 1000, 3),
        }
        self._file.write(json.dumps(entry, separators=(",", ":")) + "\n")
