"""Spans kept in memory, without the provider of the whole process: that can be set only once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from shared.telemetry import tracing


class Spans:
    """The spans that have ended, and a tracer to make others with."""

    def __init__(self) -> None:
        self._exporter = InMemorySpanExporter()
        self.provider = TracerProvider(shutdown_on_exit=False)
        self.provider.add_span_processor(SimpleSpanProcessor(self._exporter))

    def named(self, name: str) -> ReadableSpan:
        """The one span of that name."""
        [found] = [span for span in self._exporter.get_finished_spans() if span.name == name]
        return found

    def all_named(self, name: str) -> list[ReadableSpan]:
        """All spans of that name, in the order in which they ended."""
        return [span for span in self._exporter.get_finished_spans() if span.name == name]

    def finished(self) -> list[ReadableSpan]:
        """All spans, in the order in which they ended."""
        return list(self._exporter.get_finished_spans())

    def clear(self) -> None:
        """Forget the spans that have ended."""
        self._exporter.clear()

    def names(self) -> list[str]:
        """The names of all spans, in the order in which they ended."""
        return [span.name for span in self._exporter.get_finished_spans()]


@contextmanager
def spans_kept(monkeypatch: pytest.MonkeyPatch) -> Iterator[Spans]:
    """The app's spans go to the test until the block ends."""
    spans = Spans()
    monkeypatch.setattr(tracing, "_tracer", lambda: spans.provider.get_tracer("test"))
    yield spans
    spans.provider.shutdown()


def trace_id(span: ReadableSpan) -> str:
    """As a `traceparent` has it."""
    assert span.context is not None
    return f"{span.context.trace_id:032x}"


def span_id(span: ReadableSpan) -> str:
    """As a `traceparent` has it."""
    assert span.context is not None
    return f"{span.context.span_id:016x}"
