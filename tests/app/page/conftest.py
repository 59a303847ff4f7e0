"""A real browser for these tests: Chromium as the machine has it. Without one they are skipped and say so."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, ViewportSize

from tests.app.page import documents, more_documents
from tests.app.page.site import PAGE, Site
from tests.app.page.visitor import Visitor
from tools.chromium import HOW_TO_GET, chromium, find_chromium


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """One for these tests alone: while playwright runs, no other test of the process can run an event loop."""
    program = find_chromium()
    if program is None:
        pytest.skip(HOW_TO_GET)
    with chromium(program) as browser:
        yield browser


@pytest.fixture(scope="package")
def context(browser: Browser) -> Iterator[BrowserContext]:
    """One for all tests: each has a tab, and a tab's session storage, which is all that the page keeps, is separate.

    A tab that stays open keeps the renderer's process, which all tabs of a site share: starting one takes 1 s of CPU.
    """
    viewport: ViewportSize = {"width": 1280, "height": 900}
    with browser.new_context(viewport=viewport, timezone_id="Asia/Tokyo") as context, Site() as site:
        context.set_default_timeout(10_000)
        context.new_page().goto(f"{site.url}{PAGE}")
        yield context


@pytest.fixture
def visitor(context: BrowserContext) -> Iterator[Visitor]:
    """A person at the page; a violation of the content security policy, or an error in a script, fails the test."""
    visitor = Visitor(context.new_page())
    yield visitor
    visitor.page.close()
    assert visitor.violations == []


@pytest.fixture
def clocked(browser: Browser) -> Iterator[Visitor]:
    """The same, with a clock that the test moves: playwright has one for all tabs of a context."""
    with browser.new_context() as context:
        context.set_default_timeout(10_000)
        context.clock.install()
        visitor = Visitor(context.new_page())
        yield visitor
        assert visitor.violations == []


@pytest.fixture
def site() -> Iterator[Site]:
    """A site with one of each document."""
    with Site() as site:
        site.has(
            "GET /api/fleets",
            documents.fleets(documents.blocked_summary(), documents.running_summary(), documents.a_summary()),
        )
        site.has(f"GET /api{documents.profile_id()}", documents.a_profile())
        site.has(f"GET /api{documents.profile_id()}/preview", documents.a_decision())
        site.has(f"GET /api{documents.run_id()}", more_documents.a_run_detail())
        site.has(f"GET /api{documents.profile_id()}/settings", more_documents.stored_profile())
        site.has("GET /api/capabilities", more_documents.capabilities())
        for fleet in ("retail", "lab"):
            site.has(f"GET /api{documents.FLEETS}/{fleet}/updateStrategies", more_documents.strategies(fleet))
        site.has("GET /api/releases", more_documents.releases())
        site.has("GET /api/health", more_documents.health())
        yield site
