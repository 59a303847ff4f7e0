"""No process of the stack outlives its parent, however the parent ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import psutil
import pytest

from tools.paths import ROOT
from tools.stack.kept_process import KeptProcess, StackError

STUBBORN = (
    "import signal, subprocess, sys, time;"
    "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)']);"
    "print('{\"pid\": %d, \"child\": %d}' % (__import__('os').getpid(), child.pid), flush=True);"
    "time.sleep(600)"
)


def gone(pid: int, seconds: float = 10.0) -> bool:
    """Whether the process ends, or is dead already, within the time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE:
            return True
        time.sleep(0.02)
    return False


def start(log: Path, code: str = STUBBORN) -> KeptProcess:
    return KeptProcess("stub", [sys.executable, "-c", code], log, os.environ)


def test_stopping_ends_the_process_and_its_children(tmp_path: Path) -> None:
    process = start(tmp_path / "log")
    ready = process.wait_until_ready(20)

    process.stop()

    assert not process.is_running
    assert gone(int(str(ready["pid"])))
    assert gone(int(str(ready["child"])))


def test_a_parent_that_is_killed_leaves_nothing_behind(tmp_path: Path) -> None:
    parent_code = textwrap.dedent(f"""
        import sys, time
        from pathlib import Path
        from tests.tools.stack.test_keep import start
        ready = start(Path({str(tmp_path / "log")!r})).wait_until_ready(20)
        print(ready["pid"], ready["child"], flush=True)
        time.sleep(600)
    """)
    parent = subprocess.Popen([sys.executable, "-c", parent_code], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    pids = [int(text) for text in parent.stdout.readline().split()]

    parent.send_signal(signal.SIGKILL)
    parent.wait()
    parent.stdout.close()

    assert len(pids) == 2
    assert all(gone(pid) for pid in pids)


def test_a_process_that_does_not_start_shows_what_it_said_last(tmp_path: Path) -> None:
    process = start(tmp_path / "log", "import sys; sys.exit('no such setting')")

    with pytest.raises(StackError, match="no such setting"):
        process.wait_until_ready(20)

    process.stop()


def test_a_process_that_is_never_ready_is_given_up_after_the_time(tmp_path: Path) -> None:
    process = start(tmp_path / "log", "import time; time.sleep(600)")

    with pytest.raises(StackError, match="not ready after"):
        process.wait_until_ready(0.2)

    process.stop()


def test_killing_a_process_ends_it_at_once(tmp_path: Path) -> None:
    process = start(tmp_path / "log")
    ready = process.wait_until_ready(20)

    process.kill()

    assert gone(int(str(ready["pid"])))
