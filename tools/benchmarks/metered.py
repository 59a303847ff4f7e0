"""Counts and times what the app sends, and can make every request slower, as a network does."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit

import requests

from shared.azure.connection import Connection
from shared.settings import Settings

ARM, GRAPH, TABLES, QUEUES, OTHER = "ARM", "Resource Graph", "tables", "queues", "other"
AZURE = (ARM, GRAPH)
"""What is subject to Azure's request limits; storage, Event Grid and the release tracker are not."""


@dataclass(frozen=True, slots=True)
class SentRequest:
    """One request: to whom, when, in seconds of `time.perf_counter`, and with which status."""

    kind: str
    method: str
    path: str
    began: float
    ended: float
    status: int


@dataclass
class Meter:
    """The requests so far, of all threads."""

    latency_seconds: float = 0.0
    """Added to each request before it is sent."""
    sent: list[SentRequest] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, request: SentRequest) -> None:
        """Note a request that has a response."""
        with self._lock:
            self.sent.append(request)

    def since(self, moment: float) -> list[SentRequest]:
        """The requests that began since then."""
        with self._lock:
            return [request for request in self.sent if request.began >= moment]


def counts(sent: Iterable[SentRequest]) -> Mapping[str, int]:
    """How many requests went to whom."""
    return dict(sorted(Counter(request.kind for request in sent).items()))


class MeteredConnection(Connection):
    """The app's connection, whose session is metered. Requests for tokens are not: the app caches those."""

    def __init__(self, settings: Settings, meter: Meter) -> None:
        super().__init__(settings)
        self.__dict__["meter"] = meter  # the class is frozen, as its parent is

    @cached_property
    def session(self) -> requests.Session:
        """One pool of connections for all adapters, metered."""
        meter: Meter = self.__dict__["meter"]
        return _MeteredSession(meter, self.settings)


class _MeteredSession(requests.Session):
    def __init__(self, meter: Meter, settings: Settings) -> None:
        super().__init__()
        self._meter = meter
        self._places = {
            urlsplit(settings.table_endpoint).netloc: TABLES,
            urlsplit(settings.queue_endpoint).netloc: QUEUES,
        }
        self._arm = urlsplit(settings.arm_endpoint).netloc

    def send(self, request: requests.PreparedRequest, **kwargs: Any) -> requests.Response:  # noqa: ANN401 - as `requests` has it
        """Send the request after the latency, and note it."""
        began = time.perf_counter()
        if self._meter.latency_seconds:
            time.sleep(self._meter.latency_seconds)
        response = super().send(request, **kwargs)
        url = urlsplit(request.url or "")
        sent = SentRequest(
            self._kind(url.netloc, url.path),
            request.method or "",
            url.path,
            began,
            time.perf_counter(),
            response.status_code,
        )
        self._meter.add(sent)
        return response

    def _kind(self, place: str, path: str) -> str:
        if place in self._places:
            return self._places[place]
        if "/providers/microsoft.resourcegraph/" in path.lower():
            return GRAPH
        return ARM if place == self._arm and path.lower().startswith("/subscriptions/") else OTHER
