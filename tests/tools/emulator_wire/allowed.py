"""Bodies that Azure's specification allows, as a Hypothesis strategy.

hypothesis-jsonschema 0.23.1 fails with the Hypothesis that is locked, whose internals it uses; what the specification
needs of JSON Schema is little.
"""

from __future__ import annotations

from functools import cache
from typing import Final

from hypothesis import strategies as st

from tools.emulator.specification import definitions_of
from tools.json_value import Json, JsonObject

_ENVELOPE: Final = frozenset({"apiVersion", "eTag", "id", "name", "systemData", "type"})
_ANY: Final[st.SearchStrategy[Json]] = st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=5))
_NAME: Final = st.text("abc-", min_size=1, max_size=4)


@cache
def bodies(file: str, definition: str) -> st.SearchStrategy[JsonObject]:
    """Bodies of a definition, without what Resource Manager itself has on every resource."""
    schema = _resolved({"$ref": f"#/$defs/{definition}"}, file)
    return _objects(schema, file, omitted=_ENVELOPE)


def _values(schema: JsonObject, file: str) -> st.SearchStrategy[Json]:
    schema = _resolved(schema, file)
    values = schema.get("enum")
    if isinstance(values, list):
        return st.sampled_from(values)
    match schema.get("type"):
        case "object":
            return _objects(schema, file)
        case "array":
            items, most = schema.get("items", {}), schema.get("maxItems", 2)
            assert isinstance(items, dict)
            return st.lists(_values(items, file), max_size=min(2, int(str(most)))).map(list)
        case "string":
            return _texts(schema)
        case "integer":
            return st.integers(int(str(schema["minimum"])), int(str(schema["maximum"])))
        case "number":
            return st.floats(-1, 100)
        case "boolean":
            return st.booleans()
    return _ANY


def _texts(schema: JsonObject) -> st.SearchStrategy[Json]:
    least, most = int(str(schema.get("minLength", 0))), int(str(schema.get("maxLength", 20)))
    if "pattern" in schema:
        fitting = st.from_regex(str(schema["pattern"]).replace("$", r"\Z"), alphabet=st.characters(codec="ascii"))
        return fitting.filter(lambda text: least <= len(text) <= most).map(str)
    return st.text(min_size=least, max_size=min(most, 20)).map(str)


def _objects(schema: JsonObject, file: str, omitted: frozenset[str] = frozenset()) -> st.SearchStrategy[JsonObject]:
    properties, required, rest = (schema.get(key) for key in ("properties", "required", "additionalProperties"))
    known: JsonObject = properties if isinstance(properties, dict) else {}
    if not known and isinstance(rest, dict):
        return st.dictionaries(_NAME, _values(rest, file), max_size=2)
    needed = required if isinstance(required, list) else []
    strategies = {
        name: _values(below, file)
        for name, below in known.items()
        if isinstance(below, dict) and below and name not in omitted
    }
    return st.fixed_dictionaries(
        {name: strategy for name, strategy in strategies.items() if name in needed},
        optional={name: strategy for name, strategy in strategies.items() if name not in needed},
    )


def _resolved(schema: JsonObject, file: str) -> JsonObject:
    while "$ref" in schema:
        found = definitions_of(file)[str(schema["$ref"]).removeprefix("#/$defs/").replace("~1", "/")]
        assert isinstance(found, dict)
        schema = found
    return schema
