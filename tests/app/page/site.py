"""The page's files, with the headers that the app sends, and documents that a test chooses: a site without the app."""

from __future__ import annotations

import hashlib
import json
import sys
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType

import azure.functions as func

from functions.page.files import HEADERS, INDEX, file_response

KEY = "a-function-key"
PAGE = "/api/status"
BLANK = "/blank"
"""An empty document with the page's headers and icon: Chromium would ask for an icon otherwise."""
_BLANK = f'<!doctype html><link rel="icon" href="{PAGE}/icon.svg">'.encode()


@dataclass(frozen=True)
class Answer:
    """What the API answers."""

    content: object
    status: int = 200


@dataclass(frozen=True)
class Call:
    """A request for data."""

    method: str
    path: str
    key: str | None
    condition: str | None
    """`If-None-Match` or `If-Match`."""
    body: str
    status: int


@dataclass
class Site:
    """What is served at the moment: documents by request, which may change meanwhile, and the requests so far."""

    url: str
    answers: dict[str, Answer] = field(default_factory=dict)
    """By method and path, such as `GET /api/health`."""
    calls: list[Call] = field(default_factory=list)

    def has(self, method_and_path: str, content: object, status: int = 200) -> None:
        """Have the API answer so from now on."""
        self.answers[method_and_path] = Answer(content, status)

    def refuse(self, method_and_path: str, status: int, code: str, message: str) -> None:
        """Have the API refuse it in ARM's form."""
        self.has(method_and_path, {"error": {"code": code, "message": message}}, status)

    def called(self, method: str, path: str) -> list[Call]:
        return [call for call in self.calls if (call.method, call.path.partition("?")[0]) == (method, path)]


class SiteServer:
    """Serves one site after another at one address, so that a browser keeps the page's files."""

    site: Site

    def __enter__(self) -> SiteServer:
        server = self

        class Handler(_Handler):
            def __init__(self, *arguments: object) -> None:
                self.sites = server
                super().__init__(*arguments)  # type: ignore[arg-type]

        self._server = _Server(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()
        self.new_site()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def new_site(self) -> Site:
        """An empty one, which is served from now on."""
        self.site = Site(f"http://127.0.0.1:{self._server.server_port}")
        return self.site


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Report no browser that has gone to another page before the response came."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


class _Handler(BaseHTTPRequestHandler):
    sites: SiteServer
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        if path == PAGE or path.startswith(f"{PAGE}/"):
            version, _, name = path.removeprefix(PAGE).strip("/").rpartition("/")
            self._send_file(name or INDEX, version)
        elif path == BLANK:
            self._send(200, _BLANK, {**HEADERS, "Content-Type": "text/html"})
        else:
            self._answer("GET", path)

    def do_POST(self) -> None:
        self._answer("POST", self.path.partition("?")[0])

    def do_PUT(self) -> None:
        self._answer("PUT", self.path.partition("?")[0])

    def do_DELETE(self) -> None:
        self._answer("DELETE", self.path.partition("?")[0])

    def _send_file(self, name: str, version: str) -> None:
        response = file_response(
            func.HttpRequest(method="GET", url=self.path, headers=dict(self.headers), body=b""), name, version
        )
        self._send(response.status_code, response.get_body(), dict(response.headers))

    def _answer(self, method: str, path: str) -> None:
        site = self.sites.site
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        key = self.headers.get("x-functions-key")
        answer = site.answers.get(f"{method} {path}", Answer(None, 404)) if key == KEY else Answer(None, 401)
        content = b"" if answer.content is None else json.dumps(answer.content).encode()
        etag = f'W/"{hashlib.sha256(content).hexdigest()}"'
        is_known = answer.status == 200 and method == "GET" and self.headers.get("If-None-Match") == etag
        status = 304 if is_known else answer.status
        condition = self.headers.get("If-None-Match") or self.headers.get("If-Match")
        site.calls.append(Call(method, self.path, key, condition, body, status))
        headers = {"Content-Type": "application/json", "ETag": etag}
        self._send(status, b"" if is_known else content, headers)

    def _send(self, status: int, body: bytes, headers: Mapping[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if status != 304:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 - the name of the base class
        """Say nothing."""
