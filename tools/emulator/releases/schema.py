"""The form of a timeline of releases."""

from __future__ import annotations

from typing import Final

from tools.json_value import Json

_MINOR: Final[Json] = {"type": "string", "pattern": r"^\d+\.\d+$"}
_PATCH: Final[Json] = {"type": "string", "pattern": r"^\d+\.\d+\.\d+$"}
_IMAGE: Final[Json] = {"type": "string", "pattern": r"^\d+(\.\d+)+$"}
_KINDS_OF_MINOR: Final[list[Json]] = [
    "minor_preview",
    "minor_ga",
    "minor_lts",
    "minor_lts_only",
    "minor_deprecated",
    "minor_removed",
]


def _kinds(kinds: list[Json], properties: dict[str, Json], *required: Json) -> Json:
    return {
        "if": {"properties": {"kind": {"enum": kinds}}, "required": ["kind"]},
        "then": {"properties": properties, "required": list(required)},
    }


FACT: Final[dict[str, Json]] = {
    "type": "object",
    "properties": {
        "at": {"type": "string", "format": "date-time"},
        "kind": {"enum": ["patch", "patch_removed", *_KINDS_OF_MINOR, "node_image", "node_image_withdrawn"]},
        "preview": {"type": "boolean"},
        "lts_patch": {"type": "boolean"},
        "tier": {"enum": ["standard", "lts"]},
    },
    "required": ["kind"],
    "allOf": [
        _kinds(["patch", "patch_removed"], {"version": _PATCH}, "version"),
        _kinds(_KINDS_OF_MINOR, {"version": _MINOR}, "version"),
        _kinds(
            ["node_image", "node_image_withdrawn"],
            {"version": _IMAGE, "family": {"type": "string", "minLength": 1}},
            "version",
            "family",
        ),
    ],
}
"""One fact, as in a timeline or given to the control route; there it has no `at`."""

TIMELINE: Final[dict[str, Json]] = {
    "type": "object",
    "properties": {
        "from": {"type": "string"},
        "state_at_start": {
            "type": "object",
            "properties": {
                "ga_minors": {"type": "array", "items": _MINOR},
                "patches": {"type": "object", "additionalProperties": {"type": "array", "items": _PATCH}},
                "node_images": {"type": "object", "additionalProperties": _IMAGE},
            },
            "required": ["ga_minors", "patches", "node_images"],
        },
        "facts": {"type": "array", "items": {"allOf": [FACT, {"required": ["at"]}]}},
    },
    "required": ["from", "state_at_start", "facts"],
}
