"""How long the schedules of the timers pause."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.schedule import longest_pause

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.mark.parametrize(
    ("schedule", "pause"),
    [
        ("0 0 * * * *", HOUR),
        ("0 */10 * * * *", timedelta(minutes=10)),
        ("0 5/20 * * * *", timedelta(minutes=20)),
        ("0 0 6-8 * * *", 22 * HOUR),
        ("0 0 6,18 * * *", 12 * HOUR),
        ("0 15 6 * * *", DAY),
        ("0 0 6 * * Mon-Fri", 3 * DAY),
        ("0 0 6 * * 1", 7 * DAY),
        ("0 0 0 1 * *", 31 * DAY),
        ("0 0 0 1 January *", 366 * DAY),
        ("0 0 0 29 2 *", 1461 * DAY),
        ("30 */7 * * * *", timedelta(minutes=7)),
    ],
)
def test_the_longest_pause_between_two_runs(schedule: str, pause: timedelta) -> None:
    assert longest_pause(schedule) == pause


@pytest.mark.parametrize(
    "schedule",
    [
        *("", "0 0 * * *", "01:00:00", "0 60 * * * *", "0 x * * * *", "0 5- * * * *", "0 */0 * * * *", "0 9-5 * * * *"),
        *("0 0 0 31 2 *", "0 0 0 * 13 *", "0 0 0 * * 7", "0 0 0 * Foo *", "0 , * * * *"),
    ],
)
def test_no_schedule_and_one_that_never_runs_have_none(schedule: str) -> None:
    assert longest_pause(schedule) is None


@settings(max_examples=50, deadline=None)
@given(st.integers(1, 59))
def test_no_pause_within_an_hour_is_longer_than_the_step(step: int) -> None:
    pause = longest_pause(f"0 */{step} * * * *")

    assert pause is not None
    assert timedelta(minutes=1) <= pause <= timedelta(minutes=max(step, 1))


@settings(max_examples=200, deadline=None)
@given(st.text("0123456789*/-,MonFebab ", max_size=30))
def test_any_text_has_a_pause_or_none(text: str) -> None:
    assert longest_pause(text) is None or longest_pause(text) > timedelta(0)  # type: ignore[operator]
