"""The time: the machine's, or that of a simulation."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

from shared.azure.connection import Connection
from shared.core.model.times import parse_instant
from shared.errors import InvalidInputError, TransientError
from shared.ports import Clock


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """The current time in UTC."""
        return datetime.now(UTC)


class RemoteClock:
    """A simulation's clock: `GET` returns `{"now": "…"}`; a `file:` URL names a file that contains that."""

    def __init__(self, connection: Connection, url: str) -> None:
        self._connection = connection
        self._url = url
        parts = urlsplit(url)
        self._file = Path(url2pathname(parts.path)) if parts.scheme == "file" else None

    def now(self) -> datetime:
        """The simulated time.

        Raises:
            TransientError: the clock does not respond, or not with a time.
        """
        try:
            return parse_instant(str(json.loads(self._read())["now"]), "now")
        except (OSError, ValueError, KeyError, TypeError, InvalidInputError) as error:
            raise TransientError(f"The clock at {self._url} gave no time: {error}") from error

    def _read(self) -> bytes:
        if self._file is not None:
            return self._file.read_bytes()
        response = self._connection.get(self._url)  # the errors of requests are OSError
        response.raise_for_status()
        content: bytes = response.content
        return content


def make_clock(connection: Connection) -> Clock:
    """The clock that the settings select."""
    url = connection.settings.clock_url
    return SystemClock() if url is None else RemoteClock(connection, url)
