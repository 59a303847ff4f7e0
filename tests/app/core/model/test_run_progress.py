"""What a run waits for, and for how long."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from shared.core.model.run_progress import NO_PROGRESS, PendingGate, PendingReason, RunProgress, Wait
from tests.app.builders import NOW

GATE = PendingGate("gate", "go?", "stage", "", "Before", NOW - timedelta(days=3))
SCHEDULED = replace(GATE, is_scheduled=True, opens_at=NOW + timedelta(days=1))
OVERDUE = replace(SCHEDULED, opens_at=NOW - timedelta(days=4))
WINDOW = Wait(PendingReason.MAINTENANCE_WINDOW, NOW - timedelta(days=2))
REGION = Wait(PendingReason.REGION, NOW - timedelta(days=5))
UNDATED = Wait(PendingReason.REGION, None)
NOTHING = Wait(PendingReason.UNKNOWN, None)


@pytest.mark.parametrize(
    ("ago", "days"),
    [(timedelta(hours=36), 1.5), (timedelta(0), 0.0), (timedelta(hours=-1), 0.0), (None, 0.0)],
)
def test_a_wait_lasts_since_it_began_and_never_less_than_nothing(ago: timedelta | None, days: float) -> None:
    since = None if ago is None else NOW - ago

    assert Wait(PendingReason.REGION, since).days(NOW) == days
    assert replace(GATE, since=since).days(NOW) == days


@pytest.mark.parametrize(
    ("progress", "longest"),
    [
        (NO_PROGRESS, NOTHING),
        (RunProgress(stage_states={"stage": "Pending"}), NOTHING),
        (RunProgress(pending_gates=(GATE,)), Wait(PendingReason.GATE, GATE.since)),
        (RunProgress(pending_members=(WINDOW, REGION)), REGION),
        (RunProgress(pending_gates=(SCHEDULED,)), Wait(PendingReason.SCHEDULED_START, SCHEDULED.opens_at)),
        (RunProgress(pending_gates=(SCHEDULED,), pending_members=(WINDOW,)), WINDOW),
        (RunProgress(pending_gates=(OVERDUE, GATE)), Wait(PendingReason.SCHEDULED_START, OVERDUE.opens_at)),
        (RunProgress(pending_members=(REGION, WINDOW)), REGION),
        (RunProgress(pending_gates=(GATE,), pending_members=(WINDOW,)), Wait(PendingReason.GATE, GATE.since)),
        (RunProgress(pending_gates=(GATE,), pending_members=(WINDOW, REGION)), REGION),
        (RunProgress(pending_members=(UNDATED, WINDOW)), WINDOW),
        (RunProgress(pending_members=(UNDATED,)), UNDATED),
    ],
)
def test_a_run_waits_for_what_has_been_pending_longest(progress: RunProgress, longest: Wait) -> None:
    assert progress.longest_wait(NOW) == longest


def test_a_scheduled_gate_is_no_wait_before_its_time_and_for_no_one_to_approve() -> None:
    assert (SCHEDULED.days(NOW), OVERDUE.days(NOW)) == (0, 4)
    assert RunProgress(pending_gates=(SCHEDULED, GATE, OVERDUE)).gates_to_approve == (GATE,)


@pytest.mark.parametrize(
    ("gate", "text"),
    [
        (GATE, "gate 'go?' before stage stage"),
        (replace(GATE, display_name="", group="canary", timing="After"), "a gate after group canary"),
    ],
)
def test_a_gate_is_named_with_its_place(gate: PendingGate, text: str) -> None:
    assert str(gate) == text
