"""Decodes JSON, and makes only the values that a projection has: the rest of a response, most of it, is skipped.

What a page of Resource Graph has besides took more time than all decisions on it (`tools/benchmarks/memory.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypedDict, cast

import msgspec
from azure.core.exceptions import DecodeError

from shared.azure.json_value import JsonObject
from shared.azure.projection import ANY, ITEMS, KEYS, Projection, Tree


class ProjectedJson:
    """Reads the fields of a projection from responses; safe to use from several threads."""

    def __init__(self, projection: Projection) -> None:
        self._decoder: msgspec.json.Decoder[Any] = msgspec.json.Decoder(_type_of(projection.tree))

    def read(self, text: bytes) -> JsonObject:
        """The JSON object in a response, without the other fields; with all, if a value is of another type.

        Raises:
            DecodeError: it has none.
        """
        try:
            return cast("JsonObject", self._decoder.decode(text))
        except msgspec.ValidationError:
            return json_object(text)
        except (ValueError, RecursionError) as error:
            raise DecodeError("not JSON") from error


def json_object(text: bytes) -> JsonObject:
    """The JSON object in a response.

    Raises:
        DecodeError: it has none.
    """
    try:
        content: object = msgspec.json.decode(text)
    except (ValueError, RecursionError) as error:
        raise DecodeError("not JSON") from error
    if not isinstance(content, Mapping):
        raise DecodeError("not a JSON object")
    return content


_make_type: Any = TypedDict
"""Called as it is, since a type checker wants fields that it knows."""


def _type_of(tree: Tree) -> Any:  # noqa: ANN401 - a type that is made here
    """The type of an object with these fields, as the decoder needs it; each may be null."""
    if not tree or any(part.endswith(ANY) for part in tree):
        return Any
    fields = {part.removesuffix(ITEMS).removesuffix(KEYS): _type_at(part, below) for part, below in tree.items()}
    return _make_type("Fields", fields, total=False)


def _type_at(part: str, below: Tree) -> Any:  # noqa: ANN401 - as above
    if part.endswith(KEYS) or not below:
        return Any
    return list[_type_of(below)] | None if part.endswith(ITEMS) else _type_of(below) | None  # type: ignore[misc]
