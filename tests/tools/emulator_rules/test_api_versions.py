"""Which routes exist in which api-version."""

from __future__ import annotations

import pytest

from tests.tools.emulator_fleet.fleet_lab import FleetLab

VERSIONS = (
    "2025-03-01",
    "2025-04-01-preview",
    "2025-08-01-preview",
    "2026-02-01-preview",
    "2026-03-02-preview",
    "2026-06-01",
    "2026-06-02-preview",
)


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize(
    ("kind", "since"),
    [
        ("members", "2025-03-01"),
        ("updateStrategies", "2025-03-01"),
        ("updateRuns", "2025-03-01"),
        ("autoUpgradeProfiles", "2025-03-01"),
        ("gates", "2025-04-01-preview"),
        ("managedNamespaces", "2025-08-01-preview"),
    ],
)
def test_a_kind_exists_from_an_api_version_on(lab: FleetLab, kind: str, since: str, version: str) -> None:
    response = lab.send("GET", f"/{kind}", api=f"api-version={version}")

    if version >= since:
        assert response.status_code == 200
    else:
        assert (response.status_code, response.json()["error"]["code"]) == (400, "InvalidResourceType")
        assert response.json()["error"]["message"].startswith("The resource type of ")


@pytest.mark.parametrize("version", VERSIONS)
def test_a_run_is_generated_in_every_api_version(lab: FleetLab, version: str) -> None:
    lab.put("/autoUpgradeProfiles/p", {"channel": "Rapid"})
    response = lab.send("POST", "/autoUpgradeProfiles/p/generateUpdateRun", api=f"api-version={version}")

    assert (response.status_code, list(response.json())) == (200, ["id"])


@pytest.mark.parametrize("version", ["2024-01-01", "2026-06-03", "latest"])
def test_another_api_version_is_refused_with_those_there_are(lab: FleetLab, version: str) -> None:
    response = lab.send("GET", "/members", api=f"api-version={version}")

    assert (response.status_code, response.json()["error"]["code"]) == (400, "InvalidResourceType")
    assert f"The supported api-versions are '{', '.join(VERSIONS)}'." in response.json()["error"]["message"]
