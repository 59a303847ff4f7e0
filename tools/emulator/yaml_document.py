"""YAML 1.2 with the lines of its parts."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final

import yaml

from tools.documents import DocumentError, Path
from tools.json_value import Json

_PREFIX: Final = "tag:yaml.org,2002:"
_MERGE: Final = f"{_PREFIX}merge"
_STRING: Final = f"{_PREFIX}str"


class _Loader(yaml.CSafeLoader):
    """Distinguishes strings from other scalars as YAML 1.2 does: `2026-02-20`, `22:00` and `on` are strings."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012 - as PyYAML has it


for _kind, _pattern, _first in (
    ("bool", r"true|True|TRUE|false|False|FALSE", "tTfF"),
    ("null", r"~|null|Null|NULL|", ["~", "n", "N", ""]),
    ("int", r"[-+]?[0-9]+", "-+0123456789"),
    ("float", r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", "-+.0123456789"),
    ("merge", r"<<", "<"),
):
    _Loader.add_implicit_resolver(f"{_PREFIX}{_kind}", re.compile(f"^(?:{_pattern})$"), list(_first))


_SCALARS: Final[Mapping[str, Callable[[str], Json]]] = {
    f"{_PREFIX}bool": lambda text: text.lower() == "true",
    f"{_PREFIX}null": lambda _: None,
    f"{_PREFIX}int": int,
    f"{_PREFIX}float": float,
}


class YamlDocument:
    """A document of YAML: its value, and the lines of its parts.

    Args:
        content: the text.
        what: the document's name in errors.

    Raises:
        DocumentError: it is not YAML, a mapping has a key twice, or a value is of a type JSON does not have.
    """

    def __init__(self, content: bytes, what: str) -> None:
        self._content = content
        self._what = what
        try:
            root = yaml.compose(content, Loader=_Loader)
        except yaml.YAMLError as error:
            raise DocumentError(f"not YAML: {error}", what=what) from error
        try:
            self.value = None if root is None else self._value(root)
        except RecursionError as error:
            raise DocumentError("something in it contains itself", what=what) from error

    def line(self, path: Path) -> int:
        """The line of a place, from 1 on; of what is around it where the place itself is not there."""
        node = yaml.compose(self._content, Loader=_Loader)
        line = 1
        for step in path:
            found = _step(node, step)
            if found is None:
                break
            line, node = found
        return line

    def _value(self, node: yaml.Node) -> Json:
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node)
        if isinstance(node, yaml.SequenceNode):
            return [self._value(item) for item in node.value]
        text = str(node.value)
        if node.tag == _STRING:
            return text
        convert = _SCALARS.get(node.tag)
        if convert is None:
            raise self._error(f"{node.tag} cannot be used here", node)
        return convert(text)

    def _mapping(self, node: yaml.MappingNode) -> dict[str, Json]:
        values: dict[str, Json] = {}
        merged: dict[str, Json] = {}
        for key, value in node.value:
            if key.tag == _MERGE:
                merged |= self._merged(value)
                continue
            if not isinstance(key, yaml.ScalarNode):
                raise self._error("a key must be a name", key)
            if key.value in values:
                raise self._error(f"the key '{key.value}' is there twice", key)
            values[key.value] = self._value(value)
        return merged | values if merged else values

    def _merged(self, node: yaml.Node) -> dict[str, Json]:
        """What `<<` stands for: a mapping, or several, of which the first counts most."""
        parts = node.value if isinstance(node, yaml.SequenceNode) else [node]
        merged: dict[str, Json] = {}
        for part in parts:
            value = self._value(part)
            if not isinstance(value, dict):
                raise self._error("only mappings can be merged", part)
            merged = value | merged
        return merged

    def _error(self, message: str, node: yaml.Node) -> DocumentError:
        return DocumentError(message, what=f"{self._what}:{node.start_mark.line + 1}")


def _step(node: yaml.Node | None, step: str | int) -> tuple[int, yaml.Node] | None:
    """One step down: the line to show, which is the key's, and the node."""
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        return node.value[step].start_mark.line + 1, node.value[step]
    if not isinstance(node, yaml.MappingNode):
        return None
    for key, value in node.value:
        if key.value == step:
            return key.start_mark.line + 1, value
    for key, value in node.value:
        if key.tag == _MERGE:
            for part in value.value if isinstance(value, yaml.SequenceNode) else [value]:
                found = _step(part, step)
                if found is not None:
                    return found
    return None
