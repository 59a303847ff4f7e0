"""One Azurite for all tests of a process: each has a separate table."""

from __future__ import annotations

import atexit
import os
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import trustme

from tools.stack.azurite import azurite_command, free_port
from tools.stack.kept_process import KeptProcess

_READY_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Azurite:
    """Where the table service is, and the certificate authority that clients trust for it."""

    table_endpoint: str
    ca: Path


@cache
def shared_azurite() -> Azurite:
    """Azurite over TLS, with identity; started by the first test that asks for it."""
    folder = tempfile.TemporaryDirectory(prefix="azurite-")
    atexit.register(folder.cleanup)
    ca, certificate, key = (Path(folder.name) / name for name in ("ca.pem", "server.pem", "key.pem"))
    authority = trustme.CA()
    server = authority.issue_cert("127.0.0.1", "localhost")
    authority.cert_pem.write_to_path(ca)
    server.private_key_pem.write_to_path(key)
    certificate.write_bytes(b"".join(part.bytes() for part in server.cert_chain_pems))

    port = free_port()
    command = azurite_command(port, certificate, key, print)
    process = KeptProcess("azurite", command, Path(folder.name) / "log", os.environ)
    atexit.register(process.stop)
    process.wait_for_line("successfully started", _READY_SECONDS)
    return Azurite(f"https://127.0.0.1:{port}/devstoreaccount1", ca)
