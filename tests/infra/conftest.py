"""The compiler that tests ask, one process for all of them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tools.checks.infra.compiler import HOW_TO_GET, Compiler, CompilerError, find_installed
from tools.checks.infra.sources import example_environment


@pytest.fixture(scope="session")
def compiler() -> Iterator[Compiler]:
    """Microsoft's Bicep compiler; without one the test is skipped and says how to get it."""
    try:
        installed = find_installed()
    except CompilerError as error:
        pytest.skip(str(error))
    if installed is None:
        pytest.skip(f"there is no Bicep compiler: {HOW_TO_GET}")
    with Compiler(installed, example_environment()) as started:
        yield started
