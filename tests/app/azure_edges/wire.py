"""A loopback server over TLS that records requests and responds as the test says."""

from __future__ import annotations

import json
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.app.azure_edges.conftest import TlsFiles


@dataclass
class Wire:
    """What to respond, and the requests."""

    status: int = 200
    body: bytes = b""
    received: list[tuple[str, str, bytes]] = field(default_factory=list)
    """Method, path and body."""
    url: str = ""


class _Server(ThreadingHTTPServer):
    request_queue_size = 128
    """Room for all connections that a test opens at once."""


@contextmanager
def serving(tls: TlsFiles) -> Iterator[Wire]:
    """Serve until the block ends."""
    wire = Wire()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length", "0"))
            self._respond(self.rfile.read(length))

        def do_GET(self) -> None:
            self._respond(b"")

        def _respond(self, body: bytes) -> None:
            wire.received.append((self.command, self.path, body))
            self.send_response(wire.status)
            self.send_header("Content-Length", str(len(wire.body)))
            self.end_headers()
            self.wfile.write(wire.body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
            """Log nothing: the test reads what was received."""

    server = _Server(("127.0.0.1", 0), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tls.certificate, tls.key)
    # a handshake in the thread of its connection: in the one that accepts, it would hold up all others
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    wire.url = f"https://127.0.0.1:{server.server_address[1]}"
    try:
        yield wire
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def json_of(body: bytes) -> object:
    """A body as JSON."""
    return json.loads(body)
