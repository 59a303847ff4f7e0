"""`python -m tests.processes.fork_server FD`: imports what programs need, then forks a program for each request.

Importing the emulator takes 3 s of CPU time, importing the app and its SDKs 5 s; a fork has both at once, and shares
nothing with the programs before it. The server has one thread and opens no connection, so a fork is safe.

A request is a line of JSON on the socket FD, with three file descriptors: standard output, standard error, and a pipe
that gets the exit code. The response is the process ID. The programs end when the other end of the socket closes.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import runpy
import select
import signal
import socket
import sys
import traceback
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from tests.processes.preload import preload
from tools import paths

_REQUEST_BYTES: Final = 1 << 16
_DESCRIPTORS: Final = 3


@dataclass(frozen=True, slots=True)
class Program:
    """A module to run as `python -m` does, in an environment and a folder."""

    module: str
    arguments: Sequence[str]
    environment: dict[str, str]
    folder: str
    descriptors: Sequence[int]
    """Standard output, standard error."""

    def run(self) -> None:
        """Become the program, and end as it does; without tidying up, which would touch all the server's memory."""
        with open(os.devnull, "rb") as nothing:  # noqa: PTH123 - a descriptor is wanted
            os.dup2(nothing.fileno(), 0)
        for target, descriptor in enumerate(self.descriptors, start=1):
            os.dup2(descriptor, target)
            os.close(descriptor)
        os.chdir(self.folder)
        os.environ.clear()
        os.environ.update(self.environment)
        importlib.reload(paths)  # one of them is as the environment says
        sys.argv = [self.module, *self.arguments]
        code = _exit_code_of(self.module)
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _exit_code_of(module: str) -> int:
    try:
        runpy.run_module(module, run_name="__main__", alter_sys=True)
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:  # noqa: BLE001 - it is the end, and the interpreter would print it too
        traceback.print_exc()
        return 1
    return 0


@dataclass(slots=True)
class ForkServer:
    """Serves one client, which holds the other end of the socket."""

    client: socket.socket
    _statuses: dict[int, int] = field(default_factory=dict)
    """The pipe for the exit code, by process ID."""

    def serve(self) -> Program | None:
        """Fork until the client has closed its end.

        Returns:
            In a fork, the work to run; in the server, None at the end.
        """
        woken, wake = socket.socketpair()
        wake.settimeout(0.0)
        signal.set_wakeup_fd(wake.fileno(), warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)  # without a handler it would not wake the loop
        with woken, wake:
            while True:
                ready, _, _ = select.select([self.client, woken], [], [])
                if woken in ready:
                    woken.recv(_REQUEST_BYTES)
                    self._report_ended()
                if self.client in ready:
                    request = self._receive()
                    if request is None:
                        self._end_all()
                        return None
                    program = self._fork(*request)
                    if program is not None:
                        return program

    def _receive(self) -> tuple[dict[str, object], list[int]] | None:
        content, descriptors, _, _ = socket.recv_fds(self.client, _REQUEST_BYTES, _DESCRIPTORS)
        while content and not content.endswith(b"\n"):
            content += self.client.recv(_REQUEST_BYTES)
        return (json.loads(content), descriptors) if content else None

    def _fork(self, request: dict[str, object], descriptors: list[int]) -> Program | None:
        *streams, status = descriptors
        pid = os.fork()
        if pid == 0:
            self._forget_server(status)
            return Program(**request, descriptors=streams)  # type: ignore[arg-type] # as the client wrote it
        self._statuses[pid] = status
        for descriptor in streams:
            os.close(descriptor)
        self.client.sendall(f"{pid}\n".encode())
        return None

    def _forget_server(self, status: int) -> None:
        """In a fork: signals mean again what they mean to a program, and what is the server's is closed."""
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        self.client.close()
        for descriptor in (status, *self._statuses.values()):
            os.close(descriptor)

    def _report_ended(self) -> None:
        for pid in list(self._statuses):
            ended, status = os.waitpid(pid, os.WNOHANG)
            if ended:
                descriptor = self._statuses.pop(pid)
                os.write(descriptor, f"{os.waitstatus_to_exitcode(status)}\n".encode())
                os.close(descriptor)

    def _end_all(self) -> None:
        for pid in self._statuses:
            os.kill(pid, signal.SIGKILL)


def main(arguments: Sequence[str]) -> None:
    """Serve; a fork runs its program."""
    preload()
    gc.collect()
    gc.freeze()  # else the first collection of each fork copies all these pages
    with socket.socket(fileno=int(arguments[0])) as client:
        program = ForkServer(client).serve()
    if program is not None:
        program.run()
    os._exit(0)  # as in `run`


if __name__ == "__main__":
    main(sys.argv[1:])
