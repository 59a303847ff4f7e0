"""Spans, and traces that continue from one invocation of the app in another, by W3C `traceparent`."""

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
    """Run the work inside in a span. An error marks the span as failed and is re-raised.

    Args:
        name: the span's name; documented in docs/telemetry.md.
        trace_parent: the trace to continue, a value of `current_trace_parent`; the host's span of this invocation is
            then linked. If it is empty or malformed, the current trace continues.
        attributes: the span's attributes.
    """
    context = _PROPAGATOR.extract({_HEADER: trace_parent}) if trace_parent else None
    continued = context is not None and trace.get_current_span(context).get_span_context().is_valid
    links = [Link(trace.get_current_span().get_span_context())] if continued else []
    with _tracer().start_as_current_span(
        name,
        context=context if continued else None,
        links=links,
        attributes=attributes,
        record_exception=False,  # `failed` reports it once; every span around it would repeat it
    ):
        yield


def current_trace_parent() -> str:
    """The current trace as `traceparent`, for a later span to continue; an empty text without a trace."""
    carrier: dict[str, str] = {}
    _PROPAGATOR.inject(carrier)
    return carrier.get(_HEADER, "")


def _tracer() -> trace.Tracer:
    return trace.get_tracer("fleet_auto_upgrade")
