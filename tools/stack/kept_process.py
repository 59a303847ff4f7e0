"""A process of the stack: started under its keeper, ready when it says so, ended with its parent."""

from __future__ import annotations

import json
import queue
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, Protocol

import psutil

from tools.paths import ROOT

_KEEPER = Path(__file__).with_name("keep.py")
_TAIL_LINES = 20


class StackError(Exception):
    """A part of the stack did not start, or did not do what was requested; the message has its last output."""


class Process(Protocol):
    """What the stack needs of a part of it that runs."""

    @property
    def name(self) -> str:
        """Of the part, in messages."""

    @property
    def log(self) -> Path:
        """What it writes to standard error."""

    @property
    def is_running(self) -> bool:
        """Whether it has not ended."""

    def wait_until_ready(self, seconds: float) -> Mapping[str, object]:
        """The JSON object that it prints when it is ready; a `StackError` if it never does."""

    def stop(self) -> None:
        """End it and wait for that; ending one that has ended does nothing."""

    def kill(self) -> None:
        """Kill it without warning."""


class KeptProcess:
    """One process; what it writes to its standard error is in `log`."""

    def __init__(self, name: str, command: Sequence[str], log: Path, environment: Mapping[str, str]) -> None:
        self.name = name
        self.log = log
        self._lines: queue.Queue[str | None] = queue.Queue()
        with log.open("ab") as stderr:
            self._keeper = subprocess.Popen(
                [sys.executable, "-I", str(_KEEPER), *command],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=stderr,
                cwd=ROOT,
                env=dict(environment),
                start_new_session=True,
                text=True,
            )
        self._reader = threading.Thread(target=self._read, args=(self._keeper.stdout,), daemon=True)
        self._reader.start()

    def wait_for_line(self, containing: str, seconds: float) -> str:
        """The first line on standard output with the text in it.

        Raises:
            StackError: the process ended, or the time passed, before it came.
        """
        while True:
            try:
                line = self._lines.get(timeout=seconds)
            except queue.Empty:
                raise StackError(f"{self.name} was not ready after {seconds:.0f} s{self._tail()}") from None
            if line is None:
                raise StackError(f"{self.name} ended before it was ready{self._tail()}")
            if containing in line:
                return line

    def wait_until_ready(self, seconds: float) -> Mapping[str, object]:
        """The JSON object that the process prints when it is ready.

        Raises:
            StackError: it never came.
        """
        content: object = json.loads(self.wait_for_line("{", seconds))
        if not isinstance(content, Mapping):
            raise StackError(f"{self.name} said {content!r} instead of a JSON object")
        return content

    @property
    def is_running(self) -> bool:
        """Whether the process has not ended."""
        return self._keeper.poll() is None

    def stop(self) -> None:
        """End the process and wait for that; ending one that has ended does nothing."""
        if self._keeper.stdin is not None and not self._keeper.stdin.closed:
            self._keeper.stdin.close()
        self._keeper.wait()
        self._reader.join()
        if self._keeper.stdout is not None:
            self._keeper.stdout.close()

    def kill(self) -> None:
        """Kill the process without a word, as a machine that loses power; for fault tests."""
        for child in psutil.Process(self._keeper.pid).children(recursive=True):
            child.kill()
        self.stop()

    def _read(self, stdout: IO[str] | None) -> None:
        for line in stdout or ():
            self._lines.put(line)
        self._lines.put(None)

    def _tail(self) -> str:
        lines = self.log.read_text(errors="replace").splitlines()[-_TAIL_LINES:]
        return ":\n" + "\n".join(f"  {line}" for line in lines) if lines else ""
