"""Reads documents that a person writes: world files, release timelines, bodies of control requests.

A document is described once, as a pydantic model. The model gives the types, the JSON schema that editors use, and
errors that name the place in the document and say what is right there.
"""

from __future__ import annotations

import difflib
import functools
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any, ClassVar, Final, TypeAlias, TypeVar, cast

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    TypeAdapter,
    ValidationError,
    WithJsonSchema,
    model_validator,
)
from pydantic.alias_generators import to_camel
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, ErrorDetails, PydanticCustomError, core_schema

Path: TypeAlias = tuple[str | int, ...]
"""The keys and indexes that lead to a place in a document."""

_Content = TypeVar("_Content")

_INVALID: Final = "invalid"
"""The type of the errors that validators of this project raise."""
_YEARS: Final = range(1970, 9000)


class DocumentError(ValueError):
    """A document has the wrong form; the message names the file, the place in it, and what is wrong there.

    Args:
        message: what is wrong.
        path: the place; None if the error concerns no single place.
        what: the document, such as a file, or a file and a line of it; None if the caller adds it.
    """

    def __init__(self, message: str, path: Iterable[str | int] | None = None, what: str | None = None) -> None:
        self.message = message
        self.path: Path | None = None if path is None else tuple(path)
        self.what = what
        parts = (what, None if self.path is None else place(self.path), message)
        super().__init__(": ".join(part for part in parts if part is not None))

    def below(self, *path: str | int) -> DocumentError:
        """The same error in a document that contains this one at `path`."""
        return DocumentError(self.message, (*path, *(self.path or ())), self.what)


class Document(BaseModel):
    """Base of the parts of a document: unknown keys are errors, no value is converted to another type.

    `extension_prefix` is what keys begin with that anyone may add; they are ignored. Empty: there are none.
    """

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, use_attribute_docstrings=True)
    extension_prefix: ClassVar[str] = ""

    @model_validator(mode="before")
    @classmethod
    def _reject_unknown_keys(cls, content: object) -> object:
        """Reject a key before its neighbours are read: if another key is missing, the unknown one explains why."""
        if not isinstance(content, dict) or cls.model_config.get("extra") != "forbid":
            return content
        prefix = cls.extension_prefix
        own = {key: value for key, value in content.items() if not (prefix and str(key).startswith(prefix))}
        known = _keys(cls)
        unknown = next((str(key) for key in own if key not in known), None)
        if unknown is not None:
            raise invalid(f"there is no such key{did_you_mean(unknown, known) or _choice(known)}", unknown)
        return own


@functools.cache
def _keys(kind: type[Document]) -> Sequence[str]:
    return [str(field.validation_alias or name) for name, field in kind.model_fields.items()]


class CamelCaseDocument(Document):
    """A document with keys in camel case, as ARM has them."""

    model_config = ConfigDict(alias_generator=to_camel)


