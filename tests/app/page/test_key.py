"""The function key: typed in or handed over, kept for the tab, sent in a header and never in an address."""

from __future__ import annotations

import webbrowser
from pathlib import Path

import pytest
from playwright.sync_api import Request, expect

from tests.app.page.site import KEY, PAGE, Site
from tests.app.page.visitor import Visitor
from tools.up import browser
from tools.up.browser import open_page


class ThisBrowser(webbrowser.BaseBrowser):
    """The visitor's, as the system's browser."""

    def __init__(self, visitor: Visitor) -> None:
        super().__init__("this")
        self._visitor = visitor

    def open(self, url: str, new: int = 0, autoraise: bool = True) -> bool:
        self._visitor.page.goto(url)
        return True


STORED = "sessionStorage.getItem('fleet-auto-upgrade.key')"


def test_without_a_key_the_page_asks_for_it_once_and_shows_the_view_of_the_address(
    site: Site, visitor: Visitor
) -> None:
    page = visitor.page
    page.goto(f"{site.url}{PAGE}#/health")
    page.get_by_label("Key of the Function app").fill(KEY)
    page.get_by_role("button", name="Show the fleets").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Health of the app")
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("Health of the app")
    assert page.evaluate("Object.keys(localStorage).length + document.cookie.length") == 0


def test_a_wrong_key_is_forgotten_and_asked_for_again(site: Site, visitor: Visitor) -> None:
    page = visitor.page
    page.goto(f"{site.url}{PAGE}")
    page.get_by_label("Key of the Function app").fill("wrong")
    page.keyboard.press("Enter")

    expect(page.get_by_text("The app does not accept the key.")).to_be_visible()
    assert page.evaluate(STORED) is None
    assert page.get_by_label("Key of the Function app").input_value() == ""
    page.get_by_label("Key of the Function app").fill(KEY)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Overview")


def test_a_key_that_is_handed_over_leaves_the_address_and_the_history_at_once(site: Site, visitor: Visitor) -> None:
    page = visitor.page
    page.goto(f"{site.url}{PAGE}#key={KEY}")
    visitor.loaded()

    assert page.url == f"{site.url}{PAGE}#/"
    assert page.evaluate(STORED) == KEY
    page.get_by_role("link", name="Health").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Health of the app")
    page.go_back()
    assert page.url == f"{site.url}{PAGE}#/"


def test_the_browser_of_a_local_stack_begins_with_the_key_set(
    site: Site, visitor: Visitor, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """By way of the file that `./dev up` gives to the browser."""
    monkeypatch.setattr(browser, "is_seen", lambda: True)
    monkeypatch.setattr(webbrowser, "get", lambda: ThisBrowser(visitor))

    assert open_page(f"{site.url}{PAGE}#key={KEY}", tmp_path / "page.html")
    visitor.page.wait_for_url(f"{site.url}{PAGE}#/")
    visitor.page.get_by_role("heading", level=1, name="Overview").wait_for()
    assert visitor.page.evaluate(STORED) == KEY


def test_no_request_has_the_key_in_its_address_and_only_those_for_data_have_it_at_all(
    site: Site, visitor: Visitor
) -> None:
    sent: list[tuple[str, bool]] = []

    def hear(request: Request) -> None:
        sent.append((request.url, KEY in str(request.headers)))

    visitor.page.on("request", hear)
    visitor.open(site)
    visitor.page.remove_listener("request", hear)

    assert [url for url, _ in sent if KEY in url] == []
    with_key = {url.partition(site.url)[2] for url, has_key in sent if has_key}
    assert {"/api/fleets?top=1000"} <= with_key <= {"/api/fleets?top=1000", "/api/capabilities"}


def test_a_person_can_have_the_key_forgotten(site: Site, visitor: Visitor) -> None:
    visitor.open(site)
    visitor.page.get_by_role("button", name="Forget the key").click()

    expect(visitor.page.get_by_label("Key of the Function app")).to_be_visible()
    assert visitor.page.evaluate(STORED) is None
    assert "stock-westeurope" not in visitor.page.locator("body").inner_text()


def test_where_the_key_is_asked_for_the_sign_in_of_app_service_is_offered_and_leads_back(
    site: Site, visitor: Visitor
) -> None:
    visitor.page.goto(f"{site.url}{PAGE}")

    sign_in = visitor.page.get_by_role("link", name="sign in")
    expect(sign_in).to_have_attribute("href", f"/.auth/login/aad?post_login_redirect_uri={PAGE}")
