"""The time: the machine's, or that of a simulation."""

from __future__ import annotations

from datetime import UTC, datetime

import requests

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
    """A simulation's clock: `GET` returns `{"now": "…"}`."""

    def __init__(self, connection: Connection, url: str) -> None:
        self._connection = connection
        self._url = url

    def now(self) -> datetime:
        """The simulated time.

        Raises:
            TransientError: the clock does not respond, or not with a time.
        """
        try:
            response = self._connection.get(self._url)
            response.raise_for_status()
            return parse_instant(str(response.json()["now"]), "now")
        except (requests.RequestException, ValueError, KeyError, TypeError, InvalidInputError) as error:
            raise TransientError(f"The clock at {self._url} gave no time: {error}") from error


def make_clock(connection: Connection) -> Clock:
    """The clock that the settings select."""
    url = connection.settings.clock_url
    return SystemClock() if url is None else RemoteClock(connection, url)
