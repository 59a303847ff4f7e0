"""Runs functions: async ones on the event loop, the others in a pool of threads, as Microsoft's worker does."""

import asyncio
import contextvars
import logging
import time
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import cast

from azure.functions.meta import Datum
from opentelemetry import trace
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from tools.host import bindings
from tools.host.app_loader import FunctionDefinition
from tools.host.context import (
    THREAD_LOCAL,
    CurrentInvocation,
    InvocationContext,
    RetryContext,
    TraceContext,
    current_invocation,
)
from tools.host.errors import InvocationError

_log = logging.getLogger(__name__)


class Invoker:
    """Runs one invocation after the other, or several at a time, and knows how many are under way."""

    def __init__(self, threads: int) -> None:
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="function")
        self._under_way = 0
        self._idle = asyncio.Event()
        self._idle.set()
        self.count = 0
        """How many invocations have begun so far."""

    async def invoke(
        self,
        function: FunctionDefinition,
        data: Datum,
        *,
        reason: str,
        caller: TraceContext | None = None,
        retry: RetryContext | None = None,
    ) -> object:
        """Run a function once and give what it returned.

        Raises:
            InvocationError: the input could not be decoded, or the function raised; it has been logged.
        """
        current = CurrentInvocation(function.name, str(uuid.uuid4()))
        context = InvocationContext(current, function.directory, caller or TraceContext(), retry or RetryContext())
        token = current_invocation.set(current)
        self.count += 1
        began = time.monotonic()
        with self.under_way(), _request(function.name, caller):
            try:
                _log.info("Executing 'Functions.%s' (%s)", function.name, reason)
                result = await self._run(function, data, context)
                _log.info("Executed 'Functions.%s' (Succeeded, %d ms)", function.name, _milliseconds_since(began))
            except Exception as error:
                _log.exception("Executed 'Functions.%s' (Failed, %d ms)", function.name, _milliseconds_since(began))
                raise InvocationError(function.name, error) from error
            finally:
                current_invocation.reset(token)
        return result

    @contextmanager
    def under_way(self) -> Iterator[None]:
        """Count work that is not done yet: the host is not idle meanwhile."""
        self._under_way += 1
        self._idle.clear()
        try:
            yield
        finally:
            self._under_way -= 1
            if self._under_way == 0:
                self._idle.set()

    @property
    def is_idle(self) -> bool:
        """Nothing is under way."""
        return self._idle.is_set()

    async def wait_idle(self) -> None:
        """Wait until nothing is under way."""
        await self._idle.wait()

    def close(self) -> None:
        """Take no more work. Threads that run a function are not waited for."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    async def _run(self, function: FunctionDefinition, data: Datum, context: InvocationContext) -> object:
        arguments = {function.parameter: _decode(function, data)}
        if function.wants_context:
            arguments["context"] = context
        if function.is_async:
            result = await cast("asyncio.Future[object]", function.call(**arguments))
        else:
            run = contextvars.copy_context().run
            loop = asyncio.get_running_loop()
            result = await loop.run_in_executor(self._pool, run, _call, function, arguments, context.invocation_id)
        if result is not None and not function.has_return:
            raise RuntimeError(f"it returned a {type(result).__name__}, but has no output binding to take it")
        return result


@contextmanager
def _request(name: str, caller: TraceContext | None) -> Iterator[None]:
    """A request in the telemetry that the app sends, if it does, as Microsoft's host tells of every invocation."""
    carrier = {"traceparent": caller.trace_parent, "tracestate": caller.trace_state} if caller is not None else {}
    context = TraceContextTextMapPropagator().extract(carrier)
    with trace.get_tracer("host").start_as_current_span(name, context, trace.SpanKind.SERVER, record_exception=False):
        yield


def _milliseconds_since(began: float) -> int:
    return round((time.monotonic() - began) * 1000)


def _decode(function: FunctionDefinition, data: Datum) -> object:
    if function.wants_text:
        return data.value
    return bindings.input_converter(function.trigger_type).decode(data, trigger_metadata={})


def _call(function: FunctionDefinition, arguments: dict[str, object], invocation_id: str) -> object:
    THREAD_LOCAL.invocation_id = invocation_id
    try:
        return function.call(**arguments)
    finally:
        THREAD_LOCAL.invocation_id = None
