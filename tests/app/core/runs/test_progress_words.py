"""A pending run says what it waits for, and a run with tolerated failures says how many."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from shared.core.model.run_progress import NO_PROGRESS, Failures, PendingGate, RunProgress
from shared.core.runs.progress_words import tolerated, waits_for

APPROVAL = PendingGate("id", "go?", "canary", "", "Before", None)
SCHEDULED = PendingGate("id", "night", "prod", "eu", "After", None, is_scheduled=True)
AT = datetime(2026, 1, 6, 23, 30, tzinfo=UTC)

WAITS = "gate 'go?' before stage canary waits for approval"
OPENS = "gate 'night' after group eu opens at 2026-01-06 23:30 UTC"


@pytest.mark.parametrize(
    ("gates", "words"),
    [
        ((), "a maintenance window, or a region that has not got the version"),
        ((APPROVAL,), WAITS),
        ((SCHEDULED,), "gate 'night' after group eu opens at its scheduled time"),
        (
            (replace(SCHEDULED, opens_at=AT), APPROVAL),
            " and ".join((OPENS, WAITS)),
        ),
    ],
)
def test_a_pending_run_names_its_gates_and_until_when_they_wait(gates: tuple[PendingGate, ...], words: str) -> None:
    assert waits_for(RunProgress(pending_gates=gates)) == words


def test_failures_within_the_limit_are_tolerated_and_said() -> None:
    failures = {"canary": Failures(1, 2), "prod": Failures(3, 2)}

    assert tolerated(RunProgress(failures=failures)) == " Failed and tolerated: 1 of at most 2 in stage canary."
    assert tolerated(NO_PROGRESS) == ""
