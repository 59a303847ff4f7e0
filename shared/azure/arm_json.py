"""Takes values out of ARM's JSON. Nothing here raises on a value of a wrong kind: it is odd, and becomes `Unparsed`."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TypeAlias, TypeVar

from shared.core.unknown import Unparsed
from shared.errors import InvalidInputError

Json: TypeAlias = "dict[str, Json] | list[Json] | str | int | float | bool | None"
JsonObject: TypeAlias = "dict[str, Json]"

MISSING = Unparsed("missing")
"""Stands for a value that has to be there and is not."""

_SHOWN_CHARACTERS = 200

T = TypeVar("T")


def value_at(value: Json, *path: str) -> Json:
    """The value under the keys, one object in another; None where one is missing, or is no object."""
    for key in path:
        if not isinstance(value, dict):
            return None
        value = value.get(key)
    return value


def items_at(value: Json, *path: str) -> list[Json]:
    """The items of the list under the keys; none where it is missing, null, or no list."""
    found = value_at(value, *path)
    return found if isinstance(found, list) else []


def text_at(value: Json, *path: str) -> str:
    """The text under the keys; empty where it is missing or no text."""
    found = value_at(value, *path)
    return found if isinstance(found, str) else ""


def parsed(value: Json, parse: Callable[[str], T]) -> T | Unparsed | None:
    """The value parsed; None where it is missing, null or empty, as ARM writes what is not set."""
    if value is None or value == "":
        return None
    if not isinstance(value, str):
        return Unparsed(shown(value))
    try:
        return parse(value)
    except (InvalidInputError, ValueError):
        return Unparsed(value)


def parsed_or_missing(value: Json, parse: Callable[[str], T]) -> T | Unparsed:
    """The value parsed; one that is not there is as odd as one that cannot be parsed."""
    found = parsed(value, parse)
    return MISSING if found is None else found


def shown(value: Json) -> str:
    """A value in a sentence for a person."""
    text = value if isinstance(value, str) else json.dumps(value)
    return text if len(text) <= _SHOWN_CHARACTERS else f"{text[:_SHOWN_CHARACTERS]}…"
