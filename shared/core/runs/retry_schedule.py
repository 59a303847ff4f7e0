"""When a failed run may be tried again: a quarter of an hour after it failed, then twice as long each time."""

from __future__ import annotations

from datetime import datetime, timedelta

FIRST_PAUSE = timedelta(minutes=15)
LONGEST_PAUSE = timedelta(hours=24)


def pause_before(retry: int) -> timedelta:
    """How long to wait before the retry of that number, from 1 on."""
    return min(FIRST_PAUSE * (1 << (retry - 1)), LONGEST_PAUSE)


def retry_due_at(failed_at: datetime | None, retry: int, now: datetime) -> datetime:
    """When the retry is due; at once if nobody says when the run failed."""
    return now if failed_at is None else failed_at + pause_before(retry)
