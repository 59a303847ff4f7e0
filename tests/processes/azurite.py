"""One Azurite for all tests of a process: each has a separate table."""

from __future__ import annotations

import atexit
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import trustme

from tools.stack.azurite import start_azurite


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

    running = start_azurite(certificate, key, Path(folder.name) / "log", print)
    atexit.register(running.process.stop)
    return Azurite(running.table_endpoint, ca)
