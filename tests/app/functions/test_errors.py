"""The messages of errors: short enough for a log line."""

from __future__ import annotations

from shared.errors import FAILURES_SHOWN, IncompleteError, InvalidInputError


def test_of_many_failures_the_first_are_named_and_all_are_counted() -> None:
    failures = [f"fleet {number}" for number in range(1000)]
    error = IncompleteError("Deciding profiles", failures)

    assert error.failures == tuple(failures)
    assert str(error).startswith("Deciding profiles: 1000 failed: fleet 0; fleet 1; ")
    assert str(error).endswith(f"fleet {FAILURES_SHOWN - 1}; and {1000 - FAILURES_SHOWN} more")


def test_a_few_failures_are_all_named() -> None:
    assert str(IncompleteError("Deciding profiles", ["one", "two"])) == "Deciding profiles: 2 failed: one; two"


def test_an_excerpt_of_a_value_is_short_and_printable() -> None:
    assert InvalidInputError("field", "a week", "a duration").excerpt == "a week"
    assert InvalidInputError("field", ["a\n"], "a duration").excerpt == "['a\\n']"
    assert len(InvalidInputError("field", "x" * 1000, "a duration").excerpt) == 201
