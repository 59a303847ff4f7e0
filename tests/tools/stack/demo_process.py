"""`./dev demo`: as a person runs it, or with a stack that starts quickly."""

from __future__ import annotations

import contextlib
import io
import subprocess
import sys
from typing import cast

import pytest

from tests.processes.done import Done
from tests.processes.stack import Stack
from tools import cli
from tools.demo import command
from tools.demo.world import read_world
from tools.json_value import JsonObject
from tools.paths import DEMO_WORLD, ROOT

COMMAND = [sys.executable, "-m", "tools.cli", "demo"]
MEMBERS = read_world(DEMO_WORLD)


def demo_of_a_person(*arguments: str) -> Done:
    """The command in a new process, which starts each part of the stack as a program."""
    done = subprocess.run([*COMMAND, *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
    return Done(done.returncode, done.stdout, done.stderr)


def demo(*arguments: str) -> Done:
    """The command in this process, on a stack whose parts are forks."""
    stdout, stderr = io.StringIO(), io.StringIO()
    with pytest.MonkeyPatch.context() as patch, contextlib.ExitStack() as streams:
        patch.setattr(command, "Stack", Stack)
        streams.enter_context(contextlib.redirect_stdout(stdout))
        streams.enter_context(contextlib.redirect_stderr(stderr))
        code = cli.main(["demo", *arguments])
    return Done(code, stdout.getvalue(), stderr.getvalue())


def versions(summary: JsonObject, profile: str) -> set[object]:
    """Where the clusters of a profile ended."""
    clusters = cast("dict[str, JsonObject]", summary["clusters"])
    return {clusters[key]["after"] for key in MEMBERS.profiles[profile].members}
