"""JSON as ARM sends it, read without trust: a field of another type than expected counts as absent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

JsonObject = Mapping[str, object]


def object_at(value: object, *path: str) -> JsonObject:
    """The object at the path; an empty one if there is none."""
    for name in path:
        value = value.get(name) if isinstance(value, Mapping) else None
    return value if isinstance(value, Mapping) else {}


def objects_at(value: object, *path: str) -> list[JsonObject]:
    """The objects in the list at the path; none if there is no list."""
    items = object_at(value, *path[:-1]).get(path[-1])
    if not isinstance(items, Sequence) or isinstance(items, str):
        return []
    return [item for item in items if isinstance(item, Mapping)]


def text_at(value: object, *path: str) -> str | None:
    """The text at the path; None if there is none, or an empty one."""
    text = object_at(value, *path[:-1]).get(path[-1])
    return text if isinstance(text, str) and text else None


def flag_at(value: object, *path: str) -> bool:
    """Whether the field at the path is true; AKS and Fleet leave false ones out."""
    return object_at(value, *path[:-1]).get(path[-1]) is True
