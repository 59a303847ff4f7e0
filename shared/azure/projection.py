"""Projections: the fields of a resource that its parser reads, declared beside the parser as paths.

A body that is reduced to them parses to the same value; a managed cluster's properties are 6 to 15 kB otherwise.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from shared.azure.json_value import JsonObject, of_json

_ITEMS, _KEYS, _ANY = "[]", "{}", "*"
_Tree = dict[str, "_Tree"]


class Projection:
    """Paths of fields, with names separated by dots.

    `pools[].name` is a field of each object in a list; `labels.*` every field of an object, `tags.owner*` those whose
    names begin so, in any case of letters; `patches{}` the keys of an object, each with an empty value.
    """

    def __init__(self, *paths: str) -> None:
        self.paths = paths
        self._tree: _Tree = {}
        for path in paths:
            node = self._tree
            for part in path.split("."):
                node = node.setdefault(part, {})

    def of(self, content: JsonObject) -> dict[str, object]:
        """The content with these fields only. What is absent stays absent, and a value of another type is kept."""
        return _object(self._tree, content)


def _object(tree: _Tree, content: JsonObject) -> dict[str, object]:
    return {name: value for part, below in tree.items() for name, value in _fields(part, below, content)}


def _fields(part: str, below: _Tree, content: JsonObject) -> Iterator[tuple[str, object]]:
    if part.endswith(_ANY):
        beginning = part.removesuffix(_ANY).lower()
        yield from ((name, _value(below, content[name])) for name in content if name.lower().startswith(beginning))
        return
    name = part.removesuffix(_ITEMS).removesuffix(_KEYS)
    if name not in content:
        return
    value = content[name]
    if part.endswith(_ITEMS) and isinstance(value, list):
        yield name, [_value(below, item) for item in value]
    elif part.endswith(_KEYS) and isinstance(value, Mapping):
        yield name, {key: {} for key in value}
    else:
        yield name, _value(below, value)


def _value(tree: _Tree, value: object) -> object:
    return _object(tree, value) if tree and isinstance(value, Mapping) else of_json(value)
