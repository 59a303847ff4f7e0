"""What every invocation has around its work: telemetry set up, one span, and everything told sent before it ends."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def observed(name: str, trace_parent: str = "") -> Iterator[None]:
    """Observe the work inside. An error passes through and is told: the host only knows that something was raised.

    Args:
        name: the span's name; documented in docs/telemetry.md.
        trace_parent: the trace to go on with, from an event of ours.
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
