"""A web server in a thread, for tests."""

import asyncio
import contextlib
import socket
import threading
from collections.abc import Callable, Coroutine
from typing import TypeVar

import uvicorn
from starlette.applications import Starlette
from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from tools.emulator.tls import Certificates

T = TypeVar("T")
DEADLINE_SECONDS = 10.0


class _Protocol(HttpToolsProtocol):
    """Can be broken off at any time.

    asyncio's transports of TLS cannot once they were closed twice: `abort` does nothing then, and the client, which has
    30 s to say that it agrees, may have forgotten the connection.
    """

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as uvicorn has it
        self._socket: socket.socket = transport.get_extra_info("socket")
        super().connection_made(transport)

    def break_off(self) -> None:
        with contextlib.suppress(OSError):  # it is closed already
            self._socket.shutdown(socket.SHUT_RDWR)
        self.transport.abort()


class Server:
    """Serves `app`, which may be exchanged, on a free port of 127.0.0.1, over TLS where it has certificates."""

    def __init__(self, certificates: Certificates | None = None) -> None:
        self.app = Starlette()
        self._listening = socket.create_server(("127.0.0.1", 0))
        scheme = "http" if certificates is None else "https"
        self.url = f"{scheme}://127.0.0.1:{self._listening.getsockname()[1]}"
        self._ready = threading.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._server = uvicorn.Server(
            uvicorn.Config(
                self._serve,
                http=_Protocol,
                interface="asgi3",
                timeout_graceful_shutdown=1,  # clients may have connections open still
                log_config=None,
                lifespan="off",
                ssl_certfile=certificates.server_crt_pem if certificates else None,
                ssl_keyfile=certificates.server_key_pem if certificates else None,
            )
        )
        self._thread = threading.Thread(target=self._run)
        self._thread.start()
        assert self._ready.wait(DEADLINE_SECONDS)

    def call(self, function: Callable[[], T]) -> T:
        """Run a function on the server's event loop."""

        async def run() -> T:
            return function()

        return self.run(run())

    def run(self, work: Coroutine[None, None, T]) -> T:
        """Run a coroutine on the server's event loop."""
        assert self._loop is not None
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(DEADLINE_SECONDS)

    def stop(self) -> None:
        """End the server; its port and thread are free after this."""
        self._server.should_exit = True
        self._thread.join(DEADLINE_SECONDS)
        self._listening.close()

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.app(scope, receive, send)

    def _run(self) -> None:
        with asyncio.Runner() as runner:
            self._loop = runner.get_loop()
            self._loop.call_soon(self._ready.set)
            runner.run(self._serve_and_let_go())

    async def _serve_and_let_go(self) -> None:
        """Serve; then break off connections that clients keep open, or they are found unclosed in a later test."""
        await self._server.serve([self._listening])
        connections = self._server.server_state.connections
        async with asyncio.timeout(DEADLINE_SECONDS):
            while connections:  # also those whose handshake ends only now
                for connection in list(connections):
                    assert isinstance(connection, _Protocol)
                    connection.break_off()
                await asyncio.sleep(0)
