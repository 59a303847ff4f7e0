"""`./dev mutate`: mutants of the core, and which of them no test kills.

mutmut works in a copy of the code and its tests, and leaves properties alone. A survivor passes only if
`tests/app/core/explained_mutants.toml` says why it does: most often that the changed code means the same.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from tools.paths import DEV, ROOT

EXPLAINED = ROOT / "tests/app/core/explained_mutants.toml"

_COPIED = (
    "shared",
    "tests/app/core",
    "tests/app/builders",
    "tests/__init__.py",
    "tests/app/__init__.py",
    "tests/conftest.py",
    "pyproject.toml",
)
_NOT_KILLED = re.compile(r"^\s*(\S+): (survived|no tests|timeout|suspicious|segfault|not checked)$", re.MULTILINE)
_CHANGED_LINE = re.compile(r"^[-+](?![-+])\s*(.*)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Survivor:
    """A mutant that no test killed: where it is, and the lines it takes away and puts in, without indentation."""

    function: str
    change: str
    fate: str

    @property
    def key(self) -> tuple[str, str]:
        """What an explanation names."""
        return self.function, self.change


def run_mutation(pattern: str | None) -> int:
    """Make the mutants, test them, and tell of every survivor that is not explained; 1 if there is one."""
    workshop = DEV / "mutation"
    shutil.rmtree(workshop, ignore_errors=True)
    for name in _COPIED:
        _copy(ROOT / name, workshop / name)
    command = ["run", "--max-children", str(os.cpu_count() or 1), *([pattern] if pattern else [])]
    if _mutmut(workshop, *command).returncode != 0:
        print("mutate: mutmut could not run; see above", file=sys.stderr)
        return 1
    survivors = list(_survivors(workshop, pattern))
    explained = _explanations()
    unexplained = [survivor for survivor in survivors if survivor.key not in explained]
    for survivor in unexplained:
        print(f"\n{survivor.function}: {survivor.fate}\n  " + survivor.change.replace("\n", "\n  "))
    stale = explained - {survivor.key for survivor in survivors} if pattern is None else set()
    for function, change in sorted(stale):
        print(f"\n{function}: explained, but killed or gone\n  " + change.replace("\n", "\n  "))
    print(
        f"\n{len(survivors)} mutants survived, {len(survivors) - len(unexplained)} of them explained in "
        f"{EXPLAINED.relative_to(ROOT)}"
    )
    return 1 if unexplained or stale else 0


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_dir():
        shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
    else:
        shutil.copyfile(source, target)


def _mutmut(workshop: Path, *arguments: str, quiet: bool = False) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": "."}
    return subprocess.run(
        [sys.executable, "-m", "mutmut", *arguments],
        cwd=workshop,
        env=environment,
        check=False,
        text=True,
        stdout=subprocess.PIPE if quiet else None,
    )


def _survivors(workshop: Path, pattern: str | None) -> Iterator[Survivor]:
    listed = _mutmut(workshop, "results", quiet=True).stdout
    for name, fate in _NOT_KILLED.findall(listed):
        if pattern is not None and fate == "not checked":
            continue
        shown = _mutmut(workshop, "show", name, quiet=True).stdout
        change = "\n".join(f"{line[0][0]} {line[1].strip()}" for line in _CHANGED_LINE.finditer(shown))
        yield Survivor(_function(name), change, fate)


def _function(mutant: str) -> str:
    """The function, as in `shared.core.holds.freeze_hold`, from mutmut's mangled name, which numbers its mutants."""
    module, _, mangled = mutant.partition("__mutmut_")[0].rpartition(".")
    return f"{module}.{mangled.removeprefix('x_').removeprefix('x').replace('ǁ', '.').strip('.')}"


def _explanations() -> set[tuple[str, str]]:
    content = tomllib.loads(EXPLAINED.read_text()) if EXPLAINED.is_file() else {}
    listed = cast("list[dict[str, str]]", content.get("mutant", []))
    return {(one["function"], one["change"].strip()) for one in listed}
