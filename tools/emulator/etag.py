"""eTags as Fleet and its store write them."""

from __future__ import annotations

import secrets
from datetime import datetime


def new_etag(now: datetime) -> str:
    """A new eTag, with its double quotes: five blocks of hex, the last one begins with the Unix time of the write."""
    first, second, third, rest = (secrets.token_hex(size) for size in (4, 2, 2, 2))
    return f'"{first}-{second}-{third}-0000-{int(now.timestamp()):08x}{rest}"'
