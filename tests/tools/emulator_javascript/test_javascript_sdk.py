"""Azure's JavaScript clients of Fleet and AKS work with the emulator as they are."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Final

import pytest

from tests.tools.emulator.emulator_process import EmulatorProcess
from tools.json_value import JsonObject
from tools.node_packages import NodePackage
from tools.paths import ROOT

SUBSCRIPTION: Final = "00000000-0000-0000-0000-000000000001"
SDK: Final = NodePackage(ROOT / "tools" / "javascript_sdk", "Azure's JavaScript clients, 23 MB")
SESSION: Final = Path(__file__).parent / "session.cjs"


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> JsonObject:
    """What the session read."""
    node = SDK.install(print)
    with EmulatorProcess(tmp_path_factory.mktemp("javascript")) as emulator:
        emulator.authorize()
        token = emulator.http.headers["Authorization"].removeprefix("Bearer ")
        environment = {"NODE_EXTRA_CA_CERTS": emulator.ready["caBundle"], "NODE_PATH": str(SDK.modules)}
        done = subprocess.run(
            [node, SESSION, emulator.ready["endpoint"], token, SUBSCRIPTION, "platform", "retail", "shop-eastus"],
            env={**os.environ, **environment},
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 0, done.stderr
    content: JsonObject = json.loads(done.stdout)
    return content


def test_every_kind_of_fleets_resources_is_written_and_read(read: JsonObject) -> None:
    assert (read["fleets"], read["inGroup"]) == (["factory", "payments", "retail"], ["retail"])
    assert read["tags"] == {"from": "js"}
    assert "js" in str(read["strategies"])
    assert "js" not in str(read["profiles"])
    assert (read["channel"], read["started"]) in [("Rapid", "Running"), ("Rapid", "Skipped")]


def test_the_operations_of_the_provider_are_listed(read: JsonObject) -> None:
    assert "Microsoft.ContainerService/fleets/updateRuns/start/action" in str(read["operations"])


def test_clusters_and_pools_are_read(read: JsonObject) -> None:
    assert (read["version"], read["pools"]) == ("1.30.5", ["system", "web"])


def test_the_client_of_aks_cannot_read_the_null_that_azure_was_recorded_with(read: JsonObject) -> None:
    """`agentPoolProfiles` of a cluster's upgrade profile; if this fails, the client can, and the test may go."""
    assert read["upgrades"] == "Cannot read properties of null (reading 'map')"
