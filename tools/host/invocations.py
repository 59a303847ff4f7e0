"""Runs functions: async ones on the event loop, the others in a pool of threads, as Microsoft's worker does."""

import asyncio
import contextvars
import functools
import logging
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import cast

from azure.functions.meta import Datum
from opentelemetry import trace
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from tools.host import bindings
from tools.host.app_loader import FunctionDefinition
from tools.host.context import CurrentInvocation, current_invocation
from tools.host.errors import InvocationError

_log = logging.getLogger(__name__)


class Invoker:
    """Runs invocations, several at a time if there are threads for them, and counts those in progress."""

    def __init__(self, threads: int) -> None:
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="function")
        self._in_progress = 0
        self._idle = asyncio.Event()
        self._idle.set()
        self.count = 0
        """How many invocations have begun so far."""
        self.on_end: Callable[[], None] = lambda: None
        """Called whenever a function has ended."""

    async def invoke(
        self,
        function: FunctionDefinition,
        data: Datum,
        *,
        reason: str,
        headers: Mapping[str, str] | None = None,
        metadata: Mapping[str, Datum] | None = None,
    ) -> object:
        """Run a function once; what it returned.

        Args:
            function: the function.
            data: what triggered it.
            reason: why it runs, for the log.
            headers: can have the caller's trace context (W3C).
            metadata: what the trigger says besides.

        Raises:
            InvocationError: the input could not be decoded, or the function raised; it has been logged.
        """
        current = CurrentInvocation(function.name, str(uuid.uuid4()))
        token = current_invocation.set(current)
        self.count += 1
        began = time.monotonic()
        with self.in_progress(), _request(function.name, headers or {}):
            try:
                _log.info("Executing 'Functions.%s' (%s)", function.name, reason)
                result = await self._run(function, data, metadata or {})
                _log.info("Executed 'Functions.%s' (Succeeded, %d ms)", function.name, _milliseconds_since(began))
            except Exception as error:
                _log.exception("Executed 'Functions.%s' (Failed, %d ms)", function.name, _milliseconds_since(began))
                raise InvocationError(function.name, error) from error
            finally:
                current_invocation.reset(token)
                self.on_end()
        return result

    @contextmanager
    def in_progress(self) -> Iterator[None]:
        """Count work in progress: the host is not idle meanwhile."""
        end = self.begin()
        try:
            yield
        finally:
            end()

    def begin(self) -> Callable[[], None]:
        """Count work in progress from now on; what to call at its end."""
        self._in_progress += 1
        self._idle.clear()
        return self._end

    def _end(self) -> None:
        self._in_progress -= 1
        if self._in_progress == 0:
            self._idle.set()

    @property
    def is_idle(self) -> bool:
        """Whether nothing is in progress."""
        return self._idle.is_set()

    async def wait_idle(self) -> None:
        """Wait until nothing is in progress."""
        await self._idle.wait()

    def close(self) -> None:
        """Take no more work. Threads that run a function are not waited for."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    async def _run(self, function: FunctionDefinition, data: Datum, metadata: Mapping[str, Datum]) -> object:
        arguments = {function.parameter: _decode(function, data, metadata)}
        if function.is_async:
            result = await cast("asyncio.Future[object]", function.call(**arguments))
        else:
            call = functools.partial(contextvars.copy_context().run, function.call, **arguments)
            result = await asyncio.get_running_loop().run_in_executor(self._pool, call)
        if result is not None and not function.has_return:
            raise RuntimeError(f"it returned a {type(result).__name__}, but has no output binding to take it")
        return result


@contextmanager
def _request(name: str, headers: Mapping[str, str]) -> Iterator[None]:
    """A request in the telemetry of the app, if it sends any, as Microsoft's host reports every invocation."""
    context = TraceContextTextMapPropagator().extract(headers)
    with trace.get_tracer("host").start_as_current_span(name, context, trace.SpanKind.SERVER, record_exception=False):
        yield


def _milliseconds_since(began: float) -> int:
    return round((time.monotonic() - began) * 1000)


def _decode(function: FunctionDefinition, data: Datum, metadata: Mapping[str, Datum]) -> object:
    return bindings.input_converter(function.trigger_type).decode(data, trigger_metadata=metadata)
