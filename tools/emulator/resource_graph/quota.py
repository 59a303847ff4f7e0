"""The number of queries Resource Graph grants a user."""

import math
import time
from collections.abc import Callable
from typing import Final

from tools.emulator.resource_graph.errors import RefusedError

QUERIES: Final = 15
WINDOW_SECONDS: Final = 5.0


class Quota:
    """Counts queries in windows of the wall clock: 15 in 5 seconds, the documented figures. There is one user.

    Counts, and reports in headers, always; refuses only where `enforced`.

    Args:
        enforced: refuse what is too much.
        queries: how many are granted in a window.
        seconds: how long a window is.
        monotonic: real seconds.
    """

    def __init__(
        self,
        *,
        enforced: bool,
        queries: int = QUERIES,
        seconds: float = WINDOW_SECONDS,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._enforced = enforced
        self._queries = queries
        self._seconds = seconds
        self._monotonic = monotonic
        self._window_ends = -math.inf
        self._used = 0

    def take(self) -> dict[str, str]:
        """Use one query up; the headers of the response.

        Raises:
            RefusedError: 429: none is left in this window. Without Retry-After, which no source shows: the client
                has to read `x-ms-user-quota-resets-after`.
        """
        now = self._monotonic()
        if now >= self._window_ends:
            self._window_ends = now + self._seconds
            self._used = 0
        spent = self._used >= self._queries
        self._used = min(self._used + 1, self._queries)
        headers = {
            "x-ms-user-quota-remaining": str(self._queries - self._used),
            "x-ms-user-quota-resets-after": _clock(math.ceil(round(self._window_ends - now, 6))),
        }
        if spent and self._enforced:
            raise RefusedError(
                429,
                "RateLimiting",
                "Too many queries: the quota of this user is spent. Try again when it has been reset.",
                headers=headers,
            )
        return headers


def _clock(seconds: int) -> str:
    """As `hh:mm:ss`."""
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
