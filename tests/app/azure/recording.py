"""JSON objects that record which of their fields are read, as paths in the form of a projection."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from shared.azure.json_value import JsonObject


class Recording(Mapping[str, object]):
    """An object that records what is read from it, and from everything in it, into one set of paths."""

    def __init__(self, content: JsonObject, read: set[str], path: str = "") -> None:
        self._content = content
        self._read = read
        self._path = path
        self._has_any_keys = False

    def __getitem__(self, name: str) -> object:
        path = f"{self._path}{'*' if self._has_any_keys else name}"
        value = self._content.get(name)
        if isinstance(value, list) and any(isinstance(item, Mapping) for item in value):
            return [_recorded(item, self._read, f"{path}[]") for item in value]
        if not isinstance(value, Mapping):
            self._read.add(path)
        if name not in self._content:
            raise KeyError(name)
        return _recorded(value, self._read, path)

    def __iter__(self) -> Iterator[str]:
        self._has_any_keys = True
        self._read.add(f"{self._path[:-1]}{{}}")
        return iter(self._content)

    def __len__(self) -> int:
        self._read.add(f"{self._path[:-1]}{{}}")
        return len(self._content)


def _recorded(value: object, read: set[str], path: str) -> object:
    return Recording(value, read, f"{path}.") if isinstance(value, Mapping) else value


def fields_read(read: set[str]) -> set[str]:
    """The paths, without those that lead on: an object that one body has, and another does not."""
    return {path for path in read if not any(_leads_on(path.removesuffix("{}"), other) for other in read)}


def _leads_on(path: str, other: str) -> bool:
    return other.startswith((f"{path}.", f"{path}[]."))
