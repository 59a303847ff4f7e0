"""The adapters under test reach the wire server over TLS, with a managed identity, as they reach Azure."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from azure.core.pipeline.transport import RequestsTransport
from azure.identity import ManagedIdentityCredential

from shared.azure.connection import Connection
from shared.settings import read_settings
from tests.app.azure.bodies import SUBSCRIPTION
from tests.app.azure.wire_server import IDENTITY_HEADER, IDENTITY_PATH, WireServer


@pytest.fixture(scope="package")
def running_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WireServer]:
    server = WireServer(tmp_path_factory.mktemp("wire"))
    yield server
    server.stop()


@pytest.fixture
def wire(running_server: WireServer) -> WireServer:
    """The server, without requests or responses."""
    running_server.reset()
    return running_server


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The seconds that the SDK would have slept between tries; it does not."""
    slept: list[float] = []
    monkeypatch.setattr(RequestsTransport, "sleep", lambda _, seconds: slept.append(seconds))
    return slept


@pytest.fixture
def connection(wire: WireServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[Connection]:
    monkeypatch.setenv("IDENTITY_ENDPOINT", f"{wire.url}{IDENTITY_PATH}")
    monkeypatch.setenv("IDENTITY_HEADER", IDENTITY_HEADER)
    with connected(wire.url, wire.ca, AUTO_UPGRADE_SUBSCRIPTION_IDS=SUBSCRIPTION) as connection:
        yield connection


@contextmanager
def connected(url: str, ca: Path | str, **settings: str) -> Iterator[Connection]:
    """A connection to a server that stands in for Azure; the environment names its managed identity."""
    connection = Connection(
        read_settings(
            {
                "AUTO_UPGRADE_ARM_ENDPOINT": url,
                "AUTO_UPGRADE_TABLE_ENDPOINT": f"{url}/table",
                "AzureWebJobsStorage__queueServiceUri": f"{url}/queue",
                "AUTO_UPGRADE_EVENT_GRID_ENDPOINT": f"{url}/api/events",
                "AUTO_UPGRADE_CA_BUNDLE": str(ca),
                **settings,
            }
        )
    )
    try:
        yield connection
    finally:
        connection.session.close()
        assert isinstance(connection.credential, ManagedIdentityCredential)
        connection.credential.close()
