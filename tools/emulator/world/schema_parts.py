"""What the parts of the world's schema are made of."""

from __future__ import annotations

from typing import Final

from tools.json_value import Json

NAME: Final[dict[str, Json]] = {"type": "string", "pattern": "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$", "maxLength": 50}
REGION: Final[dict[str, Json]] = {"type": "string", "pattern": "^[a-z0-9]+$"}
TAGS: Final[dict[str, Json]] = {"type": "object", "additionalProperties": {"type": "string"}}
TIME: Final[dict[str, Json]] = {"type": "string", "format": "date-time"}
AMOUNT: Final[dict[str, Json]] = {"type": "number", "minimum": 0}
COUNT: Final[dict[str, Json]] = {"type": "integer", "minimum": 0}
POSITIVE: Final[dict[str, Json]] = {"type": "integer", "minimum": 1}


def an_object(properties: dict[str, Json], *required: Json) -> dict[str, Json]:
    """An object with these properties and no others."""
    return {"type": "object", "properties": properties, "required": list(required), "additionalProperties": False}


def a_list(items: Json, least: int = 0) -> dict[str, Json]:
    """A list of at least so many items."""
    return {"type": "array", "items": items, "minItems": least}


def said(schema: dict[str, Json], description: str) -> dict[str, Json]:
    """The schema with what editors show about it."""
    return {"description": description, **schema}
