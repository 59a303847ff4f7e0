"""What clients of the local stack verify certificates against."""

from __future__ import annotations

import ssl
from pathlib import Path


def trust(url: str, ca_bundle: Path | None = None) -> ssl.SSLContext:
    """The authorities of a bundle, or without one the machine's; none for a URL without TLS: reading them takes 30 ms.

    Raises:
        OSError: the bundle cannot be read, or holds no certificates.
    """
    if ca_bundle is None and url.startswith("http://"):
        return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    return ssl.create_default_context(cafile=ca_bundle)
