"""The files of the page, read once a process.

The page names its files by an address with a version, a hash of them all, so that a browser asks for each only once.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import azure.functions as func

from functions.http.cached_response import etag_of, has

FOLDER = Path(__file__).parent / "static"
INDEX = "index.html"
_TYPES: Mapping[str, str] = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-cache",
}
"""Of each response: nothing from elsewhere is loaded, nothing inline runs, and the page is in no frame."""


_FOR_GOOD = "public, max-age=31536000, immutable"
_ADDRESS = b'"/api/status/'
"""How the page names its files in the folder here."""


@dataclass(frozen=True, slots=True)
class PageFile:
    """A file, as it is sent."""

    body: bytes
    media_type: str
    etag: str


@cache
def page_files() -> Mapping[str, PageFile]:
    """The files by name. There is no other way to a file than its name here."""
    files = {path.name: _file(path.read_bytes(), path.suffix) for path in FOLDER.iterdir() if path.suffix in _TYPES}
    index = files[INDEX].body.replace(_ADDRESS, _ADDRESS + files_version().encode() + b"/")
    return {**files, INDEX: _file(index, ".html")}


@cache
def files_version() -> str:
    """Another one whenever a file has changed."""
    bodies = (path.read_bytes() for path in sorted(FOLDER.iterdir()) if path.suffix in _TYPES)
    return hashlib.sha256(b"".join(bodies)).hexdigest()[:16]


def file_response(req: func.HttpRequest, name: str, version: str | None = None) -> func.HttpResponse:
    """The file, 304 if the client has it, or 404.

    Args:
        req: the request.
        name: of the file.
        version: by which the page named it. A page that was opened before the app changed gets the file of now, but
            does not keep it.
    """
    file = page_files().get(name)
    if file is None:
        return func.HttpResponse("There is no such file.", status_code=404, headers=dict(HEADERS))
    kept = {"Cache-Control": _FOR_GOOD} if version == files_version() else {}
    headers = {**HEADERS, **kept, "ETag": file.etag}
    if has(req, file.etag):
        return func.HttpResponse(status_code=304, headers=headers)
    return func.HttpResponse(file.body, headers={**headers, "Content-Type": file.media_type}, mimetype=file.media_type)


def _file(body: bytes, suffix: str) -> PageFile:
    return PageFile(body, _TYPES[suffix], etag_of(body))
