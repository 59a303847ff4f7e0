"""What only a newer api-version has is not shown in an older one."""

from __future__ import annotations

import pytest

from tests.tools.emulator_fleet.fleet_lab import FLEET, FleetLab, a_run, a_stage
from tools.json_value import Json

STABLE, PREVIEW = "2026-06-01", "2026-06-02-preview"
STRATEGY: Json = {"stages": [a_stage("all", "one", maxAllowedFailures="20%")]}


@pytest.mark.parametrize(
    ("path", "properties"),
    [("updateStrategies/s", {"strategy": STRATEGY}), ("updateRuns/r", {**a_run(), "strategy": STRATEGY})],
)
def test_allowed_failures_are_shown_in_the_preview_only(path: str, properties: dict[str, Json]) -> None:
    lab = FleetLab("one")
    whole = f"{FLEET}/{path}?api-version="
    made = lab.http.request("PUT", f"{whole}{PREVIEW}", json={"properties": properties})
    assert made.status_code == 201, made.text
    collection = f"{FLEET}/{path.partition('/')[0]}?api-version="

    for shown in (lab.http.get(f"{whole}{STABLE}"), lab.http.get(f"{collection}{STABLE}")):
        assert "Failures" not in shown.text
        assert "failureCount" not in shown.text
    for shown in (lab.http.get(f"{whole}{PREVIEW}"), lab.http.get(f"{collection}{PREVIEW}")):
        assert '"maxAllowedFailures":"20%"' in shown.text
