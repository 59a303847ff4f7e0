"""How a release spreads over the regions."""

from __future__ import annotations

from datetime import datetime, timedelta

_SATURDAY = 5


def arrival(published: datetime, index: int, regions: int, rollout_days: int) -> datetime:
    """When something published reaches the region with this index in the order of the rollout.

    The first region has it at once, the last one `rollout_days` business days later, the others in between, evenly,
    rounded up to whole business days. The time of the day stays.
    """
    if index == 0:
        return published
    return _after_business_days(published, -(-index * rollout_days // (regions - 1)))


def _after_business_days(moment: datetime, days: int) -> datetime:
    while days > 0:
        moment += timedelta(days=1)
        if moment.weekday() < _SATURDAY:
            days -= 1
    return moment
