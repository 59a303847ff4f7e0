"""The ingestion endpoint of Application Insights, and the file that serves as the workspace."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tools.emulator.arm.values import parse_time
from tools.emulator.identity import Identity
from tools.emulator.monitor.rows import Row, given_up_row, row_of
from tools.json_value import Json

AUDIENCE: Final = "https://monitor.azure.com"
_TRACK: Final = "/v2.1/track"


class Monitor:
    """Writes a line of JSON for each row: its table as `Table`, and the columns.

    Telemetry carries the time of the machine it comes from; the rows show the emulated time of that moment.

    Args:
        file: where the rows go; it is appended to.
        identity: knows the tokens of senders.
        emulated_at: the emulated time at a moment of the machine's.
    """

    def __init__(self, file: Path, identity: Identity, emulated_at: Callable[[datetime], datetime]) -> None:
        self._file = file.open("a", encoding="utf-8", buffering=1)
        self._identity = identity
        self._emulated_at = emulated_at

    def routes(self) -> list[Route]:
        """`POST /v2.1/track`, where exporters send; an endpoint with a slash at its end makes two of the first."""
        return [Route(path, self._track, methods=["POST"]) for path in (_TRACK, f"/{_TRACK}")]

    def gave_up(self, topic: str, now: datetime, *, is_kept: bool) -> None:
        """Event Grid gave up on an event, and kept it with the dead letters or dropped it: its metric of that."""
        self._write(given_up_row(topic, now, is_kept=is_kept))

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    async def _track(self, request: Request) -> Response:
        """Keep what can be read; the responses are those of the ingestion's OpenAPI document (`TrackResponse`)."""
        if self._identity.check(request.headers.get("Authorization"), AUDIENCE) is None:
            return _response(401, 0, [_slip(0, 401, f"Authentication is required: a bearer token for {AUDIENCE}")])
        try:
            items = _items(await request.body(), request.headers.get("Content-Encoding", ""))
        except (ValueError, OSError, EOFError, zlib.error):
            return _response(400, 0, [_slip(0, 400, "The body is neither a list in JSON nor JSON line by line")])
        slips: list[Json] = []
        for index, item in enumerate(items):
            try:
                self._keep(item)
            except (KeyError, ValueError, TypeError):
                slips.append(_slip(index, 400, "The item is no object, or has no time in ISO 8601"))
        return _response(_status(len(items), len(slips)), len(items), slips)

    def _keep(self, item: Json) -> None:
        if not isinstance(item, dict):
            raise TypeError("an item is an object")
        row = row_of(item, self._emulated_at(parse_time(str(item["time"]))))
        if row is not None:
            self._write(row)

    def _write(self, row: Row) -> None:
        self._file.write(json.dumps(row, separators=(",", ":")) + "\n")


def _items(body: bytes, encoding: str) -> list[Json]:
    """The items of a list, or one a line."""
    text = (gzip.decompress(body) if encoding == "gzip" else body).decode()
    if not text.lstrip().startswith("["):
        return [json.loads(line) for line in text.splitlines() if line.strip()]
    items: list[Json] = json.loads(text)
    return items


def _status(received: int, refused: int) -> int:
    if refused == 0:
        return 200
    return 400 if refused == received else 206


def _slip(index: int, status: int, message: str) -> Json:
    return {"index": index, "statusCode": status, "message": message}


def _response(status: int, received: int, slips: list[Json]) -> Response:
    content = {"itemsReceived": received, "itemsAccepted": max(received - len(slips), 0), "errors": slips}
    return JSONResponse(content, status)
