"""The session of all adapters."""

from __future__ import annotations

from pathlib import Path

import pytest
import requests

from shared.azure.connection import Connection
from shared.settings import read_settings

NOWHERE = "https://arm.example"
SETTINGS = {
    "AUTO_UPGRADE_SUBSCRIPTION_IDS": "00000000-0000-0000-0000-000000000001",
    "AUTO_UPGRADE_TABLE_ENDPOINT": NOWHERE,
    "AzureWebJobsStorage__queueServiceUri": NOWHERE,
    "AUTO_UPGRADE_EVENT_GRID_ENDPOINT": NOWHERE,
}


def test_a_password_in_netrc_never_replaces_the_token(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    passwords = tmp_path / "netrc"
    passwords.write_text("machine arm.example login someone password secret\n")
    monkeypatch.setenv("NETRC", str(passwords))
    session = Connection(read_settings(SETTINGS)).session

    sent = session.prepare_request(requests.Request("GET", NOWHERE, headers={"Authorization": "Bearer token"}))

    assert sent.headers["Authorization"] == "Bearer token"
