"""The emulator and Azurite start quickly here; what is measured is a process started anew, as always."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.processes.stack import Stack


@pytest.fixture(scope="package", autouse=True)
def quick_start() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("tools.benchmarks.lab.Stack", Stack)
        yield
