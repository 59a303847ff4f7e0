"""Puts the repository root first on the import path; programs under test hear Ctrl-C; knows what --quick skips.

Laws have no deadline, which a busy machine would miss; in `./dev test --quick` they hold for a quarter of the examples.
"""

import atexit
import gc
import signal
import sys
from collections.abc import Generator
from functools import cache
from pathlib import Path

import pytest
from hypothesis import settings

ROOT = Path(__file__).resolve().parent.parent
NEED_A_STACK = (
    "tests/tools/stack/test_full_demo.py",
    "tests/infra/alerts/test_on_the_local_stack.py",
    "tests/tools/stack/test_demo.py",
    "tests/tools/how_to",
    "tests/tools/stack/test_up.py",
    "tests/tools/benchmarks",
    "tests/tools/azure_cli/test_az.py",
    "tests/app/end_to_end",
)
"""What starts emulator, Azurite and host together; the first take longest."""
SLOW = (
    "tests/tools/host/test_queue_triggers.py",
    "tests/app/page",
    "tests/app/api",
    "tests/tools/host/test_timers.py",
    "tests/tools/host/test_process.py",
    "tests/tools/host/test_admin.py",
    "tests/tools/host/test_event_grid_webhook.py",
    "tests/tools/host/test_http_triggers.py",
    "tests/tools/host/test_log.py",
    "tests/tools/host/test_microsoft_worker.py",
    "tests/app/azure_edges",
    "tests/app/functions/test_bodies_stay_out_of_telemetry.py",
    "tests/app/fuzz/test_fuzz.py",
    "tests/app/telemetry/test_sending.py",
    "tests/app/azure/test_against_emulator.py",
    "tests/app/azure/test_captured_facts.py",
    "tests/app/azure/test_fleet_reads.py",
    "tests/app/azure/test_resource_graph_kql.py",
    "tests/infra/alerts/test_resource_graph_rules.py",
    "tests/infra/alerts/test_workspace_rules.py",
    "tests/infra/test_checkov.py",
    "tests/infra/test_command.py",
    "tests/infra/test_fleet_profiles.py",
    "tests/infra/test_role_in_use.py",
    "tests/processes",
    "tests/tools/emulator/test_aks_sdk.py",
    "tests/tools/emulator/test_maintenance_laws.py",
    "tests/tools/emulator/test_process.py",
    "tests/tools/emulator/test_stack_control.py",
    "tests/tools/emulator_edge",
    "tests/tools/emulator_javascript",
    "tests/tools/emulator_rules/test_sdk_session.py",
    "tests/tools/emulator_wire/test_extension_session.py",
    "tests/tools/emulator_wire/test_sdk_operations.py",
    "tests/tools/explain/test_assembling.py",
    "tests/tools/replay/test_chart.py",
    "tests/tools/replay/test_command.py",
    "tests/tools/replay/test_drains.py",
    "tests/tools/replay/test_shipped_timeline.py",
    "tests/tools/stack/test_keep.py",
)
"""What takes more than 60 ms of CPU a test: programs, browsers, requests over TLS."""

BICEP = "compiler"
"""The fixture of tests that use Microsoft's Bicep compiler: 4 s to start, and a second for most calls."""

_FIRST = (*NEED_A_STACK, *SLOW)

sys.path.insert(0, str(ROOT))

settings.register_profile("full", parent=settings(), deadline=None)
settings.register_profile("quick", parent=settings(), deadline=None, max_examples=settings().max_examples // 4)
settings.register_profile("mutants", parent=settings.get_profile("quick"), derandomize=True, database=None)
settings.load_profile("full")

# a shell has what it runs in the background ignore SIGINT, and every program inherits that
signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare what `./dev test --quick` asks for."""
    parser.addoption("--quick", action="store_true", help="do not even import the files that need a stack or are slow")


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Skip those files: what they import takes seconds in every worker."""
    return True if config.getoption("quick") and _place(collection_path) < len(_FIRST) else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what `./dev test --quick` skips, and run it first, so that no worker ends with the longest."""
    for item in items:
        place = _place(item.path)
        if place < len(NEED_A_STACK):
            item.add_marker(pytest.mark.stack)
        elif place < len(_FIRST) or BICEP in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.slow)
    items.sort(key=lambda item: (_place(item.path), not _is_slow(item)))


@pytest.hookimpl(wrapper=True)
def pytest_report_to_serializable() -> Generator[None, dict[str, object] | None, dict[str, object] | None]:
    """Have workers send reports without what no one reads, which is most of them and of the time to send them."""
    sent = yield
    if sent is not None:
        sent["keywords"] = {}
    return sent


def pytest_collection_finish() -> None:
    """Have the garbage collector no longer search what lives as long as the process, which is most of its work."""
    gc.collect()
    gc.freeze()
    atexit.register(gc.unfreeze)  # duckdb reports as leaked what is still there when the interpreter ends


def _is_slow(item: pytest.Item) -> bool:
    return any(item.get_closest_marker(name) for name in ("stack", "slow"))


@cache
def _place(file: Path) -> int:
    path = file.relative_to(ROOT).as_posix()
    return next((place for place, start in enumerate(_FIRST) if path.startswith(start)), len(_FIRST))
