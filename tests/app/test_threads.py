"""Garbage collection pauses where it would only cost time, and always goes on."""

import gc

import pytest

from shared.threads import no_garbage_collection


def test_collection_goes_on_after_a_failure() -> None:
    with pytest.raises(ZeroDivisionError), no_garbage_collection():
        _ = 1 / gc.isenabled()
    assert gc.isenabled()


def test_a_pause_within_a_pause_does_not_end_the_outer_one() -> None:
    with no_garbage_collection():
        with no_garbage_collection():
            pass
        assert not gc.isenabled()
    assert gc.isenabled()
