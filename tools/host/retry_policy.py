"""Retry policies of triggers that have them; of the three this host serves, that is the timer."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from tools.host.errors import StartUpError

FIXED = "fixed_delay"
EXPONENTIAL = "exponential_backoff"


@dataclass(frozen=True)
class RetryPolicy:
    """How often and after which time a failed invocation is repeated; ``max_count`` -1 means without end."""

    max_count: int
    shortest: timedelta
    longest: timedelta

    def delay(self, failures: int) -> timedelta | None:
        """The time to wait after so many failures in a row, or ``None`` to give up."""
        if 0 <= self.max_count < failures:
            return None
        doublings = min(failures - 1, 20)  # beyond, every sensible maximum has been reached
        return min(self.shortest * (1 << doublings), self.longest)


def read_retry_policy(setting: Mapping[str, object], function: str) -> RetryPolicy:
    """Read what ``@app.retry`` was given.

    Raises:
        StartUpError: the strategy is unknown, or a value cannot be read.
    """
    strategy = setting.get("strategy")
    try:
        count = int(str(setting.get("max_retry_count")))
        if strategy == FIXED:
            delay = _interval(setting.get("delay_interval"))
            return RetryPolicy(count, delay, delay)
        if strategy == EXPONENTIAL:
            return RetryPolicy(
                count, _interval(setting.get("minimum_interval")), _interval(setting.get("maximum_interval"))
            )
    except ValueError as error:
        raise StartUpError(f"function {function!r}: its retry policy: {error}") from error
    raise StartUpError(f"function {function!r}: unknown retry strategy {strategy!r}; use {FIXED} or {EXPONENTIAL}")


def _interval(text: object) -> timedelta:
    parts = str(text).split(":")
    if len(parts) != 3:
        raise ValueError(f"{text!r} is not an interval of the form HH:MM:SS")
    hours, minutes, seconds = (int(part) for part in parts)
    return timedelta(hours=hours, minutes=minutes, seconds=seconds)
