"""`./dev test` and `./dev core`: what has to hold, checked side by side as far as the cores go.

The tests of the core run twice: all but the laws while the branches that they take are counted, and the laws, which
take no branch that the others do not, without that: counting makes them several times as slow.
"""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from tools.paths import DEV, ROOT
from tools.run_module import module_environment, run_module

_CORE = "tests/app/core"
_LAWS = f"{_CORE}/test_laws.py"
_SIDE_BY_SIDE = ("-n", "logical", "--maxprocesses", "8", "--dist", "loadfile", "--no-loadscope-reorder")
QUICK = ("--quick", "-m", "not stack and not slow", "--hypothesis-profile=quick")
"""The options of pytest that choose the tests of `./dev test --quick`, and fewer examples for each law."""


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that has to hold, and the modules that check it, one after the other with their arguments."""

    name: str
    commands: Sequence[Sequence[str]]


_LINT = Step("lint", [["ruff", "check", "--quiet", "."], ["ruff", "format", "--quiet", "--check", "."]])
_TYPES = Step("types", [["mypy"]])
_COVERAGE = f"--data-file={DEV / 'coverage'}"
_BRANCHES = Step(
    "the core, every branch",
    [
        ["coverage", "run", _COVERAGE, "--source=shared/core", "-m", "pytest", _CORE, f"--ignore={_LAWS}"],
        ["coverage", "report", _COVERAGE, "--show-missing", "--skip-covered", "--fail-under=100"],
    ],
)
_CORE_LAWS = Step("the laws of the core", [["pytest", _LAWS]])


def run_everything() -> int:
    """Check everything; 1 if something does not hold."""
    tests = Step("tests", [["pytest", *_SIDE_BY_SIDE, f"--ignore={_CORE}"]])
    return _run(tests, [_LINT, _BRANCHES, _CORE_LAWS, _TYPES])


def run_quick() -> int:
    """Check what needs no stack, without types and branches; 1 if something does not hold."""
    return _run(Step("tests without a stack", [["pytest", *_SIDE_BY_SIDE, *QUICK]]), [_LINT])


def run_core() -> int:
    """Run the tests of the core; 1 if one fails, or if a branch of the core is taken by none."""
    commands = [command for step in (_BRANCHES, _CORE_LAWS) for command in step.commands]
    return int(not all(run_module(*command) == 0 for command in commands))


def _run(shown: Step, others: Sequence[Step]) -> int:
    """Run a step that shows its progress, and beside it the others, which are shown if they fail."""
    DEV.mkdir(exist_ok=True)
    began = time.monotonic()
    given_up = threading.Event()
    with ThreadPoolExecutor(1) as pool:
        beside = pool.submit(_run_quietly, others, given_up)
        try:
            holds = {shown.name: all(run_module(*command) == 0 for command in shown.commands)} | beside.result()
        except BaseException:
            given_up.set()
            raise
    for name, result in holds.items():
        print(f"{'ok    ' if result else 'FAILED'}  {name}")
    print(f"{time.monotonic() - began:.0f} s")
    return int(not all(holds.values()))


def _run_quietly(steps: Sequence[Step], given_up: threading.Event) -> dict[str, bool]:
    results: dict[str, bool] = {}
    for step in steps:
        if not given_up.is_set():
            results[step.name] = all(_run_one_quietly(step.name, command) for command in step.commands)
    return results


def _run_one_quietly(name: str, command: Sequence[str]) -> bool:
    """Run a module; what it prints is shown if it fails, which Ctrl-C is not."""
    done = subprocess.run(
        [sys.executable, "-m", *command],
        cwd=ROOT,
        env=module_environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode not in {0, -signal.SIGINT}:
        print(f"\n{name}: {' '.join(command[:2])} failed\n{done.stdout}", flush=True)
    return done.returncode == 0
