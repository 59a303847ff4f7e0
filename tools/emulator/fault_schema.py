"""The form of a fault that requests meet."""

from __future__ import annotations

from typing import Final

from tools.json_value import Json

REQUEST_FAULT: Final[dict[str, Json]] = {
    "type": "object",
    "properties": {
        "path": {
            "description": "A regular expression, searched for in the path without case.",
            "type": "string",
            "format": "regex",
        },
        "method": {"description": "GET, PUT, …; default: *, any.", "type": "string"},
        "times": {
            "description": "How many requests meet it, default 1; null: all of them.",
            "type": ["integer", "null"],
            "minimum": 1,
        },
        "action": {
            "description": "status answers instead of the service; delay waits first; dropConnection breaks the "
            "connection off before anything is done, lostAnswer after everything is done.",
            "enum": ["status", "lostAnswer", "delay", "dropConnection"],
        },
        "status": {"description": "For status: what is answered.", "type": "integer", "minimum": 100, "maximum": 599},
        "headers": {
            "description": "For status: headers of the answer.",
            "type": "object",
            "additionalProperties": {"type": "string"},
        },
        "body": {"description": "For status: the body, as JSON."},
        "milliseconds": {"description": "For delay: how long.", "type": "integer", "minimum": 0},
    },
    "required": ["path", "action"],
    "additionalProperties": False,
    "if": {"properties": {"action": {"const": "status"}}},
    "then": {"required": ["status"]},
}
"""One fault, as in a world or given to the control route."""
