"""How a release spreads over the regions, and what reaches which of them when."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from tools.replay.timeline import Fact

_SATURDAY = 5

Arrivals = Mapping[datetime, Mapping[str, Sequence[Fact]]]
"""The facts that arrive at a moment, by region; the moments in order."""


def arrival(published: datetime, index: int, regions: int, rollout_days: int) -> datetime:
    """When something published reaches the region with this index in the order of the rollout.

    The first region has it at once, the last one `rollout_days` business days later, the others in between, evenly,
    rounded up to whole business days. The time of the day stays.
    """
    if index == 0:
        return published
    return after_business_days(published, -(-index * rollout_days // (regions - 1)))


def after_business_days(moment: datetime, days: int) -> datetime:
    """The same time of the day so many business days, Monday to Friday, later; at a weekend, Monday is the first."""
    while days > 0:
        moment += timedelta(days=1)
        if moment.weekday() < _SATURDAY:
            days -= 1
    return moment


def find_arrivals(facts: Iterable[Fact], regions: Sequence[str], rollout_days: int) -> Arrivals:
    """When which facts reach which region; facts that arrive together stay in their order."""
    found: defaultdict[datetime, defaultdict[str, list[Fact]]] = defaultdict(lambda: defaultdict(list))
    for fact in facts:
        for index, region in enumerate(regions):
            found[arrival(fact.at, index, len(regions), rollout_days)][region].append(fact)
    return dict(sorted(found.items()))
