"""The invocation that is in progress."""

from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True)
class CurrentInvocation:
    """Names the invocation that a log record belongs to."""

    function: str
    invocation_id: str


current_invocation: ContextVar[CurrentInvocation | None] = ContextVar("current_invocation", default=None)
