"""One timer: when it is due, and what happens when it is."""

import contextlib
import json
import logging
from dataclasses import dataclass
from datetime import datetime

from tools.host.app_loader import FunctionDefinition
from tools.host.bindings import json_datum
from tools.host.errors import InvocationError, StartUpError
from tools.host.invocations import Invoker
from tools.host.timer_schedule import TimerSchedule
from tools.host.timer_status import TimerStatus, TimerStatuses

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Run:
    """A run to come."""

    at: datetime
    past_due: bool = False


class Timer:
    """A function with a timer trigger. The caller of ``run`` ensures that calls do not overlap."""

    def __init__(self, function: FunctionDefinition, invoker: Invoker, statuses: TimerStatuses, now: datetime) -> None:
        """Plan the first run.

        Raises:
            StartUpError: the schedule cannot be read, or has no slot.
        """
        self.function = function
        self._invoker = invoker
        self._statuses = statuses
        try:
            self._schedule = TimerSchedule(str(function.trigger.get("schedule")))
            first = self._schedule.next_after(now)
            # The real host keeps no record of timers that run more often than once a minute.
            self._monitored = not self._schedule.is_faster_than_a_minute(now)
        except ValueError as error:
            raise StartUpError(f"function {function.name!r}: its schedule: {error}") from error
        self._next = self._first_run(now, first)

    @property
    def due_at(self) -> datetime:
        """When it runs next: a slot of its schedule."""
        return self._next.at

    async def run(self, now: datetime) -> None:
        """Run once, and plan the next run: the first slot after now. A failure has been logged."""
        run = self._next
        # If more slots than this one have passed, one run is for all of them, and is past due.
        past_due = self._monitored and (run.past_due or self._schedule.next_after(run.at) <= now)
        with contextlib.suppress(InvocationError):
            await self._invoke(past_due=past_due)
        self._plan_after(max(now, run.at))

    async def run_now(self) -> None:
        """Run once outside the schedule. A failure has been logged."""
        try:
            await self._invoke(past_due=False)
        except InvocationError:
            _log.warning("%s, run by hand, failed", self.function.name)

    def _first_run(self, now: datetime, first: datetime) -> _Run:
        stored = self._statuses.of(self.function.name) if self._monitored else None
        if stored is not None and stored.schedule == self._schedule.expression:
            if stored.next <= now:
                return _Run(stored.next, past_due=True)
        elif self._monitored:
            # Without this record, a host that never ran the timer would not know after a restart what it missed.
            self._statuses.save(self.function.name, TimerStatus(self._schedule.expression, None, first, now))
        return _Run(first)

    def _plan_after(self, moment: datetime) -> None:
        following = self._schedule.next_after(moment)
        self._next = _Run(following)
        if self._monitored:
            status = TimerStatus(self._schedule.expression, moment, following, moment)
            self._statuses.save(self.function.name, status)

    async def _invoke(self, *, past_due: bool) -> None:
        status = self._statuses.of(self.function.name) if self._monitored else None
        content = {
            "Schedule": {"AdjustForDST": True},
            "ScheduleStatus": status.for_function() if status else None,
            "IsPastDue": past_due,
        }
        reason = "timer past due" if past_due else "timer"
        await self._invoker.invoke(self.function, json_datum(json.dumps(content)), reason=reason)
