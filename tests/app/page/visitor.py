"""A person at the page, in the words of a test."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import BrowserContext, ConsoleMessage, Error, Page

from tests.app.page.site import BLANK, KEY, PAGE, Site, SiteServer

_EXPECTED = "Failed to load resource"
"""What Chromium itself says about a response such as 401 or 404."""
_TEXT_OF_CELLS = "rows => rows.map(row => [...row.querySelectorAll('th, td')].map(cell => cell.innerText))"


class Visitor:
    """Someone with a tab in which nothing was opened yet and no key is kept."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def open(self, site: Site, view: str = "#/", key: str = KEY) -> None:
        """Open a view with the key as it was typed in before; wait until it shows its document."""
        self.page.evaluate("key => sessionStorage.setItem('fleet-auto-upgrade.key', key)", key)
        self.page.goto(f"{site.url}{PAGE}{view}")
        self.loaded()

    def loaded(self) -> None:
        """Wait until what is read is there."""
        self.page.locator("main[aria-busy=false]").wait_for()

    def rows(self, caption: str) -> list[list[str]]:
        """The cells of a table, read at once: a thousand cells one by one take seconds."""
        found = self.page.get_by_role("table", name=caption).locator("tbody tr")
        rows: list[list[str]] = found.evaluate_all(_TEXT_OF_CELLS)
        return rows

    def text(self) -> str:
        """What the main part says."""
        return self.page.locator("main").inner_text()


class Tab:
    """A tab that one visitor has after another."""

    def __init__(self, context: BrowserContext, sites: SiteServer) -> None:
        """Open it.

        Args:
            context: has nothing but this tab.
            sites: what visitors open.
        """
        context.set_default_timeout(10_000)
        self._sites = sites
        self._page = context.new_page()
        self._viewport = self._page.viewport_size
        self._violations: list[str] = []
        """Errors of scripts, and what the content security policy refused."""
        self._page.on("console", self._hear)
        self._page.on("pageerror", self._hear_error)

    @contextmanager
    def visitor(self) -> Iterator[Visitor]:
        """Someone who finds it as a new one: empty, without a key, as wide and as light as at first."""
        self._page.goto(f"{self._sites.site.url}{BLANK}")
        self._page.evaluate("sessionStorage.clear()")
        self._page.emulate_media(color_scheme="null")
        if self._viewport is not None and self._page.viewport_size != self._viewport:
            self._page.set_viewport_size(self._viewport)
        self._violations.clear()
        yield Visitor(self._page)
        assert self._violations == []

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type == "error" and _EXPECTED not in message.text:
            self._violations.append(message.text)

    def _hear_error(self, error: Error) -> None:
        self._violations.append(str(error))
