"""The rate limits of a world."""

from __future__ import annotations

import time

from tools.emulator.arm.rate_limits import Limit, Limits
from tools.emulator.clock import SimulatedClock
from tools.emulator.resource_graph import Quota
from tools.emulator.world.faults import RateLimit, Throttling
from tools.emulator.world.model import World


def throttling_of(world: World, *, wanted: bool) -> Throttling | None:
    """The limits of the world; if it has none, the documented ones if they are wanted, else None."""
    return world.faults.throttling or (Throttling() if wanted else None)


def arm_limits(throttling: Throttling) -> Limits:
    """The limits of ARM; as documented where the world gives none."""
    documented = Limits()
    return Limits(
        reads=_limit(throttling.reads, documented.reads),
        writes=_limit(throttling.writes, documented.writes),
        deletes=_limit(throttling.deletes, documented.deletes),
    )


def query_quota(throttling: Throttling | None, clock: SimulatedClock) -> Quota:
    """The quota of Resource Graph: always counted, and enforced, in real time, if there is throttling.

    Without, it is reset when simulated time has moved, too: a client that waits for a reset has no need to wait then.
    """
    if throttling is None:
        return Quota(enforced=False, monotonic=lambda: time.monotonic() + clock.now().timestamp())
    return Quota(enforced=True, queries=throttling.resource_graph.queries, seconds=throttling.resource_graph.seconds)


def _limit(given: RateLimit, documented: Limit) -> Limit:
    return Limit(given.size or documented.size, given.refill_per_second or documented.refill_per_second)
