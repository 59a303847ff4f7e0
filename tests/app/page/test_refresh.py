"""The page keeps itself up to date while someone sees it, and says how old its data is."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.app.page import documents, more_documents
from tests.app.page.site import Site
from tests.app.page.visitor import Visitor

INTERVAL = 31_000
FLEETS = "/api/fleets"


def hide(page: Page, *, hidden: bool) -> None:
    """Have the document believe that its tab is hidden, or seen again."""
    page.evaluate(
        "hidden => { Object.defineProperty(document, 'hidden', { value: hidden, configurable: true });"
        " document.dispatchEvent(new Event('visibilitychange')); }",
        hidden,
    )


@pytest.fixture
def page(site: Site, clocked: Visitor) -> Page:
    clocked.open(site)
    return clocked.page


def test_what_has_changed_is_shown_and_announced(site: Site, page: Page) -> None:
    site.has(f"GET {FLEETS}", documents.fleets(documents.a_summary("fresh")))
    page.clock.run_for(INTERVAL)

    expect(page.get_by_role("link", name="fresh")).to_be_visible()
    expect(page.locator("#announcement")).to_have_text("Updated. No profile needs a person.")


def test_what_has_not_changed_is_neither_sent_nor_drawn_again(site: Site, page: Page) -> None:
    row = page.get_by_role("link", name="pinned").element_handle()
    with page.expect_response(lambda response: FLEETS in response.url):
        page.clock.run_for(INTERVAL)

    assert [call.status for call in site.called("GET", FLEETS)] == [200, 304]
    assert row is not None
    assert row.evaluate("link => link.isConnected")
    assert page.locator("#announcement").inner_text() == ""


def test_a_hidden_tab_asks_for_nothing_and_catches_up_once_it_is_seen(site: Site, page: Page) -> None:
    hide(page, hidden=True)
    page.clock.run_for(10 * INTERVAL)
    assert len(site.called("GET", FLEETS)) == 1

    with page.expect_response(lambda response: FLEETS in response.url):
        hide(page, hidden=False)
    assert len(site.called("GET", FLEETS)) == 2


def test_how_old_is_old_follows_the_schedule(site: Site, visitor: Visitor) -> None:
    site.has(f"GET {FLEETS}", documents.fleets(documents.a_summary(), age=25 * 3600))
    with visitor.page.expect_response("**/api/capabilities"):
        visitor.open(site)
    expect(visitor.page.locator("#age")).to_have_text("Evaluated 1 day ago")

    hourly = {**more_documents.capabilities(), "evaluationOldAfterSeconds": 3 * 3600}
    site.has("GET /api/capabilities", hourly)
    visitor.page.reload()
    expect(visitor.page.locator("#age")).to_have_text("Evaluated 1 day ago. That is long: see Health.")


def test_old_data_is_marked_and_leads_to_health(site: Site, visitor: Visitor) -> None:
    site.has(f"GET {FLEETS}", documents.fleets(documents.a_summary(), age=27 * 3600))
    visitor.open(site)

    expect(visitor.page.locator("#age")).to_have_text("Evaluated 1 day ago. That is long: see Health.")
    visitor.page.locator("#age").get_by_role("link", name="Health").click()
    expect(visitor.page.get_by_role("heading", level=1)).to_have_text("Health of the app")


def test_while_the_app_does_not_answer_the_page_keeps_what_it_had_and_says_so(site: Site, page: Page) -> None:
    site.refuse(f"GET {FLEETS}", 503, "TemporarilyUnavailable", "The ledger does not answer.")
    page.clock.run_for(INTERVAL)
    expect(page.get_by_role("alert")).to_have_text("The ledger does not answer. The page shows what it read before.")
    expect(page.get_by_role("link", name="pinned")).to_be_visible()

    site.has(f"GET {FLEETS}", documents.fleets(documents.a_summary("fresh")))
    page.clock.run_for(INTERVAL)
    expect(page.get_by_role("link", name="fresh")).to_be_visible()
    expect(page.get_by_role("alert")).to_have_text("")


def test_a_profile_that_does_not_exist_is_reported_in_the_words_of_the_app(site: Site, visitor: Visitor) -> None:
    missing = documents.profile_id("missing")
    site.refuse(f"GET /api{missing}", 404, "ResourceNotFound", "There is no such profile.")
    visitor.open(site, f"#/profile{missing}")

    expect(visitor.page.get_by_role("alert")).to_have_text("There is no such profile.")
