"""How long the overview of 1,000 profiles takes: the app's own answer, and a browser until the table is there.

The app runs in the local Functions host, its ledger in Azurite, its profiles in 200 fleets of the emulator; a freeze
keeps them from being upgraded. An evaluation has left the overview in the ledger; nothing else is read. Beside each
figure is the CPU that the app and Azurite spent on it: other work on the machine hardly changes that.

    .dev/venv/bin/python -m tools.benchmarks.page
"""

from __future__ import annotations

import argparse
import contextlib
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import psutil
from playwright.sync_api import Browser, Page

from tools.benchmarks.large_world import write_world
from tools.chromium import HOW_TO_GET, chromium, find_chromium
from tools.paths import TIMELINE
from tools.stack.control import HostControl
from tools.stack.stack import Stack, StackOptions

PROFILES, PROFILES_A_FLEET = 1_000, 5
LONGEST_MILLISECONDS = 300
TIMES = 7
OVERVIEW = "/api/fleets?top=1000"
_SETTINGS = {"AUTO_UPGRADE_POLICY_FREEZE": "2020-01-01/2099-12-31"}
_SHOWN = "performance.getEntriesByName('shown')[0].startTime"


@dataclass(frozen=True, slots=True)
class Figure:
    """Milliseconds of some measurements of the same, and the CPU of each on average."""

    what: str
    milliseconds: Sequence[float]
    cpu_milliseconds: float

    @property
    def median(self) -> float:
        """The middle one."""
        return statistics.median(self.milliseconds)

    def __str__(self) -> str:
        """With the quickest and the slowest."""
        span = f"{min(self.milliseconds):.0f} to {max(self.milliseconds):.0f}"
        return f"{self.what:<58}{self.median:6.0f} ms ({span}), CPU {self.cpu_milliseconds:.0f} ms"


def measure(host: HostControl, browser: Browser) -> Iterator[Figure]:
    """The app's answer as a program gets it, then the page as a person does."""
    headers = {"x-functions-key": host.function_key}
    etag = host.http.get(OVERVIEW, headers=headers).headers["ETag"]
    yield _measured("the app's answer", lambda: _timed(host, headers))
    known = {**headers, "If-None-Match": etag}
    yield _measured("the app's answer to a page that has it already (304)", lambda: _timed(host, known))
    yield _measured("the page in a new browser, until the table is shown", lambda: _opened_anew(host, browser))
    with browser.new_context() as context:
        page = context.new_page()
        _opened(host, page)
        yield _measured("the page in a browser that has its files", lambda: _opened(host, page))


def _measured(what: str, action: Callable[[], float]) -> Figure:
    before = _cpu_seconds()
    milliseconds = [action() for _ in range(TIMES)]
    return Figure(what, milliseconds, (_cpu_seconds() - before) / TIMES * 1000)


def _cpu_seconds() -> float:
    """Of the app and Azurite, which are children of this process."""
    spent = 0.0
    for process in psutil.Process().children(recursive=True):
        with contextlib.suppress(psutil.Error):
            if any(name in " ".join(process.cmdline()) for name in ("tools.host", "azurite.js")):
                times = process.cpu_times()
                spent += times.user + times.system
    return spent


def _timed(host: HostControl, headers: Mapping[str, str]) -> float:
    began = time.perf_counter()
    response = host.http.get(OVERVIEW, headers=headers)
    took = (time.perf_counter() - began) * 1000
    if response.status_code != httpx.codes.NOT_MODIFIED:
        response.raise_for_status()
    return took


def _opened_anew(host: HostControl, browser: Browser) -> float:
    with browser.new_context() as context:
        return _opened(host, context.new_page())


def _opened(host: HostControl, page: Page) -> float:
    page.goto("about:blank")
    page.goto(host.page_address(with_key=True))
    page.locator("main[aria-busy=false]").wait_for()
    return float(page.evaluate(_SHOWN))


@contextmanager
def evaluated(profiles: int) -> Iterator[HostControl]:
    """An app whose last evaluation found so many profiles."""
    with tempfile.TemporaryDirectory() as directory:
        world = Path(directory) / "world.yaml"
        write_world(world, profiles, clusters_a_fleet=PROFILES_A_FLEET, profiles_a_fleet=PROFILES_A_FLEET)
        with Stack(StackOptions(world, TIMELINE, settings=_SETTINGS)) as stack:
            stack.host.invoke("reconcile")
            headers = {"x-functions-key": stack.host.function_key}
            while stack.host.http.get(OVERVIEW, headers=headers).json()["counts"]["profiles"] < profiles:
                stack.host.wait_until_idle(stack.emulator.clock().now, seconds=10.0)
            yield stack.host


def main() -> int:
    """Measure and compare; 1 if a claim does not hold, 2 without a browser."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.benchmarks.page",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--profiles", type=int, default=PROFILES)
    options = parser.parse_args()
    program = find_chromium()
    if program is None:
        print(f"page: {HOW_TO_GET}", file=sys.stderr)
        return 2
    with evaluated(options.profiles) as host, chromium(program) as browser:
        before = os.getloadavg()[0]
        figures = list(measure(host, browser))
    load = f"load {before:.1f} before and {os.getloadavg()[0]:.1f} after, on {os.cpu_count()} cores"
    print(f"{options.profiles:,} profiles; {load}")
    for figure in figures:
        print(f"  {figure}")
    shown = figures[-2:]
    holds = all(figure.median < LONGEST_MILLISECONDS for figure in shown)
    print(f"the page is shown in less than {LONGEST_MILLISECONDS} ms: {'yes' if holds else 'NO'}")
    return 0 if holds else 1


if __name__ == "__main__":
    sys.exit(main())
