"""JSON values: their types, and reading some whose shape is not known; what has another shape is empty."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import TypeAlias

Json: TypeAlias = "dict[str, Json] | list[Json] | str | int | float | bool | None"
JsonObject: TypeAlias = dict[str, Json]


def parse_json(text: str | bytes) -> Json:
    """The JSON in a text.

    Raises:
        ValueError: it is no JSON, or nested more deeply than it can be read.
    """
    try:
        content: Json = json.loads(text)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    return content


def mapping_of(value: Mapping[str, object], name: str) -> Mapping[str, object]:
    """The object of that name; an empty one if there is none."""
    found = value.get(name)
    return found if isinstance(found, Mapping) else {}


def sequence_of(value: object) -> Sequence[object]:
    """The array itself; an empty one if it is none."""
    return value if isinstance(value, Sequence) and not isinstance(value, str) else ()


def value_at(value: object, *names: str) -> object:
    """What lies at a path of names; None where there is nothing."""
    for name in names:
        value = value.get(name) if isinstance(value, Mapping) else None
    return value


def mappings_in(value: object) -> Iterator[Mapping[str, object]]:
    """Every object in a tree, outer ones first."""
    if isinstance(value, Mapping):
        yield value
        for part in value.values():
            yield from mappings_in(part)
    for part in sequence_of(value):
        yield from mappings_in(part)
