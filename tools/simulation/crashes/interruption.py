"""Counts the HTTP requests of the app, and lets its process die at one of them, or loses the answer."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from unittest.mock import patch

import requests
from azure.core.pipeline.transport import RequestsTransport

from tools.simulation.scheduler import ProcessStopped

BEFORE, AFTER, LOST = "dies before", "dies after", "loses the answer to"
_IDENTITY = "/msi/token"
_GONE = "the answer was lost"


@dataclass
class Interruption:
    """What happens at the k-th request, from 1 on, or at the first to a path with some ending; else nothing."""

    at: int = 0
    ending: str = ""
    kind: str = BEFORE
    made: list[str] = field(default_factory=list)
    """The requests: method and path."""
    _is_dead: bool = False

    def send(self, request: requests.PreparedRequest, send: Callable[[], requests.Response]) -> requests.Response:
        """Send the request, or not.

        Raises:
            ProcessStopped: the process is dead.
            requests.ConnectionError: the answer is lost.
        """
        if _IDENTITY in str(request.url):
            return send()
        if self._is_dead:
            raise ProcessStopped
        path = str(request.url).partition("?")[0]
        self.made.append(f"{request.method} {path}")
        is_now = len(self.made) == self.at or (self.ending != "" and path.endswith(self.ending))
        if is_now and self.kind == BEFORE:
            self._die()
        response = send()
        if is_now and self.kind in {AFTER, LOST}:
            response.close()  # no one reads it
            if self.kind == AFTER:
                self._die()
            raise requests.ConnectionError(_GONE)
        return response

    def _die(self) -> None:
        self._is_dead = True
        raise ProcessStopped


@contextmanager
def interrupted(interruption: Interruption) -> Iterator[None]:
    """Inside, the app's requests go through the interruption; it does not sleep before it repeats one."""
    real = requests.Session.send

    def send(session: requests.Session, request: requests.PreparedRequest, **options: Any) -> requests.Response:  # noqa: ANN401 - as in requests
        return interruption.send(request, lambda: real(session, request, **options))

    with patch.object(requests.Session, "send", send), patch.object(RequestsTransport, "sleep", lambda *_: None):
        yield
