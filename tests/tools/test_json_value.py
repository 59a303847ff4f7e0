"""JSON from a request: what cannot be read is one kind of error, however deep it is."""

from __future__ import annotations

import pytest

from tools.json_value import parse_json


@pytest.mark.parametrize("text", ["", "{", b"\xff", "[" * 100_000, "[" * 100_000 + "]" * 100_000])
def test_what_is_no_json_or_too_deep_is_a_value_error(text: str | bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse_json(text)


def test_json_is_read_from_text_and_bytes() -> None:
    assert parse_json('{"a": [1]}') == parse_json(b'{"a": [1]}') == {"a": [1]}
