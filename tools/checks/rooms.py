"""The rooms of the core, their floors, and the arrows between them, read from its imports.

A room is a package of `shared/core`, or a module beside them. A room may import only rooms on lower floors.

    .dev/venv/bin/python -m tools.checks.rooms
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from pathlib import Path

from tools.paths import ROOT

FLOORS: tuple[tuple[str, ...], ...] = (
    ("model", "reasons"),
    ("policies", "releases", "scope"),
    ("facts",),
    ("targets",),
    ("runs", "members", "profile_rules"),
    ("holds", "decision"),
    ("native_runs", "waits"),
    ("planner", "lag", "outlook"),
)
"""The rooms of each floor, from the lowest floor to the highest."""

Arrows = Mapping[str, AbstractSet[str]]
"""What each module or room imports."""

_CORE = "shared.core"


def module_arrows(root: Path = ROOT) -> Arrows:
    """The modules of the core that each module of the core imports, by full name."""
    folder = root / _CORE.replace(".", "/")
    modules = {_name(path, root): path for path in sorted(folder.rglob("*.py"))}
    return {
        name: {target for target in _imported(path, frozenset(modules)) if target != name}
        for name, path in modules.items()
        if name != _CORE
    }


def room_arrows(modules: Arrows) -> Arrows:
    """The rooms that each room imports."""
    arrows: dict[str, set[str]] = {}
    for name, imported in modules.items():
        arrows.setdefault(room_of(name), set()).update(room_of(target) for target in imported)
    return {room: imported - {room} for room, imported in arrows.items()}


def room_of(module: str) -> str:
    """The room of a module of the core, given by its full name."""
    return module.removeprefix(f"{_CORE}.").partition(".")[0]


def floor_of(room: str) -> int:
    """The number of the room's floor, from 1 on; 0 if no floor lists the room."""
    return next((number for number, rooms in enumerate(FLOORS, start=1) if room in rooms), 0)


def wrong_arrows(rooms: Arrows) -> list[str]:
    """Imports of rooms that are not on a lower floor, and rooms that no floor lists, one sentence each."""
    found = [f"{room} is on no floor" for room in sorted(rooms) if not floor_of(room)]
    for room, imported in sorted(rooms.items()):
        higher = sorted(target for target in imported if floor_of(target) >= floor_of(room))
        found += [f"{room} (floor {floor_of(room)}) imports {target} (floor {floor_of(target)})" for target in higher]
    return found


def find_cycle(arrows: Arrows) -> list[str]:
    """Modules that import each other in a circle, the first one again at the end; empty if there are none."""
    finished: set[str] = set()

    def visit(name: str, path: list[str]) -> list[str]:
        if name in path:
            return [*path[path.index(name) :], name]
        if name in finished:
            return []
        for target in sorted(arrows.get(name, ())):
            if cycle := visit(target, [*path, name]):
                return cycle
        finished.add(name)
        return []

    return next((cycle for name in sorted(arrows) if (cycle := visit(name, []))), [])


def main() -> int:
    """Print the floors from the highest down; 1 if an arrow points up or modules form a cycle."""
    modules = module_arrows()
    rooms = room_arrows(modules)
    for number in range(len(FLOORS), 0, -1):
        for room in FLOORS[number - 1]:
            imported = sorted(rooms.get(room, ()), key=lambda name: (-floor_of(name), name))
            print(f"{number}  {room:<14} {', '.join(imported) or 'imports no other room'}")
    print(
        f"{len(modules)} modules, {_count(modules)} arrows between them; "
        f"{len(rooms)} rooms, {_count(rooms)} arrows, {len(FLOORS)} floors"
    )
    problems = wrong_arrows(rooms)
    if cycle := find_cycle(modules):
        problems.append(f"cycle: {' -> '.join(cycle)}")
    for problem in problems:
        print(problem, file=sys.stderr)
    return 1 if problems else 0


def _name(path: Path, root: Path) -> str:
    return path.relative_to(root).with_suffix("").as_posix().replace("/", ".").removesuffix(".__init__")


def _imported(path: Path, modules: frozenset[str]) -> Iterator[str]:
    """The modules of the core that the file imports; a name imported from a package may be a module of it."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module is not None:
            names = (f"{node.module}.{alias.name}" for alias in node.names)
            yield from modules.intersection(name if name in modules else node.module for name in names)
        elif isinstance(node, ast.Import):
            yield from modules.intersection(alias.name for alias in node.names)


def _count(arrows: Arrows) -> int:
    return sum(len(imported) for imported in arrows.values())


if __name__ == "__main__":
    sys.exit(main())
