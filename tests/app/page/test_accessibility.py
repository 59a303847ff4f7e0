"""axe-core finds nothing in any view: light, dark, and at phone width; and everything can be reached by keyboard."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import pytest
from playwright.sync_api import Page

from tests.app.page import documents, more_documents
from tests.app.page.site import PAGE, Site
from tests.app.page.visitor import Visitor
from tools.node_packages import NodePackage
from tools.paths import ROOT

AXE = NodePackage(ROOT / "tools" / "axe", "axe-core, which checks pages for accessibility")
VIEWS = {
    "overview": "#/",
    "profile": f"#/profile{documents.profile_id()}",
    "run": f"#/run{documents.run_id()}",
    "releases": "#/releases",
    "health": "#/health",
    "new profile": "#/new",
    "change": f"#/change{documents.profile_id()}",
}
COLOURS = ("cat.color",)
"""The tag of the rules that can find something else in dark."""
PHONE_WIDTH = 360


@cache
def axe() -> str:
    AXE.install(print)
    return (AXE.modules / "axe-core" / "axe.min.js").read_text()


def findings(page: Page, tags: Sequence[str] = ()) -> list[str]:
    """What axe-core finds: rule and element; of the rules with these tags, if any are given."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(axe())
    options = {"resultTypes": ["violations"], **({"runOnly": [*tags]} if tags else {})}
    violations = page.evaluate("options => axe.run(options).then(result => result.violations)", options)
    return [f"{each['id']}: {node['html']} {node['failureSummary']}" for each in violations for node in each["nodes"]]


@pytest.mark.parametrize("name", VIEWS)
def test_axe_finds_nothing_in_light_in_dark_and_on_a_phone(site: Site, visitor: Visitor, name: str) -> None:
    page = visitor.page
    visitor.open(site, VIEWS[name])
    for summary in page.locator("summary").all():
        summary.click()

    assert findings(page) == []
    page.emulate_media(color_scheme="dark")
    assert findings(page, COLOURS) == []
    page.set_viewport_size({"width": PHONE_WIDTH, "height": 740})
    assert findings(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE_WIDTH


def test_axe_finds_nothing_in_the_form_for_the_key_nor_in_a_confirmation(site: Site, visitor: Visitor) -> None:
    visitor.page.goto(f"{site.url}{PAGE}")
    visitor.page.get_by_label("Key of the Function app").wait_for()
    assert findings(visitor.page) == []

    visitor.open(site, VIEWS["profile"])
    visitor.page.reload()
    visitor.loaded()
    visitor.page.get_by_role("button", name="Generate for review").click()
    visitor.page.get_by_role("dialog").wait_for()
    assert findings(visitor.page) == []


def test_axe_finds_nothing_in_clusters_that_a_search_found_nor_when_a_deletion_is_confirmed(
    site: Site, visitor: Visitor
) -> None:
    site.has("GET /api/members", more_documents.found_members())
    visitor.open(site)
    visitor.page.get_by_role("searchbox").fill("shop")
    visitor.page.get_by_role("table", name="Clusters with shop in their name").wait_for()
    assert findings(visitor.page) == []
    visitor.page.set_viewport_size({"width": PHONE_WIDTH, "height": 740})
    assert findings(visitor.page) == []
    assert visitor.page.evaluate("document.documentElement.scrollWidth") <= PHONE_WIDTH

    visitor.page.get_by_role("link", name="stable").first.click()
    visitor.page.get_by_role("button", name="Delete").click()
    visitor.page.get_by_role("dialog", name="Delete the profile").wait_for()
    assert findings(visitor.page) == []
    assert visitor.page.evaluate("document.documentElement.scrollWidth") <= PHONE_WIDTH


def test_axe_finds_letters_that_are_too_pale_in_dark(site: Site, visitor: Visitor) -> None:
    visitor.page.emulate_media(color_scheme="dark")
    visitor.open(site)
    visitor.page.evaluate("document.querySelector('h1').style.color = '#444'")

    assert {finding.partition(":")[0] for finding in findings(visitor.page, COLOURS)} == {"color-contrast"}


def test_axe_finds_what_is_wrong(site: Site, visitor: Visitor) -> None:
    visitor.open(site)
    visitor.page.evaluate("document.querySelector('label[for=search]').remove()")
    visitor.page.evaluate("document.querySelector('#search').removeAttribute('placeholder')")

    assert [finding.partition(":")[0] for finding in findings(visitor.page)] == ["label"]


def test_by_keyboard_alone_a_person_skips_to_the_content_and_opens_a_profile(site: Site, visitor: Visitor) -> None:
    visitor.open(site)
    page = visitor.page
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to content"

    page.get_by_role("searchbox").focus()
    for _ in range(3):
        page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "rapid"
    page.get_by_role("link", name="stable").focus()
    page.keyboard.press("Enter")
    page.get_by_role("heading", level=1, name="retail / stable").wait_for()
    page.wait_for_function("document.activeElement.id === 'main'")  # once the view has been read
