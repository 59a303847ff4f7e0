"""The files of the page, read once a process."""

from __future__ import annotations

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


@dataclass(frozen=True, slots=True)
class PageFile:
    """A file, as it is sent."""

    body: bytes
    media_type: str
    etag: str


@cache
def page_files() -> Mapping[str, PageFile]:
    """The files by name. There is no other way to a file than its name here."""
    return {path.name: _file(path) for path in FOLDER.iterdir() if path.suffix in _TYPES}


def file_response(req: func.HttpRequest, name: str) -> func.HttpResponse:
    """The file, 304 if the client has it, or 404."""
    file = page_files().get(name)
    if file is None:
        return func.HttpResponse("There is no such file.", status_code=404, headers=dict(HEADERS))
    headers = {**HEADERS, "ETag": file.etag}
    if has(req, file.etag):
        return func.HttpResponse(status_code=304, headers=headers)
    return func.HttpResponse(file.body, headers={**headers, "Content-Type": file.media_type}, mimetype=file.media_type)


def _file(path: Path) -> PageFile:
    body = path.read_bytes()
    return PageFile(body, _TYPES[path.suffix], etag_of(body))
