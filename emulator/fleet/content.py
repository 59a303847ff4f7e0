"""Reads JSON bodies: absent and null are alike, another type than expected is the caller's mistake."""

from __future__ import annotations

from emulator.arm import invalid_content
from emulator.json_value import Json


def object_at(value: Json, *path: str) -> dict[str, Json]:
    """The object at the path; an empty one if there is none.

    Raises:
        ArmError: 400, there is something else.
    """
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise invalid_content(f"'{path[-1] if path else 'the body'}' must be an object.", ".".join(path) or None)
    return value


def objects_at(value: Json, *path: str) -> list[dict[str, Json]]:
    """The list of objects at the path; an empty one if there is none.

    Raises:
        ArmError: 400, there is something else.
    """
    items = object_at(value, *path[:-1]).get(path[-1])
    if items is None:
        return []
    if not isinstance(items, list):
        raise invalid_content(f"'{path[-1]}' must be a list.", ".".join(path))
    return [object_at(item) for item in items]


def text_at(value: Json, *path: str) -> str:
    """The text at the path; an empty one if there is none.

    Raises:
        ArmError: 400, there is something else.
    """
    text = object_at(value, *path[:-1]).get(path[-1])
    if text is None:
        return ""
    if not isinstance(text, str):
        raise invalid_content(f"'{path[-1]}' must be a text.", ".".join(path))
    return text


def integer_at(value: Json, *path: str) -> int:
    """The whole number at the path; 0 if there is none.

    Raises:
        ArmError: 400, there is something else.
    """
    number = object_at(value, *path[:-1]).get(path[-1])
    if number is None:
        return 0
    if isinstance(number, bool) or not isinstance(number, int):
        raise invalid_content(f"'{path[-1]}' must be a whole number.", ".".join(path))
    return number


def flag_at(value: Json, *path: str) -> bool:
    """The boolean at the path; False if there is none.

    Raises:
        ArmError: 400, there is something else.
    """
    flag = object_at(value, *path[:-1]).get(path[-1])
    if flag is None:
        return False
    if not isinstance(flag, bool):
        raise invalid_content(f"'{path[-1]}' must be true or false.", ".".join(path))
    return flag
