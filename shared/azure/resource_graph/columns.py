"""The columns that a query projects: the fields of projections, as deep as KQL can cut them.

UNVERIFIED: that Resource Graph has no `mv-apply`. So a list such as `agentPoolProfiles` is a column as a whole; what a
list has besides is dropped when the row is parsed. A field of `properties` is a column as a whole too, so that one of
another type than expected reaches the parser; `properties.status` of an update run alone is worth cutting.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from shared.azure.json_value import JsonObject
from shared.azure.projection import ITEMS, Projection

_TOP = frozenset({"location", "tags"})
"""Columns of the table, besides `id` and `type`, which every query projects."""
_PROPERTIES, _CUT_FURTHER = "properties", "properties.status"


class Columns:
    """The columns of one query; `properties.powerState` becomes the column `properties_powerState`."""

    def __init__(self, fields: Mapping[str, Projection]) -> None:
        """The columns for resources of several types, by `ResourceId.type`; a row has those of all types."""
        paths = {kind: tuple(cut for path in each.paths for cut in _cut(path)) for kind, each in fields.items()}
        self.paths = tuple(dict.fromkeys(path for each in paths.values() for path in each))
        read = (_path_in_row(path) for each in fields.values() for path in each.paths)
        self.in_rows = ("id", *(path for path in read if path is not None))
        """The paths in a row that are read."""
        self._places = {kind: _places(each) for kind, each in paths.items()}

    def project(self, values: Mapping[str, str]) -> str:
        """The `project` of the query; `values` has expressions for paths that are not taken as they are."""
        named = [path if path in _TOP else f"{_name(path)} = {values.get(path, path)}" for path in self.paths]
        return f"project {', '.join(['id', 'type', *named])}"

    def body(self, kind: str, row: JsonObject) -> dict[str, object]:
        """The resource of this type in a row, in ARM's form; what is null stays absent."""
        body: dict[str, object] = {"id": row.get("id")}
        for outer, columns in self._places.get(kind, ()):
            values = {last: value for name, last in columns if (value := row.get(name)) is not None}
            if values:
                _inner(body, outer).update(values)
        return body


def _places(paths: Iterable[str]) -> tuple[tuple[tuple[str, ...], tuple[tuple[str, str], ...]], ...]:
    """Where values belong in a body: the objects around them, and of each value the column and its own name."""
    places: dict[tuple[str, ...], dict[str, str]] = {}
    for path in paths:
        *outer, last = path.split(".")
        places.setdefault(tuple(outer), {})[_name(path)] = last
    return tuple((outer, tuple(columns.items())) for outer, columns in places.items())


def _cut(path: str) -> Iterator[str]:
    parts = [part.removesuffix("[]") for part in path.split(".")]
    if parts[0] in _TOP:
        yield parts[0]
    elif parts[0] == _PROPERTIES:
        yield ".".join(parts[: 3 if path.startswith(f"{_CUT_FURTHER}.") else 2])


def _path_in_row(path: str) -> str | None:
    """The path in a row of a path in the resource; None for the id, and for what a query does not project."""
    column = next(_cut(path), None)
    if column is None:
        return None
    below = path.split(".")[column.count(".") :]  # its first part is the column's last one, maybe as a list
    ending = ITEMS if below[0].endswith(ITEMS) else ""
    return ".".join([f"{_name(column)}{ending}", *below[1:]])


def _name(path: str) -> str:
    return path.replace(".", "_")


def _inner(body: dict[str, object], outer: Iterable[str]) -> dict[str, object]:
    """The object with these names in the body, made where there is none; no column's path begins with another's."""
    inner = body
    for name in outer:
        below = inner.setdefault(name, {})
        inner = below if isinstance(below, dict) else {}
    return inner
