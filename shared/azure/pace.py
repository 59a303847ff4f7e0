"""Keeps requests within the quotas that Azure reports, so that no 429 comes in the first place.

Resource Graph's page on throttling: `x-ms-user-quota-remaining` queries are left for `x-ms-user-quota-resets-after`.
ARM's page on request limits: each response has `x-ms-ratelimit-remaining-subscription-reads` and the like, and a
bucket of reads gets 25 requests a second back, one of writes or deletes 10.
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from azure.core.pipeline import PipelineRequest, PipelineResponse
from azure.core.pipeline.policies import HTTPPolicy
from azure.core.pipeline.transport import HttpTransport
from azure.core.rest import HttpRequest, HttpResponse

QUOTA_REMAINING, QUOTA_RESETS_AFTER = "x-ms-user-quota-remaining", "x-ms-user-quota-resets-after"
LOW_WATER = 16
"""ARM requests that are left when requests begin to wait: as many may be on their way in other threads."""
REFILL_SECONDS = 1.0
"""How long a request then waits: a bucket gets 10 requests back meanwhile, at least."""

_RATE_LIMIT = "x-ms-ratelimit-remaining-"
_KINDS = {"GET": "reads", "HEAD": "reads", "DELETE": "deletes"}
_GRAPH = "resource graph"


@dataclass
class Pace:
    """Until when each bucket is to be left alone; shared by all clients and threads of a process."""

    monotonic: Callable[[], float] = time.monotonic
    _until: dict[str, float] = field(default_factory=dict)
    _in_flight: Counter[str] = field(default_factory=Counter)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def wait_for(self, bucket: str) -> float:
        """Seconds to wait before the next request."""
        with self._lock:
            return max(0.0, self._until.get(bucket, 0.0) - self.monotonic())

    def begin(self, bucket: str) -> None:
        """Note that a request is sent."""
        with self._lock:
            self._in_flight[bucket] += 1

    def end(self, bucket: str, headers: Mapping[str, str] | None) -> None:
        """Note that a request has ended, and what its response says is left; None for a request without a response."""
        with self._lock:
            self._in_flight[bucket] -= 1
            if headers is None:
                return
            in_flight = self._in_flight[bucket]
            seconds = _seconds_of_graph(headers, in_flight) if bucket == _GRAPH else _seconds_of_arm(headers)
            if seconds:
                self._until[bucket] = self.monotonic() + seconds
            elif bucket != _GRAPH:  # a window's responses may come in another order; its end only comes with time
                self._until.pop(bucket, None)


class PacePolicy(HTTPPolicy[HttpRequest, HttpResponse]):
    """Waits where a quota is used up. It comes after the retry policy, so that each attempt is paced."""

    def __init__(self, pace: Pace) -> None:
        super().__init__()
        self._pace = pace

    def send(self, request: PipelineRequest[HttpRequest]) -> PipelineResponse[HttpRequest, HttpResponse]:
        """Send the request, after a wait if one is needed."""
        bucket = bucket_of(str(request.http_request.method), request.http_request.url)
        seconds = self._pace.wait_for(bucket)
        transport = request.context.transport
        if seconds > 0 and isinstance(transport, HttpTransport):
            transport.sleep(seconds)
        self._pace.begin(bucket)
        headers: Mapping[str, str] | None = None
        try:
            response = self.next.send(request)
            headers = response.http_response.headers
        finally:
            self._pace.end(bucket, headers)
        return response


def bucket_of(method: str, url: str) -> str:
    """The bucket that a request takes from: Resource Graph's, or the reads, writes or deletes of a subscription."""
    path = urlsplit(url).path.lower()
    if "/providers/microsoft.resourcegraph/" in path:
        return _GRAPH
    parts = path.split("/")
    place = parts[2] if len(parts) > 2 and parts[1] == "subscriptions" else "tenant"
    return f"{place} {_KINDS.get(method, 'writes')}"


def quota_resets_after(headers: Mapping[str, str]) -> float | None:
    """Seconds until Resource Graph's quota is full again; None if the response does not say."""
    parts = (headers.get(QUOTA_RESETS_AFTER) or "").split(":")
    if len(parts) != 3 or not all(part.isdecimal() for part in parts):
        return None
    hours, minutes, seconds = map(int, parts)
    return float(hours * 3600 + minutes * 60 + seconds)


def _seconds_of_graph(headers: Mapping[str, str], in_flight: int) -> float:
    """Until the quota is full again, if the queries that are on their way use up what is left."""
    remaining = headers.get(QUOTA_REMAINING) or ""
    is_used_up = remaining.isdecimal() and int(remaining) <= in_flight
    return (quota_resets_after(headers) or 0.0) if is_used_up else 0.0


def _seconds_of_arm(headers: Mapping[str, str]) -> float:
    left = [value for name, value in headers.items() if name.lower().startswith(_RATE_LIMIT)]
    return REFILL_SECONDS if any(value.isdecimal() and int(value) <= LOW_WATER for value in left) else 0.0
