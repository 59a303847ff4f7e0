"""When a failed run is tried again: the pause doubles, and is never longer than a day."""

from __future__ import annotations

from datetime import timedelta

import pytest

from shared.core.runs.existing_run import pause_before, retry_due_at
from tests.app.builders import NOW


@pytest.mark.parametrize(
    ("retry", "pause"),
    [
        (1, timedelta(minutes=15)),
        (2, timedelta(minutes=30)),
        (3, timedelta(hours=1)),
        (4, timedelta(hours=2)),
        (7, timedelta(hours=16)),
        (8, timedelta(hours=24)),
        (10, timedelta(hours=24)),
    ],
)
def test_the_pause_doubles_up_to_a_day(retry: int, pause: timedelta) -> None:
    assert pause_before(retry) == pause


def test_a_retry_is_due_a_pause_after_the_run_failed() -> None:
    assert retry_due_at(NOW, 2, NOW + timedelta(days=1)) == NOW + timedelta(minutes=30)


def test_a_retry_is_due_at_once_if_nobody_says_when_the_run_failed() -> None:
    assert retry_due_at(None, 2, NOW) == NOW
