"""The clock that timers follow: the machine's, or one reached over HTTP that may stand still or run fast."""

import asyncio
import logging
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

import httpx

from tools.host.errors import ClockError
from tools.host.instants import from_iso, to_iso
from tools.trust import trust

LONG_POLL_SECONDS = 25
_OUTAGE_PAUSE_SECONDS = 1.0
_log = logging.getLogger(__name__)


class Clock(Protocol):
    """Returns the time and waits for it."""

    async def now(self) -> datetime:
        """The present moment."""

    async def wait_until(self, moment: datetime) -> datetime:
        """Wait until the moment has come, or somewhat less, and return the present one."""

    async def close(self) -> None:
        """Let go of what the clock holds."""


class RealClock:
    """The machine's clock."""

    async def now(self) -> datetime:
        """The present moment."""
        return datetime.now(UTC)

    async def wait_until(self, moment: datetime) -> datetime:
        """Sleep; at most an hour, as a machine's clock can be set."""
        seconds = (moment - datetime.now(UTC)).total_seconds()
        await asyncio.sleep(min(max(seconds, 0.0), 3600.0))
        return datetime.now(UTC)

    async def close(self) -> None:
        """Nothing to let go of."""


class RemoteClock:
    """A clock at a URL: ``GET url`` and the long poll ``GET url/wait`` return ``{"now": ISO, …}``."""

    def __init__(self, url: str, ca_bundle: Path | None) -> None:
        self._url = url.rstrip("/")
        # Loopback only: a proxy in the environment has no business here.
        self._client = httpx.AsyncClient(verify=trust(url, ca_bundle), timeout=LONG_POLL_SECONDS + 10, trust_env=False)
        self._reachable = True

    async def now(self) -> datetime:
        """The present moment there.

        Raises:
            ClockError: the clock does not respond, or not with a moment.
        """
        try:
            return await self._get(self._url, {})
        except (httpx.HTTPError, ValueError, KeyError, TypeError) as error:
            raise ClockError(f"the clock at {self._url} does not return the time: {error!r}") from error

    async def wait_until(self, moment: datetime) -> datetime:
        """Poll once. Without a response, pause and claim nothing: the earliest possible moment."""
        query = {"until": to_iso(moment), "timeout": str(LONG_POLL_SECONDS)}
        try:
            now = await self._get(f"{self._url}/wait", query)
        except (httpx.HTTPError, ValueError, KeyError, TypeError) as error:
            if self._reachable:
                _log.warning("the clock at %s does not respond, timers wait for it: %r", self._url, error)
            self._reachable = False
            await asyncio.sleep(_OUTAGE_PAUSE_SECONDS)
            return datetime.min.replace(tzinfo=UTC)
        self._reachable = True
        return now

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    async def _get(self, url: str, query: dict[str, str]) -> datetime:
        response = await self._client.get(url, params=query)
        response.raise_for_status()
        return from_iso(response.json()["now"])
