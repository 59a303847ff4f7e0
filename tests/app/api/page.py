"""Makes docs/api.md from the OpenAPI document."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

FILE = Path(__file__).resolve().parents[3] / "docs" / "api.md"

_HEAD = """# HTTP API

Made by `./dev api` from the code. `GET /api/openapi.json` describes every field, in OpenAPI 3.1.

- Requests need a key in the header `x-functions-key`: see [security](security.md#who-may-call-the-app).
- Errors are those of ARM: `{"error": {"code", "message", "target"}}`.
- Lists have pages: `top` entries from `skip` on; `nextLink` is the next page.
- What only reads has an `ETag`; `If-None-Match` gets 304. Fleets and profiles are shown as the last evaluation
  left them, `ageSeconds` ago.

`/{fleet id}` is the resource id of a fleet.
"""
_FLEET = (
    "/subscriptions/{subscription}/resourceGroups/{resource_group}/providers/Microsoft.ContainerService/fleets/{fleet}"
)


def api_page(description: dict[str, Any]) -> str:
    """The page."""
    return f"{_HEAD}\n| request | does | returns |\n|---|---|---|\n" + "".join(_rows(description))


def _rows(description: dict[str, Any]) -> Iterator[str]:
    for path, operations in description["paths"].items():
        for method, operation in operations.items():
            shown = path.replace(_FLEET, "/{fleet id}")
            returns = ", ".join(_returned(operation["responses"]))
            yield f"| `{method.upper()} {shown}` | {operation['summary']} | {returns} |\n"


def _returned(responses: dict[str, Any]) -> Iterator[str]:
    for status, response in responses.items():
        if status.startswith("2"):
            schema = response.get("content", {}).get("application/json", {}).get("schema", {})
            name = schema.get("$ref", "").rpartition("/")[2]
            yield f"{status} `{name}`" if name else status
