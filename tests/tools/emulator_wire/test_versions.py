"""What only a newer api-version has is not shown in an older one."""

from __future__ import annotations

import pytest

from tests.tools.emulator_fleet.fleet_lab import FLEET, FleetLab, a_run, a_stage
from tools.emulator.fleet.rules.refusals import GATES_SINCE, is_known
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


@pytest.mark.parametrize(
    ("api_version", "since", "known"),
    [
        ("2025-03-01", GATES_SINCE, False),
        (GATES_SINCE, GATES_SINCE, True),
        (STABLE, GATES_SINCE, True),
        (STABLE, PREVIEW, False),
        (PREVIEW, PREVIEW, True),
        ("2026-09-01", PREVIEW, False),
    ],
)
def test_later_api_versions_have_what_came_before_but_for_what_the_newest_preview_alone_has(
    api_version: str, since: str, known: bool
) -> None:
    assert is_known(api_version, since) is known
