"""How a release reaches the regions, one after the other (tools/data/README.md)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final, TypeAlias

from tools.releases.timeline import Fact

ROLLOUT_DAYS: Final = 10
"""Business days until a release has reached the last region, by default."""

Arrivals: TypeAlias = Mapping[datetime, Mapping[str, Sequence[Fact]]]
"""The facts that arrive at a moment, by region; moments and regions are in their order."""

_SATURDAY: Final = 5


def arrival(published: datetime, index: int, regions: int, rollout_days: int) -> datetime:
    """When something published reaches the region with this index in the order of the rollout.

    The first region has it at once, the last one `rollout_days` business days later, the others in between, evenly,
    rounded up to whole business days. The time of the day stays.
    """
    if index == 0:
        return published
    return _after_business_days(published, -(-index * rollout_days // (regions - 1)))


def find_arrivals(
    facts: Iterable[Fact],
    regions: Sequence[str],
    rollout_days: int,
    delays: Mapping[str, timedelta] | None = None,
) -> Arrivals:
    """When which facts reach which region.

    Args:
        facts: those that arrive together stay in this order.
        regions: in the order of the rollout.
        rollout_days: business days until the last region has a fact.
        delays: how much later than its turn a region gets its facts, for slow regions.
    """
    late = delays or {}
    found: defaultdict[datetime, defaultdict[str, list[Fact]]] = defaultdict(lambda: defaultdict(list))
    for fact in facts:
        for index, region in enumerate(regions):
            turn = arrival(fact.at, index, len(regions), rollout_days)
            found[turn + late.get(region, timedelta())][region].append(fact)
    return {
        at: {region: by_region[region] for region in regions if region in by_region}
        for at, by_region in sorted(found.items())
    }


def _after_business_days(moment: datetime, days: int) -> datetime:
    """The same time of the day so many days, Monday to Friday, later; at a weekend, Monday is the first."""
    while days > 0:
        moment += timedelta(days=1)
        if moment.weekday() < _SATURDAY:
            days -= 1
    return moment
