"""Opens the status page in the person's browser, with the key set."""

from __future__ import annotations

import html
import os
import sys
import webbrowser
from collections.abc import Mapping
from pathlib import Path

from tools.up.record import write_private

PAGE_FILE = "status-page.html"
_DISPLAYS = ("DISPLAY", "WAYLAND_DISPLAY")
"""One of them is set where a Unix desktop can show a window."""


def open_page(address: str, file: Path) -> bool:
    """Open the page, if a person is there to see it; whether a browser was started.

    The browser gets a private file that leads to the address: its command line, which every user of the machine can
    read, does not contain the key. The key is in the address's fragment, which no server sees.

    Args:
        address: of the page, with the key in its fragment.
        file: where the file may be written.
    """
    browser = _browser() if is_seen() else None
    if browser is None:
        return False
    refresh = f'<meta http-equiv="refresh" content="0; url={html.escape(address, quote=True)}">'
    write_private(file, f"<!doctype html>{refresh}<title>Status page</title>")
    try:
        return browser.open(file.resolve().as_uri())
    except (webbrowser.Error, OSError):
        return False


def is_seen(environment: Mapping[str, str] = os.environ, platform: str = sys.platform) -> bool:
    """Whether there is a display, and a person at the terminal rather than a script."""
    has_display = platform in ("darwin", "win32") or any(environment.get(name) for name in _DISPLAYS)
    return has_display and sys.stdout.isatty()


def _browser() -> webbrowser.BaseBrowser | None:
    """The person's; None without one, and for one of text, which would take over the terminal."""
    try:
        browser = webbrowser.get()
    except webbrowser.Error:
        return None
    has_window = not isinstance(browser, webbrowser.GenericBrowser) or isinstance(browser, webbrowser.BackgroundBrowser)
    return browser if has_window else None
