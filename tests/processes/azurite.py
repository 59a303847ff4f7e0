"""One Azurite for all tests of a process: each has a separate storage account."""

from __future__ import annotations

import atexit
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import trustme

from tools.stack.azurite import Azurite, start_azurite

_ACCOUNTS = tuple(f"account{number}" for number in range(1000))
"""More than a process of tests asks for; Azurite knows its accounts from the beginning."""


@dataclass(frozen=True, slots=True)
class SharedAzurite:
    """Azurite, and the certificate authority that clients trust for it."""

    azurite: Azurite
    ca: Path
    _unused: Iterator[str] = field(default_factory=lambda: iter(_ACCOUNTS))

    def new_account(self) -> str:
        """The name of an account that nothing has used yet."""
        return next(self._unused)


@cache
def shared_azurite() -> SharedAzurite:
    """Azurite over TLS, with identity; started by the first test that asks for it."""
    folder = tempfile.TemporaryDirectory(prefix="azurite-")
    atexit.register(folder.cleanup)
    ca, certificate, key = (Path(folder.name) / name for name in ("ca.pem", "server.pem", "key.pem"))
    authority = trustme.CA()
    server = authority.issue_cert("127.0.0.1", "localhost")
    authority.cert_pem.write_to_path(ca)
    server.private_key_pem.write_to_path(key)
    certificate.write_bytes(b"".join(part.bytes() for part in server.cert_chain_pems))

    # that it is installed first, on a new clone, is no part of what the command under test prints
    azurite = start_azurite(certificate, key, Path(folder.name) / "log", lambda _: None, _ACCOUNTS)
    atexit.register(azurite.process.stop)
    return SharedAzurite(azurite, ca)
