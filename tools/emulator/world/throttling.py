"""The rate limits that a world has."""

from __future__ import annotations

from tools.emulator.arm.rate_limits import Limit, Limits
from tools.emulator.resource_graph import Quota
from tools.emulator.world.document import BucketDocument, ThrottlingDocument, WorldDocument


def throttling_of(world: WorldDocument, *, wanted: bool) -> ThrottlingDocument | None:
    """The limits of the world; where it has none, the documented ones if they are wanted, or none."""
    return world.get("faults", {}).get("throttling", ThrottlingDocument() if wanted else None)


def arm_limits(throttling: ThrottlingDocument) -> Limits:
    """The limits of ARM; as documented where the world does not say."""
    usual = Limits()
    return Limits(
        reads=_limit(throttling.get("reads", {}), usual.reads),
        writes=_limit(throttling.get("writes", {}), usual.writes),
        deletes=_limit(throttling.get("deletes", {}), usual.deletes),
    )


def query_quota(throttling: ThrottlingDocument | None) -> Quota:
    """The quota of Resource Graph, which is counted always, and enforced where there is throttling."""
    if throttling is None:
        return Quota(enforced=False)
    return Quota(enforced=True, **throttling.get("resourceGraph", {}))


def _limit(bucket: BucketDocument, usual: Limit) -> Limit:
    return Limit(bucket.get("size", usual.size), bucket.get("refillPerSecond", usual.refill_per_second))
