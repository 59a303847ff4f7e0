"""`python keep.py COMMAND…`: runs a command that ends when this process's standard input does.

The parent holds the other end of that pipe: if it dies, even killed, the pipe closes and the command's whole process
group is ended. Standard library only: it starts before everything else, and often.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from types import FrameType

GRACE_SECONDS = 5.0


def main(command: list[str]) -> int:
    """Run the command; its exit code."""
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, start_new_session=True)

    def on_signal(_: int, __: FrameType | None) -> None:
        end(process)

    signal.signal(signal.SIGTERM, on_signal)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the parent, which decides
    threading.Thread(target=_wait_for_parent, args=(process,), daemon=True).start()
    code = process.wait()
    _signal_group(process, signal.SIGKILL)
    return code if code >= 0 else 128 - code


def end(process: subprocess.Popen[bytes]) -> None:
    """End the group: with SIGTERM first, then SIGKILL."""
    _signal_group(process, signal.SIGTERM)
    timer = threading.Timer(GRACE_SECONDS, _signal_group, (process, signal.SIGKILL))
    timer.daemon = True
    timer.start()


def _wait_for_parent(process: subprocess.Popen[bytes]) -> None:
    while sys.stdin.buffer.read(1024):
        pass
    end(process)


def _signal_group(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    try:
        os.killpg(process.pid, number)
    except ProcessLookupError:
        return


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