@dataclass(frozen=True)
class Form:
    """Annotates a string that has to match a pattern; an error shows `example`, which says what is meant."""

    pattern: str
    example: str

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Check the string after its type."""
        return core_schema.no_info_after_validator_function(self._check, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """Show the pattern to editors."""
        return {**handler(schema), "pattern": self.pattern}

    def _check(self, text: str) -> str:
        if re.fullmatch(self.pattern.removeprefix("^").removesuffix("$"), text) is None:
            raise invalid(f"'{text}' is not {self.example}")
        return text


def invalid(message: str, *path: str | int) -> PydanticCustomError:
    """The error for a validator to raise; `path` leads on from the part that is validated."""
    return PydanticCustomError(_INVALID, "{message}", {"message": message, "path": path})


def read(form: TypeAdapter[_Content], content: object, what: str | None) -> _Content:
    """Read a document; `what` names it in errors.

    Raises:
        DocumentError: it has another form. Of several errors, one nearest to the top of the document.
    """
    try:
        return form.validate_python(content)
    except ValidationError as error:
        explained = [_explained(each, content) for each in error.errors(include_url=False)]
        path, message = min(explained, key=lambda each: len(each[0]))  # what is wrong at the top explains the rest
        raise DocumentError(message, path, what) from None


def place(path: Iterable[str | int]) -> str:
    """A place in a document, as `fleets[0].members[2].region`."""
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)
    return text.removeprefix(".") or "the document"


def did_you_mean(word: str, words: Iterable[str]) -> str:
    """`; did you mean 'eastus'?`, or nothing if no word is similar."""
    close = difflib.get_close_matches(word, list(words), 1)
    return f"; did you mean '{close[0]}'?" if close else ""


def _read_time(value: object) -> object:
    """A time in UTC; one without an offset is in UTC."""
    if not isinstance(value, str):
        return value
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        raise invalid("not a time in ISO 8601, such as 2026-05-11T06:00:00Z") from None
    if moment.year not in _YEARS:
        raise invalid(f"not in a year from {_YEARS.start} to {_YEARS.stop - 1}")
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _read_whole_number(value: object) -> object:
    return int(value) if isinstance(value, float) and value.is_integer() else value


Time: TypeAlias = Annotated[
    datetime, BeforeValidator(_read_time), WithJsonSchema({"type": "string", "format": "date-time"})
]
WHOLE: Final = BeforeValidator(_read_whole_number)
"""Annotates an integer, after its limits: JSON has 15.0 for 15 as well."""


def _explained(error: ErrorDetails, content: object) -> tuple[Path, str]:
    """The place and the message of an error of pydantic."""
    kind, found, context = error["type"], error["input"], error.get("ctx", {})
    path = _path(error["loc"], content)
    if kind == _INVALID:
        return (*path, *context["path"]), str(context["message"])
    if kind == "missing":
        return path, f"'{error['loc'][-1]}' is missing"
    if kind == "union_tag_not_found":
        return path, f"{context['discriminator']} is missing"
    if kind == "union_tag_invalid":
        tag = str(context["discriminator"]).strip("'")
        return (*path, tag), _not_one_of(context["tag"], context["expected_tags"])
    if kind == "literal_error":
        return path, _not_one_of(found, context["expected"])
    if kind in _TYPES:
        quotes = "; write it in quotes" if _TYPES[kind] == "string" and isinstance(found, int | float) else ""
        return path, f"{found!r} is not of type '{_TYPES[kind]}'{quotes}"
    if kind in _LIMITS:
        return path, f"{found!r} {_LIMITS[kind](context)}"
    return path, f"{found!r}: {error['msg'][:1].lower()}{error['msg'][1:]}"


_TYPES: Final = {
    "string_type": "string",
    "int_type": "integer",
    "int_from_float": "integer",
    "float_type": "number",
    "bool_type": "boolean",
    "list_type": "array",
    "dict_type": "object",
    "model_type": "object",
    "model_attributes_type": "object",
    "datetime_type": "string",
}
"""The type of JSON that is expected, by the type of pydantic's error."""
_LIMITS: Final[Mapping[str, Callable[[Mapping[str, Any]], str]]] = {
    "greater_than_equal": lambda limit: f"is less than the minimum of {limit['ge']:g}",
    "greater_than": lambda limit: f"is not more than {limit['gt']:g}",
    "less_than_equal": lambda limit: f"is greater than the maximum of {limit['le']:g}",
    "too_short": lambda limit: f"has fewer than {limit['min_length']} items",
    "string_too_long": lambda limit: f"is longer than {limit['max_length']} characters",
}
"""What is wrong with a value, by the type of pydantic's error."""


def _path(location: Iterable[str | int], content: object) -> Path:
    """The place of an error, as far as it exists: pydantic adds tags of unions, and marks for keys of mappings."""
    path: list[str | int] = []
    for step in location:
        if _has(content, step):
            content = cast("Mapping[str | int, object]", content)[step]
            path.append(step)
    return tuple(path)


def _has(content: object, step: str | int) -> bool:
    if isinstance(content, Mapping):
        return step in content
    return isinstance(content, list) and isinstance(step, int) and step < len(content)


def _not_one_of(found: object, expected: object) -> str:
    """`expected` is a sentence of pydantic that has each word in quotes."""
    words = re.findall(r"'([^']*)'", str(expected))
    return f"{found!r} is not one of {', '.join(words)}{did_you_mean(str(found), words)}"


def _choice(known: Iterable[str]) -> str:
    listed = ", ".join(known)
    return f"; there are {listed}" if listed else ""
