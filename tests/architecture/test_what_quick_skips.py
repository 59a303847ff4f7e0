"""What `./dev test --quick` skips is there: a file that moved would take its time in the quick tests, unnoticed."""

from __future__ import annotations

import pytest

from tests.conftest import NEED_A_STACK, SLOW
from tools.paths import ROOT


@pytest.mark.parametrize("place", [*NEED_A_STACK, *SLOW])
def test_each_place_that_is_skipped_exists(place: str) -> None:
    assert (ROOT / place).exists()


def test_no_place_comes_after_one_that_it_is_in() -> None:
    places = (*NEED_A_STACK, *SLOW)
    assert [place for at, place in enumerate(places) if place.startswith(places[:at])] == []
