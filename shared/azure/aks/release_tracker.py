"""Reads AKS's public release tracker: its data has no documented format, so only a change of it is used."""

from __future__ import annotations

import hashlib

import requests

from shared import telemetry
from shared.azure.connection import Connection

MAXIMUM_BYTES = 8 * 1024 * 1024
_CHUNK_BYTES = 64 * 1024


class HttpReleaseTracker:
    """Implements `shared.ports.ReleaseTracker`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._url = connection.settings.release_tracker_url

    def digest(self) -> str | None:
        """A hash of the file; None if it cannot be read, which is reported to telemetry."""
        if self._url is None:
            return None
        try:
            return self._hash(self._url)
        except (requests.RequestException, ValueError) as error:
            telemetry.release_tracker_unreadable(str(error))
            return None

    def _hash(self, url: str) -> str:
        digest, size = hashlib.sha256(), 0
        with self._connection.get(url, stream=True) as response:
            response.raise_for_status()
            for chunk in response.iter_content(_CHUNK_BYTES):
                size += len(chunk)
                if size > MAXIMUM_BYTES:
                    raise ValueError(f"its data is larger than {MAXIMUM_BYTES} bytes")
                digest.update(chunk)
        return digest.hexdigest()
