"""Writes the OpenAPI document that the app serves, and docs/api.md. `./dev api` runs it."""

from __future__ import annotations

from tests.app.api import description, page

if __name__ == "__main__":
    description.FILE.write_text(description.openapi_text())
    page.FILE.write_text(page.api_page(description.openapi()))
