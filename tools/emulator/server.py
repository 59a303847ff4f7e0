"""Serving the emulator over TLS on a port of this machine."""

from __future__ import annotations

import asyncio
import json
import signal
import socket
from collections.abc import Callable
from typing import Final

import uvicorn

from tools.emulator.app import Emulator
from tools.emulator.connection import AbortableProtocol
from tools.emulator.tls import Certificates

HOST: Final = "127.0.0.1"
_GRACE_SECONDS: Final = 1


class _Server(uvicorn.Server):
    """Reports when it is ready, and wakes long polls before it ends."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None], ending: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready
        self._ending = ending

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._ending()
        await super().shutdown(sockets)


def serve(emulator: Emulator, certificates: Certificates, announce: Callable[[str], None], port: int = 0) -> None:
    """Serve until SIGTERM or SIGINT; `announce` gets the line of JSON that says where, once requests are taken."""
    listening = _listen(port)
    endpoint = f"https://{HOST}:{listening.getsockname()[1]}"
    ready = json.dumps(
        {
            "endpoint": endpoint,
            "caBundle": str(certificates.ca_pem),
            "identityEndpoint": f"{endpoint}/msi/token",
            "identityHeader": emulator.identity_header,
        }
    )
    config = uvicorn.Config(
        emulator.app,
        http=AbortableProtocol,
        ssl_certfile=certificates.server_crt_pem,
        ssl_keyfile=certificates.server_key_pem,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_keep_alive=120,
        timeout_graceful_shutdown=_GRACE_SECONDS,
    )
    server = _Server(config, lambda: announce(ready), emulator.changes.close)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: None)  # uvicorn raises them once more when it has ended: that is the end
    with listening:
        asyncio.run(server.serve([listening]))


def _listen(port: int) -> socket.socket:
    """A listening socket that says it is TCP: only then asyncio turns Nagle's algorithm off, which costs 40 ms."""
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listening.bind((HOST, port))
    listening.listen(512)
    return listening
