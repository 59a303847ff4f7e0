"""A person at the page, in the words of a test."""

from __future__ import annotations

from playwright.sync_api import ConsoleMessage, Page

from tests.app.page.site import KEY, PAGE, Site

_EXPECTED = "Failed to load resource"
"""What Chromium itself says about a response such as 401 or 404."""
_TEXT_OF_CELLS = "rows => rows.map(row => [...row.querySelectorAll('th, td')].map(cell => cell.innerText))"


class Visitor:
    """One tab."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.violations: list[str] = []
        """Errors of scripts, and what the content security policy refused."""
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.violations.append(str(error)))

    def open(self, site: Site, view: str = "#/", key: str = KEY) -> None:
        """Open a view with the key as it was typed in before; wait until it shows its document."""
        self.page.add_init_script(f"sessionStorage.setItem('fleet-auto-upgrade.key', '{key}')")
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

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type == "error" and _EXPECTED not in message.text:
            self.violations.append(message.text)
