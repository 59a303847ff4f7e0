"""Bicep files, parsed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pycep import BicepParser

from tools.paths import ROOT

INFRA = ROOT / "infra"


class TemplateError(Exception):
    """A file that does not parse; the message says where and why."""


@dataclass(frozen=True, slots=True)
class Module:
    """A call of another file."""

    name: str
    path: Path
    given: frozenset[str]
    """The names of the parameters it is given."""


@dataclass(frozen=True, slots=True)
class Template:
    """One file: its text, and the tree that pycep makes of it.

    The tree does not tell a name from a text in quotes, and binds operators otherwise than Bicep does where they are
    not in parentheses. What is in it and where is right.
    """

    path: Path
    text: str
    tree: Mapping[str, object]

    def section(self, name: str) -> Mapping[str, Mapping[str, object]]:
        """The declarations of one kind, by name: `parameters`, `variables`, `resources`, `modules` or `outputs`."""
        found = object_in(self.tree, name)
        return {key: value for key, value in found.items() if isinstance(value, Mapping)}

    def modules(self) -> Iterator[Module]:
        """The modules it calls."""
        for name, declared in self.section("modules").items():
            bodies = [body for body in mappings_in(declared.get("config")) if "name" in body]
            given = object_in(bodies[0], "params") if bodies else {}
            yield Module(name, self.path.parent / str(object_in(declared, "detail")["path"]), frozenset(given))

    def required_parameters(self) -> set[str]:
        """The parameters without a default."""
        return {name for name, declared in self.section("parameters").items() if declared.get("default") is None}


@cache
def _parser() -> BicepParser:
    """One for all files: it reads its grammar anew each time it is made."""
    return BicepParser()


def template_paths(folder: Path = INFRA) -> list[Path]:
    """Every Bicep file."""
    return sorted(folder.rglob("*.bicep"))


def read_template(path: Path) -> Template:
    """One file, parsed.

    Raises:
        TemplateError: it does not parse.
    """
    text = path.read_text()
    try:
        tree = _parser().parse(text=text)
    except Exception as error:  # pycep lets its parser's errors through, of many classes
        reason = " ".join(str(error).split("Expected one of", maxsplit=1)[0].split())
        raise TemplateError(f"{path.name}: {reason}") from error
    return Template(path, text, dict(tree))


def object_in(value: Mapping[str, object], name: str) -> Mapping[str, object]:
    """The object of that name; an empty one if there is none."""
    found = value.get(name)
    return found if isinstance(found, Mapping) else {}


def mappings_in(value: object) -> Iterator[Mapping[str, object]]:
    """Every object in a tree, outer ones first."""
    if isinstance(value, Mapping):
        yield value
        for part in value.values():
            yield from mappings_in(part)
    elif isinstance(value, Sequence) and not isinstance(value, str):
        for part in value:
            yield from mappings_in(part)
