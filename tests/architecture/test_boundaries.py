"""Who may import whom, and what the pure core may not touch; read from the code itself."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.imports import import_statements
from tools.checks.rooms import FLOORS, find_cycle, module_arrows, room_arrows, wrong_arrows

ROOT = Path(__file__).resolve().parent.parent.parent
PURE_MODULES = {
    "__future__",
    "base64",
    "collections",
    "collections.abc",
    "dataclasses",
    "datetime",
    "difflib",
    "enum",
    "hashlib",
    "isodate",  # parses durations, and does nothing else
    "re",
    "typing",
}
IMPURE_CALLS = {"now", "utcnow", "today", "time", "random", "getenv", "open", "print"}
APP = ("functions", "shared", "function_app")
SEPARATE = {
    "functions": ("tools", "tests"),
    "shared": ("functions", "function_app", "tools", "tests"),
    "tools": (*APP, "tests"),
}
THE_REPLAY = ROOT / "tools/replay"
TOOLS_OF_REPLAY = ("tools.replay", "tools.releases", "tools.documents")
LIBRARIES_OF_REPLAY = {"matplotlib", "rich"}
MEASURE_THE_APP = ROOT / "tools/benchmarks"
SIMULATE_THE_APP = ROOT / "tools/simulation"
DECIDE_AGAIN = ROOT / "tools/explain"
KNOWN_TO_EXPLAIN = (
    "shared.core.",
    "shared.azure.aks.parse_",
    "shared.azure.fleet.parse_",
    "shared.use_cases.decide_profile",
    "shared.capture",
    "shared.decision_json",
    "shared.errors",
    "tools.explain.",
    "tools.documents",
)


def modules(*folders: str) -> list[Path]:
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


def imports_of(path: Path) -> Iterator[str]:
    for node in import_statements(path):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        else:
            assert node.level == 0, f"{path}: relative import"
            yield node.module or ""


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).with_suffix("").as_posix().replace("/", ".")


@pytest.mark.parametrize("path", modules("shared/core"), ids=name_of)
def test_the_core_imports_nothing_but_itself_and_pure_modules(path: Path) -> None:
    foreign = {name for name in imports_of(path) if name not in PURE_MODULES}

    assert {name for name in foreign if not name.startswith("shared.core") and name != "shared.errors"} == set()


@pytest.mark.parametrize("path", modules("shared/core"), ids=name_of)
def test_the_core_reads_no_clock_and_writes_nothing(path: Path) -> None:
    called = {
        node.func.attr if isinstance(node.func, ast.Attribute) else node.func.id
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and isinstance(node.func, (ast.Attribute, ast.Name))
    }

    assert called & IMPURE_CALLS == set()


def test_each_room_of_the_core_imports_only_rooms_on_lower_floors() -> None:
    rooms = room_arrows(module_arrows())

    assert wrong_arrows(rooms) == []
    assert sorted(room for floor in FLOORS for room in floor) == sorted(rooms), "a listed room does not exist"


def test_no_modules_of_the_core_import_each_other_in_a_circle() -> None:
    assert find_cycle(module_arrows()) == []


def test_an_arrow_that_points_up_or_sideways_and_a_room_without_a_floor_are_found() -> None:
    rooms = {"model": {"planner"}, "runs": {"members"}, "attic": set[str](), "planner": {"model"}}

    assert wrong_arrows(rooms) == [
        "attic is on no floor",
        "model (floor 1) imports planner (floor 8)",
        "runs (floor 5) imports members (floor 5)",
    ]


def test_a_circle_is_found_behind_modules_that_are_not_part_of_it() -> None:
    assert find_cycle({"a": {"b"}, "b": {"c"}, "c": {"d"}, "d": {"b"}}) == ["b", "c", "d", "b"]
    assert find_cycle({"a": {"b", "c"}, "b": {"c"}, "c": set()}) == []


def test_arrows_are_read_from_every_kind_of_import(tmp_path: Path) -> None:
    core = tmp_path / "shared/core"
    (core / "model").mkdir(parents=True)
    for name in ("__init__", "facts", "model/__init__", "model/ids", "model/fleet"):
        (core / f"{name}.py").write_text("")
    (core / "planner.py").write_text(
        "import shared.core.facts\nfrom shared.core.model import ids\nfrom shared.core.model.fleet import Fleet\n"
    )

    modules = module_arrows(tmp_path)

    assert modules["shared.core.planner"] == {"shared.core.facts", "shared.core.model.ids", "shared.core.model.fleet"}
    assert room_arrows(modules) == {"facts": set(), "model": set(), "planner": {"facts", "model"}}


@pytest.mark.parametrize("package", SEPARATE)
def test_app_and_tools_share_no_code(package: str) -> None:
    for path in modules(package):
        if not {THE_REPLAY, MEASURE_THE_APP, SIMULATE_THE_APP, DECIDE_AGAIN}.isdisjoint(path.parents):
            continue
        tops = {name.partition(".")[0] for name in imports_of(path)}
        assert tops.isdisjoint(SEPARATE[package]), path


@pytest.mark.parametrize("path", sorted(THE_REPLAY.rglob("*.py")), ids=name_of)
def test_the_replay_knows_the_core_and_nothing_else_of_the_app(path: Path) -> None:
    foreign = {name for name in imports_of(path) if name.partition(".")[0] not in sys.stdlib_module_names}
    known = {name for name in foreign if name.startswith(("shared.core.", *TOOLS_OF_REPLAY)) or name == "shared.errors"}

    assert {name.partition(".")[0] for name in foreign - known} <= LIBRARIES_OF_REPLAY


@pytest.mark.parametrize("path", sorted(DECIDE_AGAIN.rglob("*.py")), ids=name_of)
def test_explain_knows_the_decision_and_the_parsers_and_nothing_else_of_the_app(path: Path) -> None:
    foreign = {name for name in imports_of(path) if name.partition(".")[0] not in sys.stdlib_module_names}

    assert {name.partition(".")[0] for name in foreign if not name.startswith(KNOWN_TO_EXPLAIN)} <= {"pydantic", "rich"}


@pytest.mark.parametrize(
    "path",
    [*modules("tools/simulation/world"), SIMULATE_THE_APP / "laws.py", SIMULATE_THE_APP / "people.py"],
    ids=name_of,
)
def test_the_simulated_world_and_the_laws_know_nothing_of_the_app(path: Path) -> None:
    assert {name.partition(".")[0] for name in imports_of(path)}.isdisjoint((*APP, "azure"))


@pytest.mark.parametrize("path", modules("shared/use_cases"), ids=name_of)
def test_use_cases_know_no_sdk(path: Path) -> None:
    assert not any(name.startswith(("azure", "requests", "shared.azure")) for name in imports_of(path))


def test_no_file_is_longer_than_300_lines() -> None:
    code = [*modules("shared", "functions", "tools"), ROOT / "function_app.py"]

    assert [str(path) for path in code if len(path.read_text().splitlines()) > 300] == []


def test_importing_the_app_imports_no_sdk_of_azure_but_the_functions_library() -> None:
    heavy = {"azure.mgmt", "azure.identity", "azure.data", "azure.eventgrid", "azure.storage", "requests"}
    for path in [*modules("functions"), ROOT / "function_app.py"]:
        top_level = {
            name
            for node in ast.parse(path.read_text()).body
            if isinstance(node, ast.ImportFrom)
            for name in [node.module or ""]
        }
        assert not any(name.startswith(tuple(heavy)) for name in top_level), path
