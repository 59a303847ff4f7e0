"""Conditional writes of clusters."""

from __future__ import annotations

import pytest

from tests.tools.emulator.cluster_requests import CLUSTERS, ClusterLab, profile
from tests.tools.emulator.lab import AKS
from tools.json_value import Json


@pytest.fixture
def lab() -> ClusterLab:
    return ClusterLab()


def conditional(lab: ClusterLab, method: str, path: str = "shop", **headers: str) -> int:
    """The status of a write on a condition."""
    properties: Json = {"agentPoolProfiles": [profile()]} if path == "new" else {}
    body: Json = {"location": "westus2", "properties": properties, "tags": {}}
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lab.http.request(method, f"{CLUSTERS}/{path}?{AKS}", json=body, headers=named).status_code


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
def test_a_write_on_condition_of_another_etag_changes_nothing(lab: ClusterLab, method: str) -> None:
    before = lab.send("GET").json()
    assert conditional(lab, method, If_Match="5e5ffdce-356b-431b-b050-81b45eef2a12") == 412
    assert conditional(lab, method, If_None_Match="*") == 412
    assert lab.send("GET").json() == before
    assert conditional(lab, method, If_Match=before["eTag"]) in {200, 202}


def test_each_change_gives_another_etag(lab: ClusterLab) -> None:
    before = lab.send("GET").json()["eTag"]
    assert conditional(lab, "PATCH", If_Match=before) == 200
    assert conditional(lab, "PATCH", If_Match=before) == 412


def test_a_cluster_is_created_on_condition_that_there_is_none(lab: ClusterLab) -> None:
    assert conditional(lab, "PUT", "new", If_Match="*") == 412
    assert conditional(lab, "PUT", "new", If_None_Match="*") == 201


def test_the_sdk_sends_a_clusters_etag_as_it_was_read(lab: ClusterLab) -> None:
    known = lab.send("GET").json()["eTag"]
    assert conditional(lab, "PATCH", If_Match=f'"{known}"') == 200, "the SDKs put quotes around it"
