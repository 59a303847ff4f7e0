"""A certificate authority of one run, and the server certificate it signs."""

from dataclasses import dataclass
from pathlib import Path

import trustme

SERVER_NAMES = ("127.0.0.1", "localhost")
"""Names and addresses the server certificate is good for."""


@dataclass(frozen=True)
class Certificates:
    """Where the PEM files lie: clients trust `ca_pem`, servers present the other two."""

    ca_pem: Path
    server_crt_pem: Path
    server_key_pem: Path


def make_certificates(directory: Path) -> Certificates:
    """Make a new authority and a server certificate; write them to `directory`, made if it is missing.

    The authority's own key is never written: nothing can be signed with it after this call. The server's key is
    readable by its owner only. Files of an earlier run are replaced.
    """
    directory.mkdir(parents=True, exist_ok=True)
    certificates = Certificates(
        ca_pem=directory / "ca.pem",
        server_crt_pem=directory / "server.crt.pem",
        server_key_pem=directory / "server.key.pem",
    )
    authority = trustme.CA()
    server = authority.issue_cert(*SERVER_NAMES)
    authority.cert_pem.write_to_path(certificates.ca_pem)
    certificates.server_crt_pem.write_bytes(b"".join(blob.bytes() for blob in server.cert_chain_pems))
    _write_private(certificates.server_key_pem, server.private_key_pem.bytes())
    return certificates


def _write_private(path: Path, content: bytes) -> None:
    """Write a file that was never readable by anyone else, not even for a moment."""
    path.unlink(missing_ok=True)
    path.touch(mode=0o600)
    path.write_bytes(content)
