"""Checks the parts of a JSON body, naming the field that is wrong."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from shared.errors import InvalidInputError


def parsed(body: bytes) -> object:
    """The JSON in a request's body.

    Raises:
        InvalidInputError: it is not JSON.
    """
    try:
        content: object = json.loads(body)
    except ValueError as error:
        raise InvalidInputError("body", body.decode(errors="replace"), f"JSON ({error})") from error
    return content


def a_mapping(value: object, field: str) -> Mapping[str, object]:
    """The value as a JSON object.

    Raises:
        InvalidInputError: it is something else, or missing.
    """
    if not isinstance(value, Mapping):
        raise InvalidInputError(field, value, "a JSON object")
    return value


def a_mapping_or_nothing(value: object, field: str) -> Mapping[str, object]:
    """The value as a JSON object, an empty one for null or nothing.

    Raises:
        InvalidInputError: it is something else.
    """
    return {} if value is None else a_mapping(value, field)


def a_list(value: object, field: str) -> Sequence[object]:
    """The value as a JSON array.

    Raises:
        InvalidInputError: it is something else, or missing.
    """
    if not isinstance(value, list):
        raise InvalidInputError(field, value, "a JSON array")
    return value


def a_list_or_nothing(value: object, field: str) -> Sequence[object]:
    """The value as a JSON array, an empty one for null or nothing.

    Raises:
        InvalidInputError: it is something else.
    """
    return () if value is None else a_list(value, field)


def a_text(value: object, field: str) -> str:
    """The value as a text that is not empty.

    Raises:
        InvalidInputError: it is something else, or missing.
    """
    if not isinstance(value, str) or not value:
        raise InvalidInputError(field, value, "a text")
    return value


def only(content: Mapping[str, object], names: Sequence[str], field: str) -> None:
    """See to it that an object has no other properties.

    Raises:
        InvalidInputError: it has one.
    """
    for name, value in content.items():
        if name not in names:
            raise InvalidInputError(f"{field}.{name}", value, f"no other property than {', '.join(names)}")
