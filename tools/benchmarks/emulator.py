"""The emulator with 10,000 clusters is ready in under 5 s, and each page of 1,000 rows takes under 150 ms.

Loading is the whole of it: a process starts, reads and checks a world of YAML, and takes requests. Pages are those of
the app's own two queries, as its SDK asks for them, over TLS: the first page of a query that was never asked before,
the first after a change of one cluster, and all others. Shown next to a world of one fleet, for what does not grow.

    .dev/venv/bin/python -m tools.benchmarks.emulator
"""

from __future__ import annotations

import itertools
import json
import ssl
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, cast

import httpx
import psutil

from shared.azure.resource_graph.queries import FLEETS_AND_CLUSTERS, children_of_fleets
from shared.azure.resource_graph.reader import PAGE_SIZE
from tools.benchmarks.large_world import CLUSTERS_A_FLEET, write_world

SWEEP = (FLEETS_AND_CLUSTERS, children_of_fleets(datetime(2026, 1, 1, tzinfo=UTC)))
ROOT = Path(__file__).resolve().parents[2]
SIZES = (100, 1_000, 10_000)
RUNS = 3
CHANGES = 5
LIMIT_SECONDS, LIMIT_PAGE_SECONDS = 5.0, 0.150

_SUBSCRIPTION = "00000000-0000-0000-0000-000000000001"
_PATH = "/providers/Microsoft.ResourceGraph/resources?api-version=2021-03-01"


@dataclass
class Figures:
    """Seconds, and the peak of the process's memory."""

    loading: list[float] = field(default_factory=list)
    loading_cpu: list[float] = field(default_factory=list)
    first_pages: list[float] = field(default_factory=list)
    after_change: list[float] = field(default_factory=list)
    other_pages: list[float] = field(default_factory=list)
    megabytes: float = 0.0

    def slow_page(self) -> float:
        """No more than one page of twenty is slower."""
        pages = [*self.first_pages, *self.after_change, *self.other_pages]
        return statistics.quantiles(pages, n=20)[-1]


def measure(clusters: int, directory: Path) -> Figures:
    """Start the emulator a few times, each time in a new process, and read everything."""
    world, figures = directory / f"{clusters}.yaml", Figures()
    write_world(world, clusters)
    for run in range(RUNS):
        command = [
            sys.executable,
            "-m",
            "tools.emulator",
            "--world",
            str(world),
            "--state-dir",
            str(directory / str(run)),
        ]
        command += ["--timeline", "tools/data/aks-release-timeline.json"]
        began = time.perf_counter()
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
            ready = json.loads(cast("IO[str]", process.stdout).readline())
            figures.loading.append(time.perf_counter() - began)
            figures.loading_cpu.append(sum(psutil.Process(process.pid).cpu_times()[:2]))
            try:
                _read_everything(ready, figures, clusters)
                figures.megabytes = psutil.Process(process.pid).memory_info().rss / 2**20
            finally:
                process.terminate()
    return figures


def _read_everything(ready: dict[str, str], figures: Figures, clusters: int) -> None:
    trust = ssl.create_default_context(cafile=ready["caBundle"])
    with httpx.Client(base_url=ready["endpoint"], verify=trust, trust_env=False, timeout=60) as http:
        http.headers["Authorization"] = f"Bearer {_token(http, ready)}"
        rows = sum(_sweep(http, query, figures.first_pages, figures.other_pages) for query in SWEEP)
        expected = 2 * clusters + 3 * -(-clusters // CLUSTERS_A_FLEET)  # members; the fleet, its strategy and profile
        if rows != expected:
            raise RuntimeError(f"{rows} rows, not {expected}")
        cluster_id = f"/subscriptions/{_SUBSCRIPTION}/resourcegroups/group0/providers/Microsoft.ContainerService"
        for state, query in itertools.product(range(CHANGES), SWEEP):
            change = {"id": f"{cluster_id}/managedClusters/cluster0", "provisioningState": f"State{state}"}
            http.patch("/emulator/clusters", json=change).raise_for_status()
            _sweep(http, query, figures.after_change, figures.other_pages)


def _token(http: httpx.Client, ready: dict[str, str]) -> str:
    response = http.get(
        "/msi/token",
        params={"api-version": "2019-08-01", "resource": "https://management.azure.com"},
        headers={"X-IDENTITY-HEADER": ready["identityHeader"]},
    )
    return cast("str", response.json()["access_token"])


def _sweep(http: httpx.Client, query: str, first: list[float], others: list[float]) -> int:
    """Read all pages of a query; how many rows there were."""
    options: dict[str, object] = {"$top": PAGE_SIZE, "resultFormat": "objectArray"}
    rows, seconds = 0, first
    while True:
        began = time.perf_counter()
        response = http.post(_PATH, json={"query": query, "subscriptions": [_SUBSCRIPTION], "options": options})
        seconds.append(time.perf_counter() - began)
        response.raise_for_status()
        page: dict[str, object] = response.json()
        rows += cast("int", page["count"])
        if "$skipToken" not in page:
            return rows
        options["$skipToken"] = page["$skipToken"]
        seconds = others


def main() -> int:
    """Measure each size; 1 if a limit is passed."""
    print(f"median (and worst) of {RUNS} starts, Python {sys.version.split()[0]}; pages of {PAGE_SIZE:,} rows in ms")
    kinds = ("first page", "after change", "other pages")
    print(f"{'clusters':>10} {'ready s':>14} {'CPU s':>6} {' '.join(f'{kind:>14}' for kind in kinds)} {'MB':>6}")
    figures = {}
    with tempfile.TemporaryDirectory() as directory:
        for size in SIZES:
            figures[size] = found = measure(size, Path(directory))
            pages = (found.first_pages, found.after_change, found.other_pages)
            shown = " ".join(f"{_both(seconds, 1000, 0):>14}" for seconds in pages)
            ready = f"{_both(found.loading, 1, 2):>14} {statistics.median(found.loading_cpu):6.2f}"
            print(f"{size:>10,} {ready} {shown} {found.megabytes:6.0f}")
    least, most = figures[SIZES[0]], figures[SIZES[-1]]
    loading = statistics.median(most.loading)
    ratio = loading / statistics.median(least.loading)
    print(f"{SIZES[-1] // SIZES[0]} times the clusters take {ratio:.1f} times as long to load")
    holds = loading < LIMIT_SECONDS and most.slow_page() < LIMIT_PAGE_SECONDS
    in_time = f"19 of 20 pages in under {LIMIT_PAGE_SECONDS * 1000:.0f} ms"
    claim = f"{SIZES[-1]:,} clusters in under {LIMIT_SECONDS:.0f} s, {in_time}"
    print(f"{claim}: {'yes' if holds else 'NO'}")
    return 0 if holds else 1


def _both(seconds: list[float], scale: int, digits: int) -> str:
    if not seconds:
        return "-"
    return f"{statistics.median(seconds) * scale:.{digits}f} ({max(seconds) * scale:.{digits}f})"


if __name__ == "__main__":
    sys.exit(main())
