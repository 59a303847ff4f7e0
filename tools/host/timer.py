"""One timer: when it is due, and what happens when it is."""

import json
import logging
from dataclasses import dataclass
from datetime import datetime

from tools.host.app_loader import FunctionDefinition
from tools.host.bindings import json_datum
from tools.host.context import RetryContext
from tools.host.errors import InvocationError, StartUpError
from tools.host.instants import to_iso
from tools.host.invocations import Invoker
from tools.host.timer_schedule import TimerSchedule
from tools.host.timer_status import TimerStatus, TimerStatuses

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Run:
    """A run to come."""

    at: datetime
    past_due: bool = False
    failures: int = 0
    """How often this run was tried already, under a retry policy."""
    message: str = ""
    """What the last try failed with."""


class Timer:
    """A function with a timer trigger. Whoever calls ``run`` sees to it that calls do not overlap."""

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
            self._monitored = function.trigger.get("useMonitor") is not False and not (
                self._schedule.is_faster_than_a_minute(now)
            )
        except ValueError as error:
            raise StartUpError(f"function {function.name!r}: its schedule: {error}") from error
        self._next = self._first_run(now, first)

    @property
    def due_at(self) -> datetime:
        """When it runs next: a slot of its schedule, or a retry."""
        return self._next.at

    async def run(self, now: datetime) -> None:
        """Run once, and plan the next run: the first slot after now, or a retry if the policy grants one."""
        run = self._next
        # More than this slot has gone by: one run stands for them all, and is told that it is late.
        missed_more = run.failures == 0 and self._schedule.next_after(run.at) <= now
        past_due = self._monitored and (run.past_due or missed_more)
        moment = max(now, run.at)
        try:
            await self._invoke(past_due=past_due, failures=run.failures, message=run.message)
        except InvocationError as error:
            policy = self.function.retry
            delay = policy.delay(run.failures + 1) if policy else None
            if delay is not None:
                self._next = _Run(moment + delay, past_due, run.failures + 1, str(error))
                _log.warning("%s failed and runs again at %s", self.function.name, to_iso(self._next.at))
                return
        self._plan_after(moment)

    async def run_now(self) -> None:
        """Run once beside the schedule; a failure has been logged, and counts for nobody."""
        try:
            await self._invoke(past_due=False, failures=0, message="")
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
        return _Run(now) if self.function.trigger.get("runOnStartup") else _Run(first)

    def _plan_after(self, moment: datetime) -> None:
        following = self._schedule.next_after(moment)
        self._next = _Run(following)
        if self._monitored:
            status = TimerStatus(self._schedule.expression, moment, following, moment)
            self._statuses.save(self.function.name, status)

    async def _invoke(self, *, past_due: bool, failures: int, message: str) -> None:
        status = self._statuses.of(self.function.name) if self._monitored else None
        content = {
            "Schedule": {"AdjustForDST": True},
            "ScheduleStatus": status.for_function() if status else None,
            "IsPastDue": past_due,
        }
        policy = self.function.retry
        retry = RetryContext(failures, policy.max_count if policy else 0, message)
        reason = "timer past due" if past_due else "timer"
        await self._invoker.invoke(self.function, json_datum(json.dumps(content)), reason=reason, retry=retry)
