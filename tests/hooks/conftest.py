"""The stand-in for the Azure CLI, new for each test."""

from pathlib import Path

import pytest

from tests.hooks.hook import StandIn


@pytest.fixture
def azure(tmp_path: Path) -> StandIn:
    return StandIn(tmp_path / "bin")
