"""Checking documents of users against a schema, with errors that say where."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import jsonschema
from jsonschema.exceptions import best_match

from emulator.json_value import Json


class DocumentError(ValueError):
    """A document is not what it should be; the message names the file, the place in it, and what is wrong there."""


def check(document: Json, schema: Mapping[str, Json], what: str) -> None:
    """Check a document; `what` names it in errors.

    Raises:
        DocumentError: it does not have the form of the schema.
    """
    validator = jsonschema.Draft202012Validator(dict(schema))
    error = best_match(validator.iter_errors(document))
    if error is not None:
        raise DocumentError(f"{what}: {place(error.absolute_path)}: {error.message}")


def place(path: Iterable[str | int]) -> str:
    """A place in a document, as `fleets[0].members[2].region`."""
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)
    return text.removeprefix(".") or "the document"
