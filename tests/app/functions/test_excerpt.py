"""Excerpts of values in messages: short, printable, and no more of a value is read than is shown."""

from __future__ import annotations

import pytest

from shared.excerpt import MAXIMUM_LENGTH, excerpt_of, printable


@pytest.mark.parametrize("value", ["", "a", "it's", 7, 1.5, True, [], {}, [1, "a"], {"a": [1]}, "x" * 198])
def test_a_short_value_is_shown_whole_as_python_writes_it(value: object) -> None:
    assert excerpt_of(value) == repr(value)


@pytest.mark.parametrize(
    "value",
    ["x" * 199, "x" * 10**6, ["x" * 300], {"x" * 300: 1}, [["y" * 90] * 5] * 5, {str(n): "z" * 90 for n in range(9)}],
)
def test_a_long_value_is_cut_off_and_the_cut_is_marked(value: object) -> None:
    assert len(excerpt_of(value)) == MAXIMUM_LENGTH + 1
    assert excerpt_of(value).endswith("…")


def test_a_value_without_end_is_shown_all_the_same() -> None:
    endless: list[object] = []
    endless.append(endless)

    assert excerpt_of(endless) == "[[[[...]]]]"


@pytest.mark.parametrize("character", ["\n", "\r", "\t", "\x00", "\x1b", "\x7f", "\u2028", "\u202e", "\ud800"])
def test_what_cannot_be_printed_is_escaped(character: str) -> None:
    escaped = repr(character)[1:-1]

    assert excerpt_of(f"a{character}b") == f"'a{escaped}b'"
    assert printable(f"a{character}b") == f"a{escaped}b"
    assert excerpt_of({character: 1}).isprintable()


@pytest.mark.parametrize("text", ["", "data.customProperties.action", "Größe", "x" * MAXIMUM_LENGTH])
def test_a_printable_text_is_left_as_it_is(text: str) -> None:
    assert printable(text) == text


@pytest.mark.parametrize("text", ["x" * (MAXIMUM_LENGTH + 1), "\n" * MAXIMUM_LENGTH, "x" * 10**6])
def test_a_long_text_is_cut_off(text: str) -> None:
    assert len(printable(text)) == MAXIMUM_LENGTH + 1
    assert printable(text).endswith("…")
