"""ISO 8601 durations of a fixed length, and nothing else."""

from __future__ import annotations

from datetime import timedelta

import pytest

from shared.core.model.duration import parse_duration
from shared.errors import InvalidInputError


@pytest.mark.parametrize(
    ("text", "duration"),
    [("PT0S", timedelta(0)), ("P7D", timedelta(days=7)), ("P1DT2H", timedelta(days=1, hours=2))],
)
def test_a_duration_of_a_fixed_length_is_read(text: str, duration: timedelta) -> None:
    assert parse_duration(text, "SOAK") == duration


@pytest.mark.parametrize("text", ["", "P", "7d", "P1M", "P1Y", "-P1D", "P1D ", "P99999999999D", "P2026-13-45T99:99:99"])
def test_anything_else_is_refused_with_the_field_and_what_is_valid(text: str) -> None:
    with pytest.raises(InvalidInputError) as caught:
        parse_duration(text, "SOAK")

    assert (caught.value.field, caught.value.value) == ("SOAK", text)
    assert "P7D or PT1H" in caught.value.expected
