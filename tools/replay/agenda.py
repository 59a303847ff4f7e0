"""The moments at which a replay decides: facts arrive, a soak is over, a freeze has ended."""

from __future__ import annotations

import heapq
from collections.abc import Iterable
from datetime import datetime


class Agenda:
    """Moments in order, each once; more can be added during the replay.

    Args:
        moments: the first ones.
    """

    def __init__(self, moments: Iterable[datetime]) -> None:
        self._moments = sorted(set(moments))

    def add(self, moment: datetime) -> None:
        """Add a moment."""
        heapq.heappush(self._moments, moment)

    def __iter__(self) -> Agenda:
        return self

    def __next__(self) -> datetime:
        if not self._moments:
            raise StopIteration
        moment = heapq.heappop(self._moments)
        while self._moments and self._moments[0] == moment:
            heapq.heappop(self._moments)
        return moment
