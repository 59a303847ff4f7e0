"""The Chromium of this machine, without one of playwright's own, in which the status page is tested and shown."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

HOW_TO_GET = "there is no Chromium on this machine; get it with: apt-get install chromium-headless-shell, or chromium"
_NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
"""First the one without windows, which a page costs half the CPU time."""
_CHEAP = (
    "--disable-gpu",
    "--disable-extensions",
    "--disable-background-networking",
    "--disable-component-update",
    "--process-per-site",
)


def find_chromium() -> str | None:
    """Its program; None if there is none."""
    return next(filter(None, map(shutil.which, _NAMES)), None)


@contextmanager
def chromium(program: str) -> Iterator[Browser]:
    """The browser, until the `with` block ends."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=[*_CHEAP, *_sandbox()])
        try:
            yield browser
        finally:
            browser.close()


def _sandbox() -> list[str]:
    """Chromium's sandbox does not start for root, as whom containers run; it opens the project's own pages alone."""
    return ["--no-sandbox"] if os.geteuid() == 0 else []
