"""A storage account on Azurite with a queue for a host's trigger, and an identity that signs in to it."""

import json
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import jwt
from azure.core.credentials import AccessToken
from azure.storage.queue import QueueClient

from tests.processes.azurite import shared_azurite

HEADER = "the-header-of-the-identity"


def _token() -> AccessToken:
    """As Entra ID makes them for Azure Storage; Azurite checks audience, issuer and times."""
    now = int(time.time())
    issuer = f"https://sts.windows.net/{uuid.UUID(int=1)}/"
    claims = {"aud": "https://storage.azure.com", "iss": issuer, "iat": now, "nbf": now, "exp": now + 3600}
    return AccessToken(jwt.encode(claims, "k" * 32), now + 3600)


class _Credential:
    def get_token(self, *_: str, **__: object) -> AccessToken:
        return _token()


class _Identity(BaseHTTPRequestHandler):
    """``IDENTITY_ENDPOINT``."""

    def do_GET(self) -> None:
        token = _token()
        body = json.dumps({"access_token": token.token, "expires_on": str(token.expires_on)}).encode()
        self.send_response(200 if self.headers.get("X-IDENTITY-HEADER") == HEADER else 401)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Tests read what they assert, not a server's chatter."""


class Storage:
    """The account: where it is, and its queues ``work`` and ``work-poison``."""

    def __init__(self, identity: str) -> None:
        shared = shared_azurite()
        self.endpoint = shared.azurite.queue_endpoint(shared.new_account())
        self.ca = shared.ca
        self._identity = identity
        self._queues = {
            name: QueueClient(self.endpoint, name, credential=_Credential(), connection_verify=str(shared.ca))
            for name in ("work", "work-poison")
        }
        for queue in self._queues.values():
            queue.create_queue()

    def settings(self, ca_bundle: Path) -> dict[str, str]:
        """App settings of a host whose trigger's connection is ``SAMPLE``; the bundle gets Azurite's authority too."""
        with ca_bundle.open("ab") as bundle:
            bundle.write(self.ca.read_bytes())
        return {
            "SAMPLE__queueServiceUri": self.endpoint,
            "IDENTITY_ENDPOINT": self._identity,
            "IDENTITY_HEADER": HEADER,
            "AUTO_UPGRADE_CA_BUNDLE": str(ca_bundle),
        }

    def send(self, **content: object) -> None:
        """Send a message to ``work``."""
        self._queues["work"].send_message(json.dumps(content))

    def count(self, queue: str = "work") -> int:
        """How many messages are in a queue, hidden ones too."""
        return self._queues[queue].get_queue_properties().approximate_message_count or 0

    def poisoned(self) -> list[object]:
        """The messages that failed too often."""
        return [json.loads(message.content) for message in self._queues["work-poison"].peek_messages(32)]


@contextmanager
def storage_account() -> Iterator[Storage]:
    """A new account, with the identity's server until the block ends."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Identity)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield Storage(f"http://127.0.0.1:{server.server_port}/token")
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
