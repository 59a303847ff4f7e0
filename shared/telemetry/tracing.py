"""Spans, and how one trace goes on from an invocation of the app to another: as W3C `traceparent` texts."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from opentelemetry import trace
from opentelemetry.trace import Link
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

_PROPAGATOR = TraceContextTextMapPropagator()
_HEADER = "traceparent"


@contextmanager
def span(name: str, trace_parent: str = "", **attributes: str | int | bool) -> Iterator[None]:
    """A span around the work inside; an error passes through it and marks it as failed.

    Args:
        name: the span's name; documented in docs/telemetry.md.
        trace_parent: the trace to go on with, as `current_trace_parent` gave it; the host's span of this invocation is
            linked then. Without one, or if it is malformed, the current trace goes on.
        attributes: facts about the work.
    """
    context = _PROPAGATOR.extract({_HEADER: trace_parent}) if trace_parent else None
    continued = context is not None and trace.get_current_span(context).get_span_context().is_valid
    links = [Link(trace.get_current_span().get_span_context())] if continued else []
    with _tracer().start_as_current_span(
        name,
        context=context if continued else None,
        links=links,
        attributes=attributes,
        record_exception=False,  # `failed` tells of it once; every span on the way would do so again
    ):
        yield


def current_trace_parent() -> str:
    """The current trace, for somebody to go on with later; an empty text if nothing is traced."""
    carrier: dict[str, str] = {}
    _PROPAGATOR.inject(carrier)
    return carrier.get(_HEADER, "")


def _tracer() -> trace.Tracer:
    return trace.get_tracer("fleet_auto_upgrade")
