"""One at a time."""

from __future__ import annotations

import contextlib
import fcntl
from collections.abc import Iterator

from tools.paths import UP


class BusyError(Exception):
    """Somebody else is at it; the message says at what."""


@contextlib.contextmanager
def only_one(name: str, busy: str) -> Iterator[None]:
    """Hold a lock of this name; the system lets go of it even if the process is killed.

    Raises:
        BusyError: another process holds it; the message is `busy`.
    """
    UP.mkdir(parents=True, exist_ok=True)
    with (UP / f"{name}.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BusyError(busy) from None
        yield
