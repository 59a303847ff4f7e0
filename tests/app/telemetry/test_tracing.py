"""Traces: one continues from an invocation of the app in another, and the host's span is linked to it."""

from __future__ import annotations

import contextvars
from concurrent.futures import ThreadPoolExecutor

import pytest
from opentelemetry import trace
from opentelemetry.trace import StatusCode

from shared.telemetry import current_trace_parent, span
from shared.threads import TracedThreads
from tests.app.telemetry.spans import Spans, span_id, trace_id

TRACE, PARENT = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
TRACE_PARENT = f"00-{TRACE}-{PARENT}-01"
MALFORMED = [
    "",
    "soon",
    TRACE,
    f"00-{TRACE}-{PARENT}",
    f"00-{'0' * 32}-{PARENT}-01",
    f"00-{TRACE}-{'0' * 16}-01",
    f"ff-{TRACE}-{PARENT}-01",
    f"00-{TRACE[:-1]}g-{PARENT}-01",
]


def test_a_span_has_its_name_and_facts(spans: Spans) -> None:
    with span("watch run", run_id="r", restart=2, is_due=True):
        pass

    found = spans.named("watch run")
    assert dict(found.attributes or {}) == {"run_id": "r", "restart": 2, "is_due": True}
    assert found.parent is None


def test_spans_inside_belong_to_the_one_around_them(spans: Spans) -> None:
    with span("evaluate estate"), span("generate run"):
        pass

    around, inside = spans.named("evaluate estate"), spans.named("generate run")
    assert inside.parent is not None
    assert f"{inside.parent.span_id:016x}" == span_id(around)
    assert trace_id(inside) == trace_id(around)
    assert not inside.links


def test_a_span_continues_the_trace_it_is_given(spans: Spans) -> None:
    with span("evaluate profile", TRACE_PARENT):
        pass

    found = spans.named("evaluate profile")
    assert trace_id(found) == TRACE
    assert found.parent is not None
    assert f"{found.parent.span_id:016x}" == PARENT
    assert not found.links, "there is no other span to link"


def test_the_hosts_span_is_linked_where_another_trace_continues(spans: Spans) -> None:
    with spans.provider.get_tracer("host").start_as_current_span("host"), span("evaluate profile", TRACE_PARENT):
        pass

    found, host = spans.named("evaluate profile"), spans.named("host")
    assert trace_id(found) == TRACE
    assert [f"{link.context.span_id:016x}" for link in found.links] == [span_id(host)]


@pytest.mark.parametrize("trace_parent", MALFORMED)
def test_a_malformed_trace_is_not_continued(spans: Spans, trace_parent: str) -> None:
    with spans.provider.get_tracer("host").start_as_current_span("host"), span("evaluate profile", trace_parent):
        pass

    found, host = spans.named("evaluate profile"), spans.named("host")
    assert trace_id(found) == trace_id(host)
    assert not found.links


def test_after_a_span_what_was_current_before_is_current_again(spans: Spans) -> None:
    with spans.provider.get_tracer("host").start_as_current_span("host"):
        before = current_trace_parent()
        with span("evaluate profile", TRACE_PARENT):
            assert current_trace_parent().split("-")[1] == TRACE
        assert current_trace_parent() == before


def test_the_current_trace_is_a_text_that_another_span_continues(spans: Spans) -> None:
    with span("detect releases"):
        carried = current_trace_parent()
    with span("release event", carried):
        pass

    first, second = spans.named("detect releases"), spans.named("release event")
    assert trace_id(second) == trace_id(first)
    assert second.parent is not None
    assert f"{second.parent.span_id:016x}" == span_id(first)


def test_where_nothing_is_traced_there_is_no_trace_to_continue() -> None:
    with span("detect releases"):
        assert current_trace_parent() == ""


def test_a_given_trace_is_continued_even_where_nothing_is_traced() -> None:
    with span("release event", TRACE_PARENT):
        assert current_trace_parent().split("-")[1] == TRACE


def test_an_error_passes_through_and_marks_the_span_as_failed(spans: Spans) -> None:
    with pytest.raises(ZeroDivisionError), span("watch runs"):
        raise ZeroDivisionError("a bug")

    status = spans.named("watch runs").status
    assert (status.status_code, status.description) == (StatusCode.ERROR, "ZeroDivisionError: a bug")


def test_calls_in_threads_belong_to_the_callers_trace(spans: Spans) -> None:
    def call(name: str) -> str:
        with span(name):
            return trace.format_trace_id(trace.get_current_span().get_span_context().trace_id)

    with span("evaluate estate"), TracedThreads(2) as pool:
        seen = set(pool.map(call, ["a", "b", "c", "d"]))

    assert seen == {trace_id(spans.named("evaluate estate"))}


def test_threads_have_the_context_of_each_call_and_return_results_and_errors() -> None:
    """An ordinary pool's threads know nothing of the caller's context: else this would show nothing."""
    variable = contextvars.ContextVar("variable", default="default")
    with ThreadPoolExecutor(1) as pool:
        variable.set("one")
        assert pool.submit(variable.get).result() == "default"
    with TracedThreads(1) as pool:
        first = pool.submit(variable.get)
        variable.set("two")
        second = pool.submit(variable.get)
        third = pool.submit(divmod, 1, 0)
        assert (first.result(), second.result()) == ("one", "two")
        assert isinstance(third.exception(), ZeroDivisionError)
