"""A real browser for these tests: Chromium as the machine has it. Without one they are skipped and say so."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, ViewportSize

from tests.app.page import documents, more_documents
from tests.app.page.site import Site, SiteServer
from tests.app.page.visitor import Tab, Visitor
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
def tab(browser: Browser, sites: SiteServer) -> Iterator[Tab]:
    """One for all tests: a new one costs Chromium half a second of CPU time, and a new process another."""
    viewport: ViewportSize = {"width": 1280, "height": 900}
    with browser.new_context(viewport=viewport, timezone_id="Asia/Tokyo") as context:
        yield Tab(context, sites)


@pytest.fixture(scope="package")
def clocked_tab(browser: Browser, sites: SiteServer) -> Iterator[Tab]:
    """The same, with a clock that tests move; playwright has one for all tabs of a context."""
    with browser.new_context() as context:
        context.clock.install()
        yield Tab(context, sites)


@pytest.fixture
def visitor(tab: Tab) -> Iterator[Visitor]:
    """A person at the page; a violation of the content security policy, or an error in a script, fails the test."""
    with tab.visitor() as visitor:
        yield visitor


@pytest.fixture
def clocked(clocked_tab: Tab) -> Iterator[Visitor]:
    """A visitor whose clock the test moves."""
    with clocked_tab.visitor() as visitor:
        yield visitor


@pytest.fixture(scope="package")
def sites() -> Iterator[SiteServer]:
    """One address for all tests."""
    with SiteServer() as server:
        yield server


@pytest.fixture
def site(sites: SiteServer) -> Site:
    """A site with one of each document."""
    site = sites.new_site()
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
    return site
