"""Reads JSON from ARM defensively: a field of another type than expected counts as absent."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence

from shared.excerpt import excerpt_of, printable

JsonObject = Mapping[str, object]

NOT_A_LIST = "a text instead of a list"
_GENERATOR = "<generator object "
OBJECTS = (dict, Mapping)
"""Types of a JSON object: the same as `Mapping`, and `isinstance` finds a `dict` ten times as fast. A sweep reads
millions of values."""


def value_at(value: object, *path: str) -> object:
    """The value at the path; None if there is none."""
    for name in path:
        if isinstance(value, dict):
            value = value.get(name)
        elif value is None:
            return None
        else:
            value = value.get(name) if isinstance(value, Mapping) else None
    return of_json(value) if isinstance(value, str) else value


def of_json(value: object) -> object:
    """The value, or `NOT_A_LIST`: of a text instead of a list, `as_dict` of the SDKs makes the text of a generator."""
    return NOT_A_LIST if isinstance(value, str) and value.startswith(_GENERATOR) else value


def object_at(value: object, *path: str) -> JsonObject:
    """The object at the path; an empty one if there is none."""
    found = value_at(value, *path)
    return found if isinstance(found, OBJECTS) else {}


def objects_at(value: object, *path: str) -> list[JsonObject]:
    """The objects in the list at the path; none if there is no list."""
    items = value_at(value, *path)
    if not isinstance(items, Sequence) or isinstance(items, str):
        return []
    return [item for item in items if isinstance(item, OBJECTS)]


def text_at(value: object, *path: str) -> str | None:
    """The text at the path; None if there is none, or an empty one."""
    text = value_at(value, *path)
    return text if isinstance(text, str) and text else None


def shared_text(content: JsonObject, name: str) -> str | None:
    """The text in the field, of which there is one copy in memory however many resources have it, such as a state."""
    text = content.get(name)
    return sys.intern(text) if isinstance(text, str) and text else None


def texts_at(value: object, *path: str) -> dict[str, str]:
    """The texts in the object at the path, by name; other values are not texts, and are omitted."""
    return {name: text for name, text in object_at(value, *path).items() if isinstance(text, str)}


def integer_at(value: object, *path: str) -> int:
    """The whole number at the path; 0 if there is none."""
    number = value_at(value, *path)
    return number if isinstance(number, int) and not isinstance(number, bool) else 0


def flag_at(value: object, *path: str) -> bool:
    """Whether the field at the path is true; AKS and Fleet omit false ones."""
    return value_at(value, *path) is True


def possible_flag_at(value: object, *path: str) -> bool:
    """Whether the field at the path may be true: not false and not absent. For flags that prevent an upgrade."""
    return value_at(value, *path) not in (None, False)


def shown(value: object) -> str:
    """A value in a sentence for a person: short and printable, however long the value is."""
    return printable(value) if isinstance(value, str) else excerpt_of(value)
