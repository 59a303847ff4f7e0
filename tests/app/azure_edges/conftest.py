"""Real Azurite over TLS with identity; a storage account for each test."""

from __future__ import annotations

import time
import uuid
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import jwt
import pytest
import trustme
from azure.core.credentials import AccessToken, TokenCredential

from shared.azure.api_versions import FLEET
from shared.azure.connection import Connection
from shared.azure.ledger import TableLedger
from shared.ports import Ledger
from shared.settings import Settings
from shared.threads import TracedThreads
from tests.app.fakes.memory_ledger import MemoryLedger
from tests.processes.azurite import shared_azurite
from tools.simulation.app import run_at_once


@dataclass(frozen=True)
class TlsFiles:
    """A certificate authority's certificate, and a server's certificate and key."""

    ca: Path
    certificate: Path
    key: Path


class StorageCredential:
    """Tokens as Entra ID makes them for Azure Storage; Azurite checks audience, issuer and times."""

    def get_token(self, *scopes: str, **_: object) -> AccessToken:
        assert scopes == ("https://storage.azure.com/.default",)
        now = int(time.time())
        issuer = f"https://sts.windows.net/{uuid.UUID(int=1)}/"
        claims = {"aud": "https://storage.azure.com", "iss": issuer, "iat": now, "nbf": now, "exp": now + 3600}
        return AccessToken(jwt.encode(claims, "k" * 32), now + 3600)


@dataclass(frozen=True)
class TestConnection(Connection):
    """A connection with a credential of the test's own."""

    __test__ = False

    @property
    def credential(self) -> TokenCredential:
        return StorageCredential()


@pytest.fixture(scope="session")
def tls(tmp_path_factory: pytest.TempPathFactory) -> TlsFiles:
    """For loopback."""
    folder = tmp_path_factory.mktemp("tls")
    authority = trustme.CA()
    server = authority.issue_cert("127.0.0.1", "localhost")
    files = TlsFiles(folder / "ca.pem", folder / "server.pem", folder / "key.pem")
    authority.cert_pem.write_to_path(str(files.ca))
    server.private_key_pem.write_to_path(str(files.key))
    files.certificate.write_bytes(b"".join(part.bytes() for part in server.cert_chain_pems))
    return files


def settings_for(tls: TlsFiles, **changes: object) -> Settings:
    """Settings of a connection to loopback."""
    values: dict[str, Any] = {
        "subscription_ids": ("s",),
        "management_group_ids": (),
        "arm_endpoint": "https://127.0.0.1:1",
        "arm_audience": "https://management.azure.com",
        "table_endpoint": "https://127.0.0.1:1/devstoreaccount1",
        "queue_endpoint": "https://127.0.0.1:1/devstoreaccount1",
        "table_name": f"t{uuid.uuid4().hex}",
        "event_grid_endpoint": "https://127.0.0.1:1/api/events",
        "release_tracker_url": None,
        "catalog_max_age": timedelta(hours=1),
        "managed_identity_client_id": None,
        "ca_bundle": tls.ca,
        "clock_url": None,
        "fleet_api_version": FLEET,
        "policy_defaults": {},
    }
    return Settings(**{**values, **changes})


@pytest.fixture
def storage_connection(tls: TlsFiles) -> Connection:
    """A connection to a separate storage account: no table and no queue exists yet."""
    shared = shared_azurite()
    account = shared.new_account()
    endpoints = {
        "table_endpoint": shared.azurite.table_endpoint(account),
        "queue_endpoint": shared.azurite.queue_endpoint(account),
    }
    return TestConnection(settings_for(tls, ca_bundle=shared.ca, **endpoints))


@pytest.fixture
def one_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    """For thousands of calls on a table in memory: to start a thread costs more than what it does there."""
    monkeypatch.setattr(TracedThreads, "submit", run_at_once)


@pytest.fixture(params=["memory", "table"])
def ledger(request: pytest.FixtureRequest) -> Ledger:
    """Both ledgers: the fake must keep the real one's rules."""
    if request.param == "memory":
        return MemoryLedger()
    connection: Connection = request.getfixturevalue("storage_connection")
    return TableLedger(connection)
