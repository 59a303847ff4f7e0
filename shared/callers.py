"""The caller of the request that is handled, by Microsoft Entra ID: part of a call's context, as its trace is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from shared.core.model.run_record import Caller

_CALLER: ContextVar[Caller | None] = ContextVar("caller", default=None)


def current_caller() -> Caller | None:
    """The caller; None for a timer, an event, a queue, and a caller with a function key alone."""
    return _CALLER.get()


@contextmanager
def called_by(caller: Caller | None) -> Iterator[None]:
    """Let the work inside be requested by the caller."""
    token = _CALLER.set(caller)
    try:
        yield
    finally:
        _CALLER.reset(token)
