"""Projections: the fields of a resource that its parser reads, declared beside the parser as paths.

A body that is reduced to them parses to the same value; a managed cluster's properties are 6 to 15 kB otherwise.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from shared.azure.json_value import JsonObject, of_json

ITEMS, KEYS, ANY = "[]", "{}", "*"
"""How a part of a path ends that is no plain name."""
Tree = dict[str, "Tree"]


class Projection:
    """Paths of fields, with names separated by dots.

    `pools[].name` is a field of each object in a list; `labels.*` every field of an object, `tags.owner*` those whose
    names begin so, in any case of letters; `patches{}` the keys of an object, each with an empty value.
    """

    def __init__(self, *paths: str) -> None:
        self.paths = paths
        self.tree: Tree = {}
        for path in paths:
            node = self.tree
            for part in path.split("."):
                node = node.setdefault(part, {})

    def of(self, content: JsonObject) -> dict[str, object]:
        """The content with these fields only. What is absent stays absent, and a value of another type is kept."""
        return _object(self.tree, content)


def _object(tree: Tree, content: JsonObject) -> dict[str, object]:
    return {name: value for part, below in tree.items() for name, value in _fields(part, below, content)}


def _fields(part: str, below: Tree, content: JsonObject) -> Iterator[tuple[str, object]]:
    if part.endswith(ANY):
        beginning = part.removesuffix(ANY).lower()
        yield from ((name, _value(below, content[name])) for name in content if name.lower().startswith(beginning))
        return
    name = part.removesuffix(ITEMS).removesuffix(KEYS)
    if name not in content:
        return
    value = content[name]
    if part.endswith(ITEMS) and isinstance(value, list):
        yield name, [_value(below, item) for item in value]
    elif part.endswith(KEYS) and isinstance(value, Mapping):
        yield name, {key: {} for key in value}
    else:
        yield name, _value(below, value)


def _value(tree: Tree, value: object) -> object:
    return _object(tree, value) if tree and isinstance(value, Mapping) else of_json(value)
