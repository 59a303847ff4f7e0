"""`./dev up` as a person runs it, and the other commands beside it, apart from any stack the person has up."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from types import TracebackType

from tests.processes.done import Done
from tests.processes.forked_process import ForkedProcess
from tools.json_value import JsonObject
from tools.paths import ROOT

DEADLINE_SECONDS = 180
LAST_LINE = "export NO_PROXY="
IN_BACKGROUND = ("sh", "-c", 'trap "" INT; exec "$@"', "sh")
"""What `&` in a script does to a program: an interrupt is ignored unless the program asks for it."""


def dev(place: Path, *arguments: str) -> Done:
    """A command that ends by itself; `place` is where what is up is written down."""
    with tempfile.TemporaryDirectory() as logs:
        process = ForkedProcess("dev", "tools.cli", arguments, Path(logs) / "stderr", environment(place))
        stdout = process.stdout.read()
        code = process.wait(DEADLINE_SECONDS)
        process.stop()
        return Done(code, stdout, process.log.read_text())


def environment(place: Path) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT), "FLEET_AUTO_UPGRADE_UP": str(place)}


class UpProcess:
    """A stack that is up until the `with` block ends, started as by a script in the background."""

    def __init__(self, place: Path, *arguments: str) -> None:
        self.place = place
        self.log = place / "stderr"
        with self.log.open("w") as stderr:
            self.process = subprocess.Popen(
                [*IN_BACKGROUND, sys.executable, "-m", "tools.cli", "up", *arguments],
                cwd=ROOT,
                env=environment(place),
                stdout=subprocess.PIPE,
                stderr=stderr,
                text=True,
            )
        self.exports = self._read_exports()

    def __enter__(self) -> UpProcess:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.process.poll() is None:
            self.end(signal.SIGINT)

    @property
    def record(self) -> JsonObject:
        """What it has written down."""
        content: JsonObject = json.loads((self.place / "up.json").read_text())
        return content

    def dev(self, *arguments: str) -> Done:
        """Another command beside it."""
        return dev(self.place, *arguments)

    def end(self, number: signal.Signals) -> int:
        """Have it end; its exit code."""
        self.process.send_signal(number)
        self.process.communicate(timeout=DEADLINE_SECONDS)
        return self.process.returncode

    def _read_exports(self) -> str:
        assert self.process.stdout is not None
        lines: list[str] = []
        while not (lines and lines[-1].startswith(LAST_LINE)):
            line = self.process.stdout.readline()
            assert line, self.log.read_text()
            lines.append(line)
        return "".join(lines)
