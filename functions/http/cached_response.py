"""JSON that a client may keep: with an ETag, compressed, and 304 to a client that has it already.

The ETag is weak and covers everything but `ageSeconds`, which grows by itself.
"""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Mapping

import azure.functions as func

HEADERS = {"Cache-Control": "private, no-cache", "X-Content-Type-Options": "nosniff", "Vary": "Accept-Encoding"}
SMALLEST_COMPRESSED = 4_096
"""Bytes; the Functions host compresses nothing itself, and an overview of a thousand profiles has a megabyte."""
_FASTEST = 1
_AGE = "ageSeconds"


def cached_json(req: func.HttpRequest, content: Mapping[str, object]) -> func.HttpResponse:
    """The content with its ETag, or 304 without a body."""
    texts = {name: _dump(value) for name, value in content.items()}
    etag = etag_of("\n".join(_lasting_text(name, content[name], text) for name, text in texts.items()).encode())
    headers = {**HEADERS, "ETag": f"W/{etag}"}
    if has(req, etag):
        return func.HttpResponse(status_code=304, headers=headers)
    body = ("{" + ",".join(f"{_dump(name)}:{text}" for name, text in texts.items()) + "}").encode()
    if len(body) >= SMALLEST_COMPRESSED and _takes_gzip(req):
        body, headers = gzip.compress(body, _FASTEST, mtime=0), {**headers, "Content-Encoding": "gzip"}
    return func.HttpResponse(body, status_code=200, headers=headers, mimetype="application/json")


def etag_of(body: bytes) -> str:
    """The ETag of a body, strong."""
    return f'"{hashlib.sha256(body).hexdigest()[:32]}"'


def has(req: func.HttpRequest, etag: str) -> bool:
    """Whether the client has this version: `If-None-Match` is compared weakly (RFC 9110, section 13.1.2)."""
    known = [each.strip().removeprefix("W/") for each in req.headers.get("If-None-Match", "").split(",")]
    return etag in known or "*" in known


def _dump(value: object) -> str:
    return json.dumps(value, separators=(",", ":"))


def _lasting_text(name: str, value: object, text: str) -> str:
    """What the ETag covers of a field: lists, which may be long, are dumped once, since no age is in them."""
    if name == _AGE:
        return ""
    return f"{name} {_dump(_lasting(value)) if isinstance(value, Mapping) else text}"


def _lasting(value: object) -> object:
    if isinstance(value, Mapping):
        return {name: _lasting(each) for name, each in value.items() if name != _AGE}
    return value


def _takes_gzip(req: func.HttpRequest) -> bool:
    """Whether `Accept-Encoding` names gzip, and not with a weight of zero."""
    for coding in req.headers.get("Accept-Encoding", "").split(","):
        name, _, weight = coding.replace(" ", "").lower().partition(";")
        if name == "gzip":
            return weight not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
    return False
