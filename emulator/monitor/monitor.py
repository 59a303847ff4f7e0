"""The ingestion endpoint of Application Insights, and the file that stands for the workspace."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from emulator.identity import Identity
from emulator.json_value import Json
from emulator.monitor.rows import Row, dead_letter_row, row_of

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

    def dead_lettered(self, topic: str, now: datetime) -> None:
        """An event was dead-lettered: Event Grid's metric of it."""
        self._write(dead_letter_row(topic, now))

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    async def _track(self, request: Request) -> Response:
        if self._identity.check(request.headers.get("Authorization"), AUDIENCE) is None:
            message = f"Authentication is required: a bearer token for {AUDIENCE}"
            return JSONResponse({"itemsReceived": 0, "itemsAccepted": 0, "errors": [{"message": message}]}, 401)
        body = await request.body()
        if request.headers.get("Content-Encoding") == "gzip":
            body = gzip.decompress(body)
        envelopes = _envelopes(body)
        for envelope in envelopes:
            row = row_of(envelope, self._emulated_at(_time_of(envelope)))
            if row is not None:
                self._write(row)
        count = len(envelopes)
        return JSONResponse({"itemsReceived": count, "itemsAccepted": count, "errors": []})

    def _write(self, row: Row) -> None:
        self._file.write(json.dumps(row, separators=(",", ":")) + "\n")


def _envelopes(body: bytes) -> list[dict[str, Json]]:
    """A list of envelopes, or one a line."""
    text = body.decode()
    content: Json = (
        json.loads(text) if text.lstrip().startswith("[") else [json.loads(line) for line in text.split("\n")]
    )
    return [item for item in content if isinstance(item, dict)] if isinstance(content, list) else []


def _time_of(envelope: dict[str, Json]) -> datetime:
    return datetime.fromisoformat(str(envelope["time"])).astimezone(UTC)
