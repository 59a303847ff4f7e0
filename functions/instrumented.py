"""Instruments an invocation: sets up telemetry, makes the work one span, and sends everything at its end."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from shared.messages import TRACE_PARENT


def trace_parent_in(content: object) -> str:
    """The `traceparent` in the content of an event or a message that this app sent; empty for any other content."""
    value = content.get(TRACE_PARENT) if isinstance(content, Mapping) else None
    return value if isinstance(value, str) else ""


@contextmanager
def instrumented(name: str, trace_parent: str = "") -> Iterator[None]:
    """Instrument the work inside. Record an error in telemetry and re-raise it: the host logs only that one occurred.

    Args:
        name: the span's name; documented in docs/telemetry.md.
        trace_parent: the trace that the work continues, from an event that this app published.
    """
    from shared import telemetry
    from shared.composition import start_telemetry
    from shared.telemetry.sending import flush

    start_telemetry()
    try:
        with telemetry.span(name, trace_parent):
            try:
                yield
            except Exception as error:
                telemetry.failed(name, error)
                raise
    finally:
        flush()
