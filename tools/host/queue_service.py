"""A storage account's queues over REST, with the identity of the machine, as the real host's extension reaches them.

https://learn.microsoft.com/rest/api/storageservices/operations-on-messages

Polls are most of the host's own work. urllib3 in threads takes half the CPU of httpx for them.
"""

import asyncio
import functools
import os
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from urllib.parse import urlencode, urlsplit
from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape

import urllib3

from tools.host.errors import QueueServiceError, StartUpError
from tools.trust import trust

_API_VERSION = "2020-10-02"
_RESOURCE = "https://storage.azure.com"
_SPARE_SECONDS = 300.0
_OK = 200
_FIRST_FAILURE = 300
_NOT_FOUND = 404
_TIMEOUT_SECONDS = 30.0
_THREADS = 8
_ONCE_MORE = urllib3.Retry(total=1, redirect=0, status=0, allowed_methods=None)
"""Node.js closes a connection that is idle for five seconds, maybe while a request is on its way."""


@dataclass(frozen=True)
class ReceivedMessage:
    """A message that is invisible to others for a while; only who has its pop receipt may change it."""

    id: str
    text: str
    dequeue_count: int
    insertion_time: datetime
    expiration_time: datetime
    next_visible_time: datetime
    pop_receipt: str


class QueueService:
    """The queues of one account."""

    def __init__(self, endpoint: str, ca_bundle: Path | None) -> None:
        self._endpoint = endpoint.rstrip("/")
        self._pool = urllib3.PoolManager(
            maxsize=_THREADS, ssl_context=trust(endpoint, ca_bundle), timeout=_TIMEOUT_SECONDS, retries=_ONCE_MORE
        )
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="queues")
        self._token = ""
        self._expires_at = 0.0

    async def receive(self, queue: str, most: int, hidden_seconds: float) -> list[ReceivedMessage]:
        """The next visible messages, hidden from others for so long; none if the queue does not exist.

        Raises:
            QueueServiceError: the service does not respond, or refuses.
        """
        query = {"numofmessages": str(most), "visibilitytimeout": f"{hidden_seconds:.0f}"}
        response = await self._send("GET", f"{queue}/messages", query)
        if response.status == _NOT_FOUND:
            return []
        _check(response)
        root = ET.fromstring(response.data)  # noqa: S314 - it comes from the storage account of the settings
        return [_message(element) for element in root.iter("QueueMessage")]

    async def hide(self, queue: str, message: ReceivedMessage, receipt: str, seconds: float) -> str | None:
        """Hide a message for so long from now on, 0: show it; the new pop receipt, None if it is someone else's now."""
        query = {"popreceipt": receipt, "visibilitytimeout": f"{seconds:.0f}"}
        response = await self._send("PUT", f"{queue}/messages/{message.id}", query)
        if response.status in {400, _NOT_FOUND}:
            return None
        _check(response)
        return response.headers["x-ms-popreceipt"]

    async def delete(self, queue: str, message: ReceivedMessage, receipt: str) -> None:
        """Delete a message; one that is someone else's by now stays."""
        response = await self._send("DELETE", f"{queue}/messages/{message.id}", {"popreceipt": receipt})
        if response.status not in {400, _NOT_FOUND}:
            _check(response)

    async def send(self, queue: str, text: str) -> None:
        """Send a message that does not expire."""
        body = f"<QueueMessage><MessageText>{escape(text)}</MessageText></QueueMessage>"
        _check(await self._send("POST", f"{queue}/messages", {"messagettl": "-1"}, body))

    async def close(self) -> None:
        """Close the connections; requests in progress are waited for."""
        await asyncio.to_thread(self._threads.shutdown)
        self._pool.clear()

    async def _send(
        self, method: str, path: str, query: Mapping[str, str], body: str | None = None
    ) -> urllib3.BaseHTTPResponse:
        url = f"{self._endpoint}/{path}?{urlencode(query)}"
        try:
            headers = {"Authorization": f"Bearer {await self._bearer()}", "x-ms-version": _API_VERSION}
            return await self._request(method, url, headers, body)
        except (urllib3.exceptions.HTTPError, ValueError, KeyError) as error:
            raise QueueServiceError(f"the queues at {self._endpoint} cannot be reached: {error!r}") from error

    async def _bearer(self) -> str:
        if time.monotonic() >= self._expires_at:
            query = urlencode({"api-version": "2019-08-01", "resource": _RESOURCE})
            url = f"{os.environ['IDENTITY_ENDPOINT']}?{query}"
            response = await self._request("GET", url, {"X-IDENTITY-HEADER": os.environ["IDENTITY_HEADER"]})
            if response.status != _OK:
                raise ValueError(f"{url}: {response.status}")
            content = response.json()
            self._token = str(content["access_token"])
            self._expires_at = time.monotonic() + float(content["expires_on"]) - time.time() - _SPARE_SECONDS
        return self._token

    async def _request(
        self, method: str, url: str, headers: Mapping[str, str], body: str | None = None
    ) -> urllib3.BaseHTTPResponse:
        send = functools.partial(self._pool.request, method, url, headers=headers, body=body)
        return await asyncio.get_running_loop().run_in_executor(self._threads, send)


def queue_service(connection: str) -> QueueService:
    """The account of a trigger's `connection`, from the app settings that begin with its name.

    Raises:
        StartUpError: no setting says where it is.
    """
    name = f"{connection}__queueServiceUri"
    endpoint = os.environ.get(name)
    if not endpoint:
        raise StartUpError(f"a queue trigger needs the app setting {name}; this host knows no other connection")
    bundle = os.environ.get("AUTO_UPGRADE_CA_BUNDLE")
    try:
        return QueueService(endpoint, Path(bundle) if bundle else None)
    except OSError as error:  # ssl's errors are, too
        raise StartUpError(f"AUTO_UPGRADE_CA_BUNDLE: {bundle} holds no certificates: {error}") from error


def _check(response: urllib3.BaseHTTPResponse) -> None:
    if response.status >= _FIRST_FAILURE:
        code = response.headers.get("x-ms-error-code", "")
        raise QueueServiceError(f"{urlsplit(response.url or '').path}: {response.status} {code}")


def _message(element: ET.Element) -> ReceivedMessage:
    def text(name: str) -> str:
        return element.findtext(name) or ""

    return ReceivedMessage(
        id=text("MessageId"),
        text=text("MessageText"),
        dequeue_count=int(text("DequeueCount")),
        insertion_time=parsedate_to_datetime(text("InsertionTime")),
        expiration_time=parsedate_to_datetime(text("ExpirationTime")),
        next_visible_time=parsedate_to_datetime(text("TimeNextVisible")),
        pop_receipt=text("PopReceipt"),
    )
