"""Which evaluation of all profiles is wanted, and which is in progress: one row of the ledger, changed by its ETag.

An event or a timer that wants an evaluation notes it here, and sends a message only if none is on its way. Handling
the message begins the evaluation. No other begins until it ends or, if its process died, until `LEASE` is over.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

LEASE = timedelta(minutes=11)
"""How long an evaluation excludes others: a minute more than the Functions host lets a function run (host.json)."""

WANTED_FOR = timedelta(minutes=10)
"""After this time without a beginning, the message that was sent counts as lost, and the next event sends another."""


@dataclass(frozen=True, slots=True)
class EvaluationRequest:
    """An evaluation that is wanted."""

    requester: str
    """The id of the event, or the timer's name. If it comes again, it may have stopped before it sent its message."""
    trigger: str
    """What caused it, for people."""
    at: datetime


@dataclass(frozen=True, slots=True)
class EvaluationInProgress:
    """An evaluation that has begun, or whose process died in it."""

    holder: str
    """The id of the message that is handled."""
    trigger: str
    began_at: datetime

    @property
    def until(self) -> datetime:
        """When it counts as dead."""
        return self.began_at + LEASE


@dataclass(frozen=True, slots=True)
class EvaluationState:
    """What is remembered. Without a row, nothing was ever evaluated or wanted."""

    last: datetime | None = None
    """When the last complete evaluation began."""
    wanted: EvaluationRequest | None = None
    in_progress: EvaluationInProgress | None = None

    def is_busy(self, now: datetime) -> bool:
        """Whether an evaluation is in progress, as far as that is known."""
        return self.in_progress is not None and now < self.in_progress.until

    def covers(self, raised_at: datetime, now: datetime) -> bool:
        """Whether an evaluation that is complete or in progress began after an event was raised: it sees its cause."""
        if self.last is not None and self.last >= raised_at:
            return True
        return self.in_progress is not None and self.is_busy(now) and self.in_progress.began_at >= raised_at

    def is_on_its_way(self, requester: str, now: datetime) -> bool:
        """Whether another requester's evaluation is wanted, and began neither nor counts as lost."""
        wanted = self.wanted
        return wanted is not None and wanted.requester != requester and now - wanted.at < WANTED_FOR

    def begin(self, holder: str, now: datetime) -> EvaluationState:
        """The state in which the holder evaluates. What was wanted has begun; what died in progress begins again."""
        cause = self.wanted or self.in_progress
        trigger = cause.trigger if cause is not None else ""
        return replace(self, wanted=None, in_progress=EvaluationInProgress(holder, trigger, now))

    def end(self, began_at: datetime) -> EvaluationState:
        """The state after a complete evaluation."""
        last = began_at if self.last is None else max(self.last, began_at)
        return replace(self, last=last, in_progress=None)

    def give_up(self) -> EvaluationState:
        """The state after an evaluation that failed for good."""
        return replace(self, in_progress=None)

    def want_again(self, failed: EvaluationInProgress, now: datetime) -> EvaluationState:
        """The state after a temporary failure: it is wanted, and its own message comes again."""
        wanted = self.wanted or EvaluationRequest(failed.holder, failed.trigger, now)
        return replace(self, wanted=wanted, in_progress=None)
