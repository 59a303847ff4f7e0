"""`./dev screenshots`."""

from __future__ import annotations

import io
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import httpx
from PIL import Image
from playwright.sync_api import Browser, Page

from tools.chromium import HOW_TO_GET, chromium, find_chromium
from tools.demo.checks import find_cluster
from tools.demo.conductor import play
from tools.demo.excerpt import EXCERPT_WORLD, INCIDENTS, write_excerpt
from tools.demo.schedules import SETTINGS
from tools.demo.world import read_world
from tools.paths import ROOT
from tools.stack.control import HostControl
from tools.stack.kept_process import StackError
from tools.stack.stack import Stack, StackOptions

IMAGES = ROOT / "docs" / "images"
MOMENT = datetime(2026, 4, 23, 6, 10, tzinfo=UTC)
"""When one profile waits in a freeze, and another has a run between its stages."""

FROZEN = "payments"
"""The fleet whose profile waits in a freeze."""

_SIZE = (1200, 760)
_COLOURS = 128
"""Enough for a page of few colours; the files are a third as large."""

Scheme = Literal["light", "dark"]
_SCHEMES: tuple[Scheme, ...] = ("light", "dark")


def run_screenshots() -> int:
    """Play the demo up to a moment, and write the images; 1 if that cannot be done."""
    program = find_chromium()
    if program is None:
        print(f"screenshots: {HOW_TO_GET}", file=sys.stderr)
        return 1
    options = StackOptions(
        world=EXCERPT_WORLD,
        timeline=write_excerpt(),
        subscription_id=read_world(EXCERPT_WORLD).subscription,
        settings=SETTINGS,
    )
    try:
        with Stack(options) as stack, chromium(program) as browser:
            _play(stack)
            for file in take(browser, stack.host, IMAGES):
                print(file.relative_to(ROOT))
    except (StackError, httpx.HTTPError) as error:
        print(f"screenshots: {error}", file=sys.stderr)
        return 1
    return 0


def _play(stack: Stack) -> None:
    for incident in INCIDENTS:
        play(stack.emulator, stack.host, incident.at, lambda _: None)
        stack.emulator.change_cluster(find_cluster(stack.emulator.state(), incident.member), **incident.changes)
    play(stack.emulator, stack.host, MOMENT, lambda _: None)
    stack.host.invoke("reconcile")  # so that the ledger has this moment, independent of the demo's schedules
    play(stack.emulator, stack.host, MOMENT, lambda _: None)


def take(browser: Browser, host: HostControl, folder: Path) -> list[Path]:
    """Write an image of the overview and of the frozen profile, in light and in dark; the files."""
    folder.mkdir(parents=True, exist_ok=True)
    return [file for scheme in _SCHEMES for file in _take(browser, host, folder, scheme)]


def _take(browser: Browser, host: HostControl, folder: Path, scheme: Scheme) -> list[Path]:
    width, height = _SIZE
    page = browser.new_page(viewport={"width": width, "height": height}, color_scheme=scheme)
    page.goto(host.page_address(with_key=True))
    overview = _save(page, folder / f"overview-{scheme}.png")
    page.get_by_role("row").filter(has_text=f"{FROZEN},").get_by_role("link").first.click()
    page.get_by_role("heading", name="Clusters").wait_for()
    profile = _save(page, folder / f"profile-{scheme}.png")
    page.close()
    return [overview, profile]


def _save(page: Page, file: Path) -> Path:
    page.locator("main[aria-busy=false]").wait_for()
    with Image.open(io.BytesIO(page.screenshot())) as image:
        image.convert("RGB").quantize(_COLOURS).save(file, optimize=True)
    return file
