"""Who may import whom among the tools; read from the code itself."""

from __future__ import annotations

import ast
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from tests.architecture.imports import import_statements

ROOT = Path(__file__).resolve().parent.parent.parent
EMULATOR = "tools.emulator"
SHARED_BY_TOOLS = ["tools/releases", "tools/documents.py", "tools/json_value.py"]
MODELS = "pydantic"


def modules(place: str) -> list[Path]:
    """A file, or all files of a folder."""
    path = ROOT / place
    return sorted(path.rglob("*.py")) if path.is_dir() else [path]


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).with_suffix("").as_posix().replace("/", ".").removesuffix(".__init__")


def imports_of(path: Path) -> Iterator[str]:
    """Every module that is imported, also inside functions."""
    for node in import_statements(path):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif node.module is not None:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def part_of_emulator(module: str) -> str:
    """Its package, or the module itself for those at the top: `aks` of `tools.emulator.aks.events`."""
    return module.removeprefix(f"{EMULATOR}.").partition(".")[0]


def arrows_between_parts() -> Mapping[str, set[str]]:
    parts = {part_of_emulator(name_of(path)) for path in modules("tools/emulator")}
    arrows: defaultdict[str, set[str]] = defaultdict(set)
    for path in modules("tools/emulator"):
        source = part_of_emulator(name_of(path))
        targets = {part_of_emulator(name) for name in imports_of(path) if name.startswith(f"{EMULATOR}.")}
        arrows[source] |= (targets & parts) - {source}
    return arrows


def find_cycle(arrows: Mapping[str, Iterable[str]]) -> list[str]:
    """One cycle, or nothing."""
    try:
        TopologicalSorter(arrows).prepare()
    except CycleError as error:
        return [str(part) for part in error.args[1]]
    return []


def test_a_cycle_is_found() -> None:
    assert set(find_cycle({"one": {"two"}, "two": {"three"}, "three": {"one"}, "four": {"one"}})) == {
        "one",
        "two",
        "three",
    }


def test_no_import_cycle_among_the_packages_of_the_emulator() -> None:
    arrows = arrows_between_parts()

    assert arrows["fleet"] >= {"arm", "update_runs"}
    assert find_cycle(arrows) == []


@pytest.mark.parametrize("place", SHARED_BY_TOOLS)
def test_what_the_tools_share_knows_neither_the_app_nor_one_of_the_tools(place: str) -> None:
    for path in modules(place):
        own = {name for name in imports_of(path) if name.startswith(("tools", "shared", "functions", "function_app"))}
        allowed = ("tools.releases", "tools.documents", "tools.json_value")
        assert {name for name in own if not name.startswith(allowed) and name != "tools"} == set(), path


def test_the_emulator_knows_no_other_tool() -> None:
    for path in modules("tools/emulator"):
        tools = {name for name in imports_of(path) if name.startswith("tools.")}
        allowed = (EMULATOR, "tools.releases", "tools.documents", "tools.json_value")
        assert {name for name in tools if not name.startswith(allowed)} == set(), path


@pytest.mark.parametrize("folder", ["functions", "shared"])
def test_the_app_has_no_models_of_pydantic(folder: str) -> None:
    """It would lengthen every cold start."""
    for path in [*modules(folder), ROOT / "function_app.py"]:
        assert not any(name.partition(".")[0] == MODELS for name in imports_of(path)), path


def test_the_oracle_of_the_replay_shares_no_code() -> None:
    tops = {name.partition(".")[0] for name in imports_of(ROOT / "tests/tools/replay/oracle.py")}

    assert tops - sys.stdlib_module_names == {"numpy"}
