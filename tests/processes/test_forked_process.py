"""A fork behaves as a program that is started anew, and none outlives the tests."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from tests.processes.forked_process import ForkedProcess
from tools.paths import ROOT
from tools.stack.kept_process import StackError

PATIENCE_SECONDS = 30.0
FOREVER = ("http.server", ["--bind", "127.0.0.1", "0"])
"""A module of Python's own that does not end by itself."""


def test_a_fork_has_its_own_environment_arguments_and_streams(tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONUSERBASE": str(tmp_path)}
    process = ForkedProcess("site", "site", ["--user-base"], tmp_path / "log", environment)

    assert process.stdout.read() == f"{tmp_path}\n"
    process.stop()
    assert process.log.read_text() == ""
    assert os.environ.get("PYTHONUSERBASE") != str(tmp_path)


def test_a_fork_that_fails_shows_what_it_said_last(tmp_path: Path) -> None:
    process = ForkedProcess("zip", "zipfile", ["--list", "nowhere.zip"], tmp_path / "log")

    with pytest.raises(StackError, match=r"zip ended before it was ready:(?s:.*)FileNotFoundError"):
        process.wait_until_ready(PATIENCE_SECONDS)
    assert process.wait(PATIENCE_SECONDS) == 1
    process.stop()


@pytest.mark.parametrize("end", [ForkedProcess.stop, ForkedProcess.kill])
def test_a_fork_ends_when_it_must(tmp_path: Path, end: Callable[[ForkedProcess], None]) -> None:
    process = ForkedProcess("server", *FOREVER, tmp_path / "log")
    assert process.wait(0.0) is None

    end(process)

    assert process.wait(0.0) is not None
    assert not psutil.pid_exists(process.pid)
    process.stop()


def test_tests_that_are_killed_leave_no_fork_behind(tmp_path: Path) -> None:
    code = textwrap.dedent(f"""
        import time
        from pathlib import Path
        from tests.processes.forked_process import ForkedProcess
        process = ForkedProcess("server", *{FOREVER!r}, Path({str(tmp_path / "log")!r}))
        print(process.pid, flush=True)
        time.sleep(600)
    """)
    tests = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert tests.stdout is not None
    fork = psutil.Process(int(tests.stdout.readline()))

    tests.send_signal(signal.SIGKILL)
    tests.communicate()

    assert psutil.wait_procs([fork], timeout=PATIENCE_SECONDS)[1] == []
