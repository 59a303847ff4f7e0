"""The form in which Fleet writes what it was sent: keys of every object in alphabetical order (as recorded), no nulls.

UNVERIFIED: that a null is omitted; no recording sends one, and none shows one in a response.
"""

from __future__ import annotations

from tools.json_value import Json


def canonical(body: dict[str, Json]) -> dict[str, Json]:
    """The same in that form; a copy down to the last list."""
    return {key: _canonical(body[key]) for key in sorted(body) if body[key] is not None}


def _canonical(value: Json) -> Json:
    if isinstance(value, dict):
        return canonical(value)
    return [_canonical(item) for item in value] if isinstance(value, list) else value
