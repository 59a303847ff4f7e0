"""A throw-away HTTPS server on the loopback interface: records every request, and responds as a test scripts."""

from __future__ import annotations

import json
import ssl
import threading
from collections import defaultdict, deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TypeAlias
from urllib.parse import parse_qs, urlsplit

import trustme

Json: TypeAlias = "Mapping[str, Json] | list[Json] | str | int | float | bool | None"

IDENTITY_PATH = "/msi/token"
IDENTITY_HEADER = "loopback"


@dataclass(frozen=True)
class Response:
    """What the server responds; a text is sent unchanged."""

    body: Json = None
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    lost: bool = False
    """The request arrives, and the connection is closed without a response."""


LOST = Response(lost=True)


def refusal(status: int, code: str, message: str = "no", **headers: str) -> Response:
    """An error in ARM's form; `Retry_After` becomes the header Retry-After."""
    body: Json = {"error": {"code": code, "message": message}}
    return Response(body, status, {name.replace("_", "-"): value for name, value in headers.items()})


@dataclass(frozen=True)
class Request:
    """A request as it came over the wire."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: Json


class WireServer:
    """Responses are scripted by method and path, which is compared without case; the last of several is repeated.

    Tokens for the managed identity are always given, unless a test scripts something else for that path.
    """

    def __init__(self, directory: Path) -> None:
        authority = trustme.CA()
        self.ca = directory / "ca.pem"
        authority.cert_pem.write_to_path(self.ca)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert("127.0.0.1").configure_cert(context)
        self._lock = threading.Lock()
        self.reset()
        self._server = _Server(self)
        self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        self.url = f"https://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05})
        self._thread.start()

    def reset(self) -> None:
        """Forget all requests and responses."""
        with self._lock:
            self._all: list[Request] = []
            self._scripts: dict[tuple[str, str], deque[Response]] = defaultdict(deque)
        token: Json = {"access_token": "token", "expires_on": "4102444800", "resource": "r", "token_type": "Bearer"}
        self.script("GET", IDENTITY_PATH, Response(token))

    def script(self, method: str, path: str, *responses: Response | Json) -> None:
        """Respond to the next requests so, in turn; a bare JSON value is sent with 200."""
        scripted = (response if isinstance(response, Response) else Response(response) for response in responses)
        with self._lock:
            self._scripts[method, path.lower()] = deque(scripted)

    def requests(self, method: str | None = None, path: str = "") -> list[Request]:
        """The requests so far, but those for tokens; of one method, to paths that end so."""
        with self._lock:
            return [
                request
                for request in self._all
                if request.path != IDENTITY_PATH
                and method in (None, request.method)
                and request.path.lower().endswith(path.lower())
            ]

    def respond(self, request: Request) -> Response:
        """Record the request, and take the next response from its script."""
        with self._lock:
            self._all.append(request)
            script = self._scripts.get((request.method, request.path.lower()))
            if not script:
                return refusal(404, "ResourceNotFound", f"The Resource '{request.path}' was not found.")
            return script.popleft() if len(script) > 1 else script[0]

    def stop(self) -> None:
        """End the server; its port and threads are free after this."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    def __init__(self, wire: WireServer) -> None:
        self.wire = wire
        super().__init__(("127.0.0.1", 0), _Handler)

    def handle_error(self, request: object, client_address: object) -> None:
        """Ignore clients that close the connection."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def _handle(self) -> None:
        parts = urlsplit(self.path)
        content = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        response = self.server.wire.respond(
            Request(
                method=self.command,
                path=parts.path,
                query={name: values[0] for name, values in parse_qs(parts.query).items()},
                headers={name.lower(): value for name, value in self.headers.items()},
                body=json.loads(content) if content else None,
            )
        )
        if response.lost:
            self.close_connection = True
            return
        text = response.body if isinstance(response.body, str) else json.dumps(response.body)
        self.send_response(response.status)
        for name, value in {"Content-Type": "application/json; charset=utf-8", **response.headers}.items():
            self.send_header(name, value)
        encoded = text.encode()
        self.send_header("Content-Length", str(len(encoded)))
        self.end_headers()
        self.wfile.write(encoded)

    do_GET = do_PUT = do_POST = do_PATCH = do_DELETE = _handle  # noqa: N815 - the names that http.server calls

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name in the base class
        """Keep quiet."""
