"""AKS's public release tracker: its data file has no contract, so only the fact that it changed is used."""

from __future__ import annotations

import hashlib
import logging

import requests

from shared.azure.connection import Connection

MAXIMUM_BYTES = 8 * 1024 * 1024
_CHUNK_BYTES = 64 * 1024
_LOG = logging.getLogger("fleet_auto_upgrade")


class HttpReleaseTracker:
    """Implements `shared.ports.ReleaseTracker`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._url = connection.settings.release_tracker_url

    def digest(self) -> str | None:
        """A hash of the file; None, and a line in the log, if it cannot be read. It is never needed."""
        if self._url is None:
            return None
        try:
            return self._hash(self._url)
        except (requests.RequestException, ValueError) as error:
            _LOG.warning(
                "The release tracker could not be read: %s", error, extra={"event_name": "release_tracker_unreadable"}
            )
            return None

    def _hash(self, url: str) -> str:
        digest, size = hashlib.sha256(), 0
        with self._connection.get(url, stream=True) as answer:
            answer.raise_for_status()
            for chunk in answer.iter_content(_CHUNK_BYTES):
                size += len(chunk)
                if size > MAXIMUM_BYTES:
                    raise ValueError(f"it is larger than {MAXIMUM_BYTES} bytes")
                digest.update(chunk)
        return digest.hexdigest()
