"""Checking documents of users against a schema, with errors that say where and what would be right."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Protocol, TypeAlias

import jsonschema
from jsonschema.exceptions import ValidationError, best_match

from tools.json_value import Json

Path: TypeAlias = tuple[str | int, ...]
"""The keys and indexes that lead to a place in a document."""


class DocumentError(ValueError):
    """A document is not what it should be; the message names the file, the place in it, and what is wrong there.

    Args:
        message: what is wrong.
        path: the place; None where it is nowhere in particular.
        what: the document, such as a file, or a file and a line of it; None where whoever passes the error on knows.
    """

    def __init__(self, message: str, path: Iterable[str | int] | None = None, what: str | None = None) -> None:
        self.message = message
        self.path: Path | None = None if path is None else tuple(path)
        self.what = what
        parts = (what, None if self.path is None else place(self.path), message)
        super().__init__(": ".join(part for part in parts if part is not None))

    def below(self, *path: str | int) -> DocumentError:
        """The same error in the document that has this one at a place."""
        return DocumentError(self.message, (*path, *(self.path or ())), self.what)


def check(document: Json, schema: Mapping[str, Json], what: str | None) -> None:
    """Check a document; `what` names it in errors.

    Raises:
        DocumentError: it does not have the form of the schema.
    """
    validator = jsonschema.validators.extend(  # type: ignore[no-untyped-call] # its stubs say nothing of it
        jsonschema.Draft202012Validator, {"properties": _Properties()}
    )
    errors = list(validator(dict(schema)).iter_errors(document))
    error = best_match(_misspelled(errors) or errors)
    if error is not None:
        path, message = _explained(error)
        raise DocumentError(message, path, what)


def place(path: Iterable[str | int]) -> str:
    """A place in a document, as `fleets[0].members[2].region`."""
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)
    return text.removeprefix(".") or "the document"


def did_you_mean(word: str, words: Iterable[str]) -> str:
    """`; did you mean 'eastus'?`, or nothing where no word is like it."""
    close = difflib.get_close_matches(word, list(words), 1)
    return f"; did you mean '{close[0]}'?" if close else ""


class _Descending(Protocol):
    """What is needed of a validator."""

    def descend(
        self, instance: object, schema: Json, path: str | None = None, schema_path: str | None = None
    ) -> Iterator[ValidationError]: ...


class _Properties:
    """The keyword `properties`, which checks each string once: large documents repeat most of theirs."""

    def __init__(self) -> None:
        self._passed: set[tuple[int, str]] = set()

    def __call__(
        self, validator: _Descending, properties: dict[str, Json], instance: Json, _schema: Json
    ) -> Iterator[ValidationError]:
        if not isinstance(instance, dict):
            return
        for name, schema in properties.items():
            if name not in instance:
                continue
            value = instance[name]
            key = (id(schema), value) if isinstance(value, str) else None
            if key in self._passed:
                continue
            errors = list(validator.descend(value, schema, path=name, schema_path=name))
            if key is not None and not errors:
                self._passed.add(key)
            yield from errors


def _misspelled(errors: Sequence[ValidationError]) -> list[ValidationError]:
    """Unknown keys where others are missing: they come first, for they tell more."""
    incomplete = [error.absolute_path for error in errors if error.validator == "required"]
    return [e for e in errors if e.validator == "additionalProperties" and e.absolute_path in incomplete]


def _explained(error: ValidationError) -> tuple[Path, str]:
    """The place and the message, in words of our own where those of the library do not help."""
    path: Path = tuple(error.absolute_path)
    rule: object = error.validator_value
    if error.validator == "additionalProperties" and isinstance(error.instance, dict):
        known = list(error.schema.get("properties", {})) if isinstance(error.schema, Mapping) else []
        unknown = next(str(key) for key in error.instance if key not in known)
        return (*path, unknown), f"there is no such key{did_you_mean(unknown, known) or _choice(known)}"
    if error.validator == "required" and isinstance(rule, list) and isinstance(error.instance, dict):
        missing = next(str(key) for key in rule if key not in error.instance)
        return path, f"'{missing}' is missing"
    if error.validator == "enum" and isinstance(rule, list):
        words = [str(word) for word in rule]
        return path, f"{error.instance!r} is not one of {', '.join(words)}{did_you_mean(str(error.instance), words)}"
    if error.validator == "type" and rule == "string" and isinstance(error.instance, int | float):
        return path, f"{error.message}; write it in quotes"
    return path, error.message


def _choice(known: Sequence[str]) -> str:
    return f"; there are {', '.join(known)}" if known else ""
