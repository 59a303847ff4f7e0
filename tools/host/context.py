"""``azure.functions.Context`` as a function sees it, and the invocation that is running now."""

import secrets
import threading
from contextvars import ContextVar
from dataclasses import dataclass

import azure.functions as func

THREAD_LOCAL = threading.local()


@dataclass(frozen=True)
class CurrentInvocation:
    """Names the invocation that a log record belongs to."""

    function: str
    invocation_id: str


current_invocation: ContextVar[CurrentInvocation | None] = ContextVar("current_invocation", default=None)


class TraceContext(func._abc.TraceContext):
    """W3C trace context: the caller's, or a new trace."""

    def __init__(self, trace_parent: str | None = None, trace_state: str | None = None) -> None:
        self._trace_parent = trace_parent or f"00-{secrets.token_hex(16)}-{secrets.token_hex(8)}-00"
        self._trace_state = trace_state or ""

    @property
    def trace_parent(self) -> str:
        """The ``traceparent`` header's value."""
        return self._trace_parent

    @property
    def trace_state(self) -> str:
        """The ``tracestate`` header's value, empty if there is none."""
        return self._trace_state

    @property
    def attributes(self) -> dict[str, str]:
        """Baggage; this host has none."""
        return {}


class FailedAttempt(func._abc.RpcException):
    """The exception that made a retry necessary."""

    def __init__(self, message: str) -> None:
        self._message = message

    @property
    def source(self) -> str:
        """Where it came from."""
        return ""

    @property
    def stack_trace(self) -> str:
        """Not carried over; it is in the log."""
        return ""

    @property
    def message(self) -> str:
        """The exception's text, empty on the first attempt."""
        return self._message


class RetryContext(func._abc.RetryContext):
    """Which attempt this is."""

    def __init__(self, retry_count: int = 0, max_retry_count: int = 0, message: str = "") -> None:
        self._retry_count = retry_count
        self._max_retry_count = max_retry_count
        self._exception = FailedAttempt(message)

    @property
    def retry_count(self) -> int:
        """0 on the first attempt."""
        return self._retry_count

    @property
    def max_retry_count(self) -> int:
        """How many retries the policy allows, -1 without end."""
        return self._max_retry_count

    @property
    def exception(self) -> FailedAttempt:
        """What the last attempt raised."""
        return self._exception


class InvocationContext(func.Context):
    """What a function gets that has a parameter named ``context``."""

    def __init__(self, current: CurrentInvocation, directory: str, trace: TraceContext, retry: RetryContext) -> None:
        self._current = current
        self._directory = directory
        self._trace = trace
        self._retry = retry

    @property
    def invocation_id(self) -> str:
        """A GUID, new for every attempt."""
        return self._current.invocation_id

    @property
    def thread_local_storage(self) -> threading.local:  # type: ignore[override] # the library says the type, means one
        """Set ``invocation_id`` on it in a thread of one's own."""
        return THREAD_LOCAL

    @property
    def function_name(self) -> str:
        """The function's name."""
        return self._current.function

    @property
    def function_directory(self) -> str:
        """The directory of the file that defines the function."""
        return self._directory

    @property
    def trace_context(self) -> TraceContext:
        """For distributed tracing."""
        return self._trace

    @property
    def retry_context(self) -> RetryContext:
        """For retries by a retry policy."""
        return self._retry
