"""Bodies that Azure's specification refuses, each for one property: made from one that is right."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, TypeAlias

from tests.tools.emulator_wire.writable import Writable
from tools.emulator.specification import definitions_of
from tools.json_value import Json, JsonObject

_OTHER: Final[dict[str, Json]] = {
    "string": 7,
    "integer": "many",
    "number": "many",
    "boolean": "yes",
    "array": "all",
    "object": "all",
}
Steps: TypeAlias = tuple[str | int, ...]


@dataclass(frozen=True)
class Spoilt:
    """A body, what is wrong with it, and the property's name."""

    body: JsonObject
    how: str
    name: str


def spoilt_bodies(right: Writable) -> Iterator[Spoilt]:
    """Each property of another JSON type, too long, of another form, out of its range, not of its values, missing."""
    definitions = definitions_of(right.file)
    for steps, schema in _places(right.body, {"$ref": f"#/$defs/{right.definition}"}, definitions, ()):
        for how, bad in _values(schema) if steps else ():
            yield Spoilt(_changed(right.body, steps, bad), f"{_place(steps)} {how}", _name(steps))
        for name in _texts(schema.get("required")):
            missing = (*steps, name)
            yield Spoilt(_changed(right.body, missing, None), f"{_place(missing)} is missing", name)


def _places(value: Json, schema: Json, definitions: JsonObject, steps: Steps) -> Iterator[tuple[Steps, JsonObject]]:
    """Every place in a body, with the schema of what is there."""
    while isinstance(schema, dict) and "$ref" in schema:
        schema = definitions[str(schema["$ref"]).removeprefix("#/$defs/").replace("~1", "/")]
    if not isinstance(schema, dict):
        return
    yield steps, schema
    if isinstance(value, dict):
        properties = schema.get("properties")
        known: JsonObject = properties if isinstance(properties, dict) else {}
        for name, item in value.items():
            yield from _places(item, known.get(name, schema.get("additionalProperties")), definitions, (*steps, name))
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from _places(item, schema.get("items"), definitions, (*steps, number))


def _values(schema: JsonObject) -> Iterator[tuple[str, Json]]:
    kind = schema.get("type")
    if isinstance(kind, str):
        yield "is of another type", _OTHER[kind]
    if "maxLength" in schema:
        yield "is too long", "a" * (_number(schema["maxLength"]) + 1)
    if _number(schema.get("minLength", 0)) > 0:
        yield "is empty", ""
    if "pattern" in schema:
        yield "is of another form", "No Such Form!"
    if kind == "integer":
        yield "is too small", _number(schema.get("minimum", -(2**31))) - 1
        yield "is too large", _number(schema.get("maximum", 2**31 - 1)) + 1
        yield "is far too large", 10**20
    if "enum" in schema:
        yield "is none of its values", "Nonsense"


def _number(value: Json) -> int:
    assert isinstance(value, int)
    return value


def _texts(value: Json) -> list[str]:
    return [str(item) for item in value] if isinstance(value, list) else []


def _changed(body: JsonObject, steps: Steps, value: Json) -> JsonObject:
    """A copy with another value at a place; with None, which Azure takes for no value, it is missing there."""
    whole = copy.deepcopy(body)
    place: Json = whole
    for step in steps[:-1]:
        place = place[step]  # type: ignore[index]
    place[steps[-1]] = value  # type: ignore[index]
    return whole


def _place(steps: Steps) -> str:
    return ".".join(map(str, steps))


def _name(steps: Steps) -> str:
    return str(next(step for step in reversed(steps) if isinstance(step, str)))
