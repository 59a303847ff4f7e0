"""The number of queries Resource Graph grants a user."""

import math
import time
from collections.abc import Callable
from typing import Final

from emulator.resource_graph.errors import RefusedError

QUERIES: Final = 15
WINDOW_SECONDS: Final = 5.0


class Quota:
    """Counts queries in windows of the wall clock: 15 in 5 seconds, the documented figures. There is one user.

    Counts, and reports in headers, always; refuses only where `enforced`.
    """

    def __init__(self, *, enforced: bool, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._enforced = enforced
        self._monotonic = monotonic
        self._window_ends = -math.inf
        self._used = 0

    def take(self) -> dict[str, str]:
        """Use one query up; the headers to answer with.

        Raises:
            RefusedError: 429: none is left in this window. Without Retry-After, which no source shows: the client
                has to read `x-ms-user-quota-resets-after`.
        """
        now = self._monotonic()
        if now >= self._window_ends:
            self._window_ends = now + WINDOW_SECONDS
            self._used = 0
        spent = self._used >= QUERIES
        self._used = min(self._used + 1, QUERIES)
        headers = {
            "x-ms-user-quota-remaining": str(QUERIES - self._used),
            "x-ms-user-quota-resets-after": f"00:00:{math.ceil(self._window_ends - now):02d}",
        }
        if spent and self._enforced:
            raise RefusedError(
                429,
                "RateLimiting",
                "Too many queries: the quota of this user is spent. Try again when it has been reset.",
                headers=headers,
            )
        return headers
