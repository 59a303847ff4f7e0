"""Reads JSON bodies: absent and null are alike, another type than expected is the caller's mistake.

All functions raise `ArmError` (400) with the path, if something else stands there; see `tools.emulator.fleet.field`.
"""

from __future__ import annotations

from tools.emulator.fleet.field import Field
from tools.emulator.json_value import Json


def object_at(value: Json, *path: str) -> dict[str, Json]:
    """The object at the path; an empty one if there is none."""
    return Field(value).at(*path).object()


def objects_at(value: Json, *path: str) -> list[dict[str, Json]]:
    """The list of objects at the path; an empty one if there is none."""
    return [item.object() for item in Field(value).at(*path).items()]


def text_at(value: Json, *path: str) -> str:
    """The text at the path; an empty one if there is none."""
    return Field(value).at(*path).text()


def integer_at(value: Json, *path: str) -> int:
    """The whole number at the path; 0 if there is none."""
    return Field(value).at(*path).integer()


def flag_at(value: Json, *path: str) -> bool:
    """The boolean at the path; False if there is none."""
    return Field(value).at(*path).flag()
