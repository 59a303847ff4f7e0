"""A clock that stands still until a test moves it, served over TLS as the host expects it."""

import json
import ssl
import threading
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import trustme


class ClockServer:
    """Serves ``GET /clock`` and the long poll ``GET /clock/wait``."""

    def __init__(self, directory: Path, start: str) -> None:
        self._now = datetime.fromisoformat(start).astimezone(UTC)
        self._moved = threading.Condition()
        self._ended = False
        self.ca_bundle = directory / "ca.pem"
        authority = trustme.CA()
        authority.cert_pem.write_to_path(self.ca_bundle)
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert("127.0.0.1").configure_cert(tls)
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self._server.socket = tls.wrap_socket(self._server.socket, server_side=True)
        self.url = f"https://127.0.0.1:{self._server.server_port}/clock"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self._thread.start()

    def move(self, to: str) -> None:
        """Let time come to a moment."""
        with self._moved:
            self._now = datetime.fromisoformat(to).astimezone(UTC)
            self._moved.notify_all()

    def close(self) -> None:
        """End the server and all that wait; twice does no harm."""
        if self._ended:
            return
        with self._moved:
            self._ended = True
            self._moved.notify_all()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def response(self, target: str) -> bytes:
        """The body for a request's target, when the time has come."""
        url = urlsplit(target)
        with self._moved:
            if url.path.endswith("/wait"):
                query = parse_qs(url.query)
                until = datetime.fromisoformat(query["until"][0])
                patience = timedelta(seconds=float(query["timeout"][0]))
                self._moved.wait_for(lambda: self._ended or self._now >= until, patience.total_seconds())
            return json.dumps({"now": self._now.isoformat(), "rate": 0, "nextEventAt": None, "idle": True}).encode()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        clock = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                body = clock.response(self.path)
                try:
                    self.send_response(200)
                    self.send_header("Content-Length", str(len(body)))
                    self.end_headers()
                    self.wfile.write(body)
                except OSError:
                    self.close_connection = True  # the host has gone away meanwhile

            def log_message(self, *_: object) -> None:
                """Tests read what they assert, not a server's chatter."""

        return Handler
