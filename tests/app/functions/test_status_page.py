"""The status page: its files, and the headers that keep other code out."""

from __future__ import annotations

import re

import pytest

from functions.page.files import files_version, page_files
from shared import composition
from shared.telemetry import sending
from tests.app.functions.http_app import HttpApp


@pytest.fixture
def app(monkeypatch: pytest.MonkeyPatch) -> HttpApp:
    monkeypatch.setattr(composition, "start_telemetry", lambda: None)
    monkeypatch.setattr(sending, "flush", lambda: None)
    return HttpApp()


@pytest.mark.parametrize(
    "path", ["/api/status", "/api/status/v/app.js", "/api/status/v/style.css", "/api/status/v/no.js"]
)
def test_every_response_forbids_code_from_elsewhere_and_frames(app: HttpApp, path: str) -> None:
    headers = app.get(path).headers

    policy = dict(part.strip().split(" ", 1) for part in headers["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert {policy[kind] for kind in ("script-src", "style-src", "connect-src", "img-src")} == {"'self'"}
    assert policy["frame-ancestors"] == policy["base-uri"] == policy["form-action"] == "'none'"
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_each_file_has_its_type_and_an_etag_for_which_it_is_not_sent_again(app: HttpApp) -> None:
    page = app.get("/api/status")
    script = app.get("/api/status/v/app.js")

    assert (page.status, page.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert (script.status, script.headers["Content-Type"]) == (200, "text/javascript; charset=utf-8")
    again = app.get("/api/status", If_None_Match=page.headers["ETag"])
    assert (again.status, again.body) == (304, b"")
    assert app.get("/api/status", If_None_Match=script.headers["ETag"]).status == 200


def test_the_root_leads_to_the_page(app: HttpApp) -> None:
    answer = app.get("/api/")

    assert (answer.status, answer.headers["Location"]) == (307, "/api/status")


@pytest.mark.parametrize("name", ["..%2ffiles.py", "../files.py", "files.py", "__init__.py", "index.html.bak"])
def test_no_other_file_can_be_read(app: HttpApp, name: str) -> None:
    assert app.get(f"/api/status/v/{name}").status == 404


def test_the_page_names_its_files_by_their_version_so_that_a_browser_keeps_them(app: HttpApp) -> None:
    page = app.get("/api/status")
    addresses = re.findall(r'(?:src|href)="(/api/status/[^"]+)"', page.body.decode())

    assert addresses
    assert {address.rpartition("/")[2] for address in addresses} <= set(page_files())
    for address in addresses:
        assert "immutable" in app.get(address).headers["Cache-Control"]
    assert page.headers["Cache-Control"] == "no-cache"


def test_a_page_from_before_the_app_changed_does_not_keep_the_files_of_now(app: HttpApp) -> None:
    answer = app.get("/api/status/0123456789abcdef/app.js")

    assert files_version() != "0123456789abcdef"
    assert (answer.status, answer.headers["Cache-Control"]) == (200, "no-cache")
