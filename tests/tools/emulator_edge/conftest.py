"""The edge under test: servers for all tests, everything behind them new for each."""

from collections.abc import Iterator

import pytest

from tests.tools.emulator_edge.edge import Edge, Servers


@pytest.fixture(scope="package")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    running = Servers(tmp_path_factory.mktemp("edge"))
    yield running
    running.stop()


@pytest.fixture
def edge(servers: Servers, monkeypatch: pytest.MonkeyPatch) -> Iterator[Edge]:
    """An edge without rows, subscriptions or offers, and the environment for its managed identity."""
    new = Edge(servers)
    monkeypatch.setenv("IDENTITY_ENDPOINT", f"{new.url}/msi/token")
    monkeypatch.setenv("IDENTITY_HEADER", new.header)
    yield new
    new.close()
