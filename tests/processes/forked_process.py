"""Programs that a fork server starts: the client's side."""

from __future__ import annotations

import atexit
import json
import os
import select
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import IO

from tools.paths import ROOT
from tools.stack.kept_process import StackError

_GRACE_SECONDS = 30.0
_TAIL_LINES = 20


class ForkedProcess:
    """A program that runs; it offers what `KeptProcess` offers, and signals.

    Args:
        name: of the program, in messages.
        module: run as `python -m` does, with these arguments.
        log: gets what the program writes to standard error.
        environment: of the program; the test's own without it.
        folder: where the program runs.
    """

    def __init__(
        self,
        name: str,
        module: str,
        arguments: Sequence[str],
        log: Path,
        environment: Mapping[str, str] | None = None,
        folder: Path = ROOT,
    ) -> None:
        self.name = name
        self.log = log
        stdout, written = os.pipe()
        self._status, status = os.pipe()
        self._code: int | None = None
        request = {
            "module": module,
            "arguments": [*arguments],
            "environment": dict(os.environ if environment is None else environment),
            "folder": str(folder),
        }
        with log.open("ab") as errors:
            self.pid = _server().fork(request, (written, errors.fileno(), status))
        os.close(written)
        os.close(status)
        self.stdout: IO[str] = os.fdopen(stdout)

    def wait_until_ready(self, seconds: float) -> Mapping[str, object]:
        """The JSON object that the program prints when it is ready.

        Raises:
            StackError: the program ended, or the time passed, before that.
        """
        readable, _, _ = select.select([self.stdout], [], [], seconds)
        if not readable:
            raise StackError(f"{self.name} was not ready after {seconds:.0f} s{self._tail()}")
        line = self.stdout.readline()
        if not line:
            raise StackError(f"{self.name} ended before it was ready{self._tail()}")
        content: object = json.loads(line)
        assert isinstance(content, Mapping)
        return content

    @property
    def is_running(self) -> bool:
        """Whether the program has not ended."""
        return self.wait(0.0) is None

    def wait(self, seconds: float) -> int | None:
        """The exit code; None if the program has not ended within the time."""
        if self._code is None and select.select([self._status], [], [], seconds)[0]:
            self._code = int(os.read(self._status, 16) or b"-9")
            os.close(self._status)
        return self._code

    def send_signal(self, number: signal.Signals) -> None:
        """Send a signal, if the program has not ended."""
        if self.is_running:
            os.kill(self.pid, number)

    def stop(self) -> None:
        """End the program and wait for that; ending one that has ended does nothing."""
        self.send_signal(signal.SIGTERM)
        if self.wait(_GRACE_SECONDS) is None:
            self.kill()
        self.stdout.close()

    def kill(self) -> None:
        """Kill the program without a word, as a machine that loses power; for fault tests."""
        self.send_signal(signal.SIGKILL)
        self.wait(_GRACE_SECONDS)

    def _tail(self) -> str:
        lines = self.log.read_text(errors="replace").splitlines()[-_TAIL_LINES:]
        return ":\n" + "\n".join(f"  {line}" for line in lines) if lines else ""


class _Server:
    """The fork server, which ends with this process, however that ends: its end of the socket is closed then."""

    def __init__(self) -> None:
        self._socket, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.processes.fork_server", str(theirs.fileno())],
                cwd=ROOT,
                env={**os.environ, "PYTHONPATH": str(ROOT)},
                pass_fds=[theirs.fileno()],
                start_new_session=True,  # Ctrl-C reaches the tests, which end what they started
            )
        self._turn = threading.Lock()

    def fork(self, request: Mapping[str, object], descriptors: Sequence[int]) -> int:
        """Start a program; its process ID."""
        with self._turn:
            socket.send_fds(self._socket, [json.dumps(request).encode() + b"\n"], descriptors)
            return int(self._socket.recv(32))

    def close(self) -> None:
        """End the server and its programs."""
        self._socket.close()
        self._process.wait()


@cache
def _server() -> _Server:
    server = _Server()
    atexit.register(server.close)
    return server
