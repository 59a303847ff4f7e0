"""Reads JSON bodies: a value, and the path that leads to it, which errors name.

Absent and null are alike. Every reader raises `ArmError` (400 `InvalidRequestContent`) with the path where the value
has another JSON type.
"""

from __future__ import annotations

from dataclasses import dataclass

from tools.emulator.arm.errors import invalid_content
from tools.json_value import Json


@dataclass(frozen=True)
class Field:
    """`path` is written as in ARM's targets: `properties.strategy.stages[0].name`. Absent and null are alike.

    Every reader raises `ArmError` (400 `InvalidRequestContent`) with the path if the value has another JSON type.
    """

    value: Json
    path: str = ""

    @property
    def is_given(self) -> bool:
        """Whether there is a value."""
        return self.value is not None

    @property
    def name(self) -> str:
        """The last name of the path."""
        return self.path.rpartition(".")[2] or "the body"

    def at(self, *names: str) -> Field:
        """The field below, through objects."""
        field = self
        for name in names:
            path = f"{field.path}.{name}" if field.path else name
            field = Field(field.object().get(name), path)
        return field

    def object(self) -> dict[str, Json]:
        """The object here; an empty one if there is none."""
        if self.value is None:
            return {}
        if not isinstance(self.value, dict):
            raise self._is_not("an object")
        return self.value

    def items(self) -> list[Field]:
        """The items of the list here; none if there is none."""
        if self.value is None:
            return []
        if not isinstance(self.value, list):
            raise self._is_not("a list")
        return [Field(item, f"{self.path}[{number}]") for number, item in enumerate(self.value)]

    def text(self) -> str:
        """The text here; an empty one if there is none."""
        if self.value is None:
            return ""
        if not isinstance(self.value, str):
            raise self._is_not("a text")
        return self.value

    def integer(self) -> int:
        """The whole number here; 0 if there is none."""
        if self.value is None:
            return 0
        if isinstance(self.value, bool) or not isinstance(self.value, int):
            raise self._is_not("a whole number")
        return self.value

    def flag(self) -> bool:
        """The boolean here; False if there is none."""
        if self.value is None:
            return False
        if not isinstance(self.value, bool):
            raise self._is_not("true or false")
        return self.value

    def texts(self) -> dict[str, str]:
        """The object of texts here, such as tags and labels."""
        found: dict[str, str] = {}
        for name in self.object():
            field = self.at(name)
            if not isinstance(field.value, str):
                raise field._is_not("a text")
            found[name] = field.value
        return found

    def _is_not(self, kind: str) -> Exception:
        return invalid_content(f"'{self.name}' must be {kind}.", self.path or None)


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
