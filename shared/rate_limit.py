"""How often each caller may have the app do something: a token bucket a caller, in this process alone."""

from __future__ import annotations

import math
import time
from collections import OrderedDict
from collections.abc import Callable
from threading import Lock

from shared.errors import TooManyRequestsError

MAXIMUM_CALLERS = 1000
"""Beyond it the caller that has not asked for the longest time is forgotten, and starts again with a full bucket."""
_SECONDS = 60.0


class RateLimiter:
    """Each caller may make as many requests at once as it may make in a minute; they come back one by one."""

    def __init__(self, per_minute: int, now: Callable[[], float] = time.monotonic) -> None:
        """Begin with a full bucket for everyone.

        Args:
            per_minute: requests a minute and caller; 0 for no limit.
            now: the time in seconds, from any start.
        """
        self._per_minute = per_minute
        self._now = now
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()
        """By caller: the requests left, and when that was so; the caller that asked last comes last."""
        self._lock = Lock()

    def take(self, caller: str) -> None:
        """Count a request of the caller. A request that is refused does not count.

        Raises:
            TooManyRequestsError: the caller has none left.
        """
        if self._per_minute == 0:
            return
        rate = self._per_minute / _SECONDS
        with self._lock:
            now = self._now()
            left, since = self._buckets.pop(caller, (float(self._per_minute), now))
            left = min(float(self._per_minute), left + (now - since) * rate)
            is_allowed = left >= 1
            self._buckets[caller] = (left - 1 if is_allowed else left, now)
            if len(self._buckets) > MAXIMUM_CALLERS:
                self._buckets.popitem(last=False)
        if not is_allowed:
            raise TooManyRequestsError(self._per_minute, math.ceil((1 - left) / rate))
