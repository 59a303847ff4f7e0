"""Puts the repository root first on the import path; programs under test hear Ctrl-C; marks what needs a stack.

Laws have no deadline, which a busy machine would miss; in `./dev test --quick` they hold for a quarter of the examples.
"""

import signal
import sys
from pathlib import Path

import pytest
from hypothesis import settings

ROOT = Path(__file__).resolve().parent.parent
NEED_A_STACK = (
    "tests/tools/stack/test_demo.py",
    "tests/tools/how_to",
    "tests/infra/alerts/test_on_the_local_stack.py",
    "tests/tools/stack/test_up.py",
    "tests/tools/azure_cli/test_az.py",
    "tests/app/end_to_end",
    "tests/app/page/test_on_the_stack.py",
)
"""What starts emulator, Azurite and host together; the first take longest."""

sys.path.insert(0, str(ROOT))

settings.register_profile("full", parent=settings(), deadline=None)
settings.register_profile("quick", parent=settings(), deadline=None, max_examples=settings().max_examples // 4)
settings.load_profile("full")

# a shell has what it runs in the background ignore SIGINT, and every program inherits that
signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests that need a stack, and run them first, so that no worker ends with the longest of them."""
    places = {item: _place(item) for item in items}
    for item, place in places.items():
        if place < len(NEED_A_STACK):
            item.add_marker(pytest.mark.stack)
    items.sort(key=lambda item: places[item])


def _place(item: pytest.Item) -> int:
    path = item.path.relative_to(ROOT).as_posix()
    return next((place for place, start in enumerate(NEED_A_STACK) if path.startswith(start)), len(NEED_A_STACK))
