"""Every invocation has one span, reports its failure, and sends its telemetry before it ends."""

from __future__ import annotations

import pytest

from functions.instrumented import instrumented
from shared import composition
from shared.telemetry import current_trace_parent, sending
from tests.app.telemetry.emitted import Emitted
from tests.app.telemetry.spans import Spans, trace_id

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"


@pytest.fixture
def order(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was done in which order: telemetry set up, the work, everything sent."""
    done: list[str] = []
    monkeypatch.setattr(composition, "start_telemetry", lambda: done.append("set up"))
    monkeypatch.setattr(sending, "flush", lambda: done.append("sent"))
    return done


def test_the_work_is_done_in_a_span_between_setting_up_and_sending(spans: Spans, order: list[str]) -> None:
    with instrumented("watch runs"):
        order.append("worked")
        assert spans.names() == []

    assert order == ["set up", "worked", "sent"]
    assert spans.names() == ["watch runs"]


def test_it_continues_the_trace_of_the_event(spans: Spans, order: list[str]) -> None:
    with instrumented("evaluate profile", f"00-{TRACE}-00f067aa0ba902b7-01"):
        assert current_trace_parent().split("-")[1] == TRACE

    assert trace_id(spans.named("evaluate profile")) == TRACE


def test_an_error_is_reported_inside_the_span_and_raised_again(
    spans: Spans, order: list[str], emitted: Emitted
) -> None:
    with pytest.raises(ZeroDivisionError), instrumented("watch runs"):
        raise ZeroDivisionError("a bug")

    assert emitted.properties("failed") == [{"work": "watch runs", "sentence": "a bug"}]
    assert not spans.named("watch runs").status.is_ok
    assert order == ["set up", "sent"]


def test_an_invocation_ended_from_outside_is_no_failure_and_is_sent(order: list[str], emitted: Emitted) -> None:
    with pytest.raises(KeyboardInterrupt), instrumented("watch runs"):
        raise KeyboardInterrupt

    assert emitted.records() == []
    assert order == ["set up", "sent"]
