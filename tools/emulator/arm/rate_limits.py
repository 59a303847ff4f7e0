"""ARM's rate limits: token buckets, and the headers that show what remains in them.

Facts: ARM's page on request limits and throttling. Limits use real time, not simulated time, because clients
wait in real time.
"""

from __future__ import annotations

import json
import math
import re
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tools.emulator.connection import drain
from tools.emulator.identity import Caller

_PRINCIPALS: Final = 15
"""Over all principals of a subscription, the limit is so many times that of one. UNVERIFIED: the refill is as well."""
_LIMITED: Final = re.compile(r"/(?:(subscriptions/[^/]+)|subscriptions|tenants)(?:/|$)", re.IGNORECASE)
_KINDS: Final = {"GET": "reads", "HEAD": "reads", "DELETE": "deletes"}
_REMAINING: Final = "x-ms-ratelimit-remaining-"


@dataclass(frozen=True)
class Limit:
    """A bucket holds `size` requests, and gets `refill_per_second` back."""

    size: int
    refill_per_second: float


@dataclass(frozen=True)
class Limits:
    """For each kind of call, the limit of a principal in one subscription or in the tenant."""

    reads: Limit = Limit(250, 25.0)
    writes: Limit = Limit(200, 10.0)
    deletes: Limit = Limit(200, 10.0)

    def of(self, kind: str) -> Limit:
        """The limit of `reads`, `writes` or `deletes`."""
        return {"reads": self.reads, "writes": self.writes, "deletes": self.deletes}[kind]


@dataclass
class _Bucket:
    limit: Limit
    tokens: float
    filled_at: float
    closed_until: float = -math.inf

    def refuse_for(self, now: float) -> int:
        """Whole seconds to wait, 0 if there is a token now.

        After a 429, calls are rejected until the time in Retry-After has passed.
        """
        refilled = self.tokens + (now - self.filled_at) * self.limit.refill_per_second
        self.tokens, self.filled_at = min(refilled, float(self.limit.size)), now
        if now >= self.closed_until and self.tokens < 1:
            self.closed_until = now + math.ceil((1 - self.tokens) / self.limit.refill_per_second)
        return math.ceil(max(self.closed_until - now, 0.0))


@dataclass
class RateLimits:
    """ASGI middleware: returns 429 once a bucket is empty, and puts what is left into the headers of ARM's responses.

    A caller without a valid token passes, to be refused as such. Resource Graph has a separate quota.

    UNVERIFIED: that reads have `remaining-subscription-reads`, as documented; recorded responses of Fleet have only
    `remaining-subscription-global-reads`. Each emulator is one region of ARM.

    Args:
        app: the service.
        caller: who sent an `Authorization` header.
        limits: the buckets' sizes.
        monotonic: real seconds.
    """

    app: ASGIApp
    caller: Callable[[str | None], Caller | None]
    limits: Limits = field(default_factory=Limits)
    monotonic: Callable[[], float] = time.monotonic
    _buckets: dict[tuple[str, ...], _Bucket] = field(default_factory=dict, init=False)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request."""
        path = _LIMITED.match(str(scope["path"])) if scope["type"] == "http" else None
        caller = self.caller(Headers(scope=scope).get("authorization")) if path else None
        if path is None or caller is None:
            await self.app(scope, receive, send)
            return
        place, kind = (path[1] or "tenant").lower(), _KINDS.get(str(scope["method"]), "writes")
        seconds, remaining = self._take(place, kind, caller)
        if seconds:
            await drain(receive)
            await _refuse(place, kind, caller, seconds, remaining, send)
            return

        async def counted(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name in [name for name in headers if name.startswith(_REMAINING)]:
                    del headers[name]
                headers.update(remaining)
            await send(message)

        await self.app(scope, receive, counted)

    def _take(self, place: str, kind: str, caller: Caller) -> tuple[int, Mapping[str, str]]:
        """Seconds to wait, 0 for a request that may pass, and the headers that say what is left."""
        limit, now = self.limits.of(kind), self.monotonic()
        scope = "tenant" if place == "tenant" else "subscription"
        buckets = {f"{_REMAINING}{scope}-{kind}": self._bucket(limit, now, place, kind, caller.object_id)}
        if scope == "subscription":
            of_all = Limit(limit.size * _PRINCIPALS, limit.refill_per_second * _PRINCIPALS)
            buckets[f"{_REMAINING}{scope}-global-{kind}"] = self._bucket(of_all, now, place, kind)
        waits = {name: bucket.refuse_for(now) for name, bucket in buckets.items()}
        if not any(waits.values()):
            for bucket in buckets.values():
                bucket.tokens -= 1
        left = {name: "0" if waits[name] else str(int(bucket.tokens)) for name, bucket in buckets.items()}
        return max(waits.values()), left

    def _bucket(self, limit: Limit, now: float, *key: str) -> _Bucket:
        return self._buckets.setdefault(key, _Bucket(limit, float(limit.size), now))


async def _refuse(
    place: str, kind: str, caller: Caller, seconds: int, remaining: Mapping[str, str], send: Send
) -> None:
    """429. UNVERIFIED: code and words; ARM has had several over the years."""
    message = (
        f"Number of {kind} of '{caller.object_id}' in '{place}' exceeded the limit. "
        f"Please try again after '{seconds}' seconds."
    )
    content = json.dumps({"error": {"code": "TooManyRequests", "message": message}}).encode()
    request_id = str(uuid.uuid4())
    headers = {
        "cache-control": "no-cache",
        "content-type": "application/json; charset=utf-8",
        "content-length": str(len(content)),
        "retry-after": str(seconds),
        "x-ms-failure-cause": "gateway",
        "x-ms-request-id": request_id,
        "x-ms-correlation-request-id": request_id,
        **remaining,
    }
    encoded = [(name.encode(), value.encode()) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": 429, "headers": encoded})
    await send({"type": "http.response.body", "body": content})
