"""Checks the parts of a JSON body, naming the field that is wrong."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from shared.errors import InvalidInputError
from shared.excerpt import MAXIMUM_LENGTH


def parse_json(body: bytes) -> object:
    """The JSON in a request's body.

    Raises:
        InvalidInputError: it is not JSON, or nested too deeply to be read.
    """
    try:
        content: object = json.loads(body)
    except ValueError as error:
        raise InvalidInputError("body", _beginning_of(body), f"JSON ({error})") from None
    except RecursionError:
        raise InvalidInputError("body", _beginning_of(body), "JSON of fewer levels") from None
    return content


def _beginning_of(body: bytes) -> str:
    """The first characters of the body, somewhat more than an error shows: a body may be long."""
    return body[: 4 * MAXIMUM_LENGTH].decode(errors="replace")


def require_object(value: object, field: str) -> Mapping[str, object]:
    """The value as a JSON object.

    Raises:
        InvalidInputError: it is something else, or missing.
    """
    if not isinstance(value, Mapping):
        raise InvalidInputError(field, value, "a JSON object")
    return value


def optional_object(value: object, field: str) -> Mapping[str, object]:
    """The value as a JSON object, an empty one for null or nothing.

    Raises:
        InvalidInputError: it is something else.
    """
    return {} if value is None else require_object(value, field)


def require_list(value: object, field: str) -> Sequence[object]:
    """The value as a JSON array.

    Raises:
        InvalidInputError: it is something else, or missing.
    """
    if not isinstance(value, list):
        raise InvalidInputError(field, value, "a JSON array")
    return value


def optional_list(value: object, field: str) -> Sequence[object]:
    """The value as a JSON array, an empty one for null or nothing.

    Raises:
        InvalidInputError: it is something else.
    """
    return () if value is None else require_list(value, field)


def require_text(value: object, field: str) -> str:
    """The value as a text that is not empty.

    Raises:
        InvalidInputError: it is something else, or missing.
    """
    if not isinstance(value, str) or not value:
        raise InvalidInputError(field, value, "a text")
    return value


def reject_other_properties(content: Mapping[str, object], names: Sequence[str], field: str) -> None:
    """Check that an object has no other properties.

    Raises:
        InvalidInputError: it has one.
    """
    for name, value in content.items():
        if name not in names:
            expected = f"no other property than {', '.join(names)}"
            raise InvalidInputError(f"{field}.{name}", value, expected, reported_field=f"A property of {field}")
