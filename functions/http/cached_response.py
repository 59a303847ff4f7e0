"""JSON that a client may keep: with an ETag, and 304 to a client that has it already.

The ETag is weak and covers everything but `ageSeconds`, which grows by itself.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping

import azure.functions as func

from functions.http.responses import json_response

HEADERS = {"Cache-Control": "private, no-cache", "X-Content-Type-Options": "nosniff"}
_AGE = "ageSeconds"


def cached_json(req: func.HttpRequest, content: Mapping[str, object]) -> func.HttpResponse:
    """The content with its ETag, or 304 without a body."""
    etag = etag_of(json.dumps(_lasting(content), sort_keys=True).encode())
    headers = {**HEADERS, "ETag": f"W/{etag}"}
    if has(req, etag):
        return func.HttpResponse(status_code=304, headers=headers)
    return json_response(200, content, headers)


def etag_of(body: bytes) -> str:
    """The ETag of a body, strong."""
    return f'"{hashlib.sha256(body).hexdigest()[:32]}"'


def has(req: func.HttpRequest, etag: str) -> bool:
    """Whether the client has this version: `If-None-Match` is compared weakly (RFC 9110, section 13.1.2)."""
    known = [each.strip().removeprefix("W/") for each in req.headers.get("If-None-Match", "").split(",")]
    return etag in known or "*" in known


def _lasting(content: object) -> object:
    if isinstance(content, Mapping):
        return {name: _lasting(value) for name, value in content.items() if name != _AGE}
    return content
