"""Threads in the caller's context, whose calls belong to the caller's trace, and a pause of garbage collection."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import copy_context
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


class TracedThreads(ThreadPoolExecutor):
    """A pool of threads; each call runs in a copy of the context in which it was submitted."""

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """See `concurrent.futures.Executor.submit`."""
        context = copy_context()
        return super().submit(lambda: context.run(fn, *args, **kwargs))


@contextmanager
def no_garbage_collection() -> Iterator[None]:
    """Make many values that live on, or are no cycles, without the search for cycles among them again and again.

    It takes a tenth of a sweep otherwise. Keep it short: cycles that other threads leave meanwhile are found after it.
    """
    if not gc.isenabled():  # another thread's, or the process does not want any
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
