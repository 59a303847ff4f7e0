"""Fleet's resources on the wire: status codes, eTags, conditions, and what is refused."""

from __future__ import annotations

import re
from typing import cast

import pytest

from tests.tools.emulator_fleet.fleet_lab import FLEET, FleetLab, JsonObject, a_run, a_stage
from tools.json_value import Json

STRATEGY: JsonObject = {"strategy": {"stages": [a_stage("all", "one", "two")]}}
RAPID: JsonObject = {"channel": "Rapid"}


@pytest.fixture
def lab() -> FleetLab:
    return FleetLab()


def test_an_etag_has_its_quotes_inside(lab: FleetLab) -> None:
    created = lab.put("/autoUpgradeProfiles/rapid", RAPID)

    assert re.fullmatch(r'"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"', str(created["eTag"]))
    assert list(created) == ["eTag", "id", "name", "properties", "systemData", "type"]


@pytest.mark.parametrize(
    ("path", "properties", "deleted"),
    [
        ("/autoUpgradeProfiles/rapid", RAPID, 204),
        ("/updateStrategies/staged", STRATEGY, 200),
        ("/updateRuns/run", a_run(), 200),
    ],
)
def test_a_child_is_created_with_201_replaced_with_200_and_deleted(
    lab: FleetLab, path: str, properties: JsonObject, deleted: int
) -> None:
    first = lab.put(path, properties)
    second = lab.put(path, properties, status=200)

    assert first["eTag"] != second["eTag"]
    assert lab.send("DELETE", path).status_code == deleted
    assert lab.send("GET", path).status_code == 404
    assert lab.send("DELETE", path).status_code == 204


def test_if_none_match_refuses_what_exists_with_412(lab: FleetLab) -> None:
    body: Json = {"properties": a_run()}
    missing = {"If-None-Match": "*"}

    assert lab.send("PUT", "/updateRuns/run", body, missing).status_code == 201
    refused = lab.send("PUT", "/updateRuns/run", body, missing)
    assert (refused.status_code, refused.json()["error"]["code"]) == (412, "PreconditionFailed")


def test_if_match_refuses_a_stale_etag_with_412(lab: FleetLab) -> None:
    stale = str(lab.put("/updateRuns/run", a_run())["eTag"])
    lab.send("POST", "/updateRuns/run/skip", {"targets": [{"type": "Member", "name": "one"}]})

    assert lab.send("POST", "/updateRuns/run/start", headers={"If-Match": stale}).status_code == 412
    assert lab.state() == "NotStarted"


def test_a_missing_child_is_handled_by_the_gateway(lab: FleetLab) -> None:
    response = lab.send("GET", "/autoUpgradeProfiles/unknown")

    assert response.status_code == 404
    assert response.headers["x-ms-failure-cause"] == "gateway"
    assert "fleets/retail/autoUpgradeProfiles/unknown" in response.json()["error"]["message"]


def test_a_run_that_has_started_cannot_be_changed_or_started_again(lab: FleetLab) -> None:
    lab.put("/updateRuns/run", a_run())
    lab.start()

    assert lab.send("PUT", "/updateRuns/run", {"properties": a_run()}).status_code == 409
    assert lab.send("POST", "/updateRuns/run/start").status_code == 409


def test_allowed_failures_are_taken_and_shown_in_the_preview_that_documents_them(lab: FleetLab) -> None:
    stages: Json = [a_stage("all", "one", maxAllowedFailures="20%")]
    body: Json = {"properties": {"strategy": {"stages": stages}}}
    response = lab.http.request("PUT", f"{FLEET}/updateStrategies/s?api-version=2026-06-02-preview", json=body)

    assert (response.status_code, response.json()["properties"]["strategy"]["stages"]) == (201, stages)


def test_generate_returns_200_with_nothing_but_the_id(lab: FleetLab) -> None:
    lab.put("/autoUpgradeProfiles/rapid", {**RAPID, "disabled": True})
    response = lab.send("POST", "/autoUpgradeProfiles/rapid/generateUpdateRun")

    assert response.status_code == 200
    assert list(response.json()) == ["id"]
    name = response.json()["id"].rpartition("/")[2]
    assert re.fullmatch(r"auto-rapid-rapid-1-30-7-1[0-9a-z]{6}", name)
    assert lab.state(name) == "NotStarted"
    assert str(lab.run(name)["autoUpgradeProfileId"]).endswith("/autoUpgradeProfiles/rapid")


def test_generate_gives_back_a_run_that_is_there_unmodified(lab: FleetLab) -> None:
    lab.put("/autoUpgradeProfiles/rapid", RAPID)
    first = lab.send("POST", "/autoUpgradeProfiles/rapid/generateUpdateRun").json()
    etag = lab.send("GET", f"/updateRuns/{first['id'].rpartition('/')[2]}").json()["eTag"]

    assert lab.send("POST", "/autoUpgradeProfiles/rapid/generateUpdateRun").json() == first
    assert lab.send("GET", f"/updateRuns/{first['id'].rpartition('/')[2]}").json()["eTag"] == etag


@pytest.mark.parametrize(
    ("profile", "upgrade"),
    [
        ({"channel": "Stable"}, {"type": "Full", "kubernetesVersion": "1.29.9"}),
        (
            {"channel": "TargetKubernetesVersion", "targetKubernetesVersion": "1.29"},
            {"type": "Full", "kubernetesVersion": "1.29.9"},
        ),
        ({"channel": "NodeImage"}, {"type": "NodeImageOnly"}),
    ],
)
def test_generate_asks_for_what_the_channel_means(lab: FleetLab, profile: JsonObject, upgrade: JsonObject) -> None:
    lab.put("/autoUpgradeProfiles/p", profile)
    name = lab.send("POST", "/autoUpgradeProfiles/p/generateUpdateRun").json()["id"].rpartition("/")[2]

    assert cast("JsonObject", lab.run(name)["managedClusterUpdate"])["upgrade"] == upgrade


def test_a_generated_name_that_would_be_too_long_is_refused(lab: FleetLab) -> None:
    lab.put(f"/autoUpgradeProfiles/{'p' * 50}", RAPID)

    assert lab.send("POST", f"/autoUpgradeProfiles/{'p' * 50}/generateUpdateRun").status_code == 400
