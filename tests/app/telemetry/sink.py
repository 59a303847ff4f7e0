"""A loopback server over TLS that takes telemetry as Application Insights' ingestion endpoint does."""

from __future__ import annotations

import gzip
import json
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TypeAlias, cast

import trustme

Item: TypeAlias = "dict[str, Item] | list[Item] | str | int | float | bool | None"


@dataclass
class Sink:
    """Its address, what it received, and whether it responds."""

    url: str
    ca: Path
    is_silent: bool = False
    """Accepts requests and responds to none of them until the end."""
    authorizations: list[str] = field(default_factory=list)
    items: list[dict[str, Item]] = field(default_factory=list)
    ended: threading.Event = field(default_factory=threading.Event)

    def base_data(self, base_type: str) -> list[dict[str, Item]]:
        """The data of all items of one type."""
        data = [cast("dict[str, Item]", item["data"]) for item in self.items]
        return [cast("dict[str, Item]", one["baseData"]) for one in data if one["baseType"] == base_type]


@contextmanager
def serving(directory: Path, *, is_silent: bool = False) -> Iterator[Sink]:
    """Take telemetry until the block ends."""
    authority = trustme.CA()
    ca = directory / "sink-ca.pem"
    authority.cert_pem.write_to_path(str(ca))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if self.headers.get("Content-Encoding") == "gzip":
                body = gzip.decompress(body)
            if sink.is_silent:
                sink.ended.wait()
                return
            received = json.loads(body)
            sink.authorizations.append(self.headers.get("Authorization", ""))
            sink.items.extend(received)
            response = {"itemsReceived": len(received), "itemsAccepted": len(received), "errors": []}
            content = json.dumps(response).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
            """Log nothing: the test reads what was received."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.handle_error = lambda request, client_address: None  # type: ignore[method-assign] # ignore killed clients
    server.socket = context.wrap_socket(server.socket, server_side=True)
    sink = Sink(f"https://127.0.0.1:{server.server_address[1]}", ca, is_silent)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield sink
    finally:
        sink.ended.set()
        server.shutdown()
        thread.join()
        server.server_close()
