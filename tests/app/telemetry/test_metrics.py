"""Metrics: counters add up, gauges have the current value, and nothing unknown is reported."""

from __future__ import annotations

import pytest

from shared import telemetry
from shared.core.decision import Decision
from shared.core.lag import Lag
from shared.core.model.unknown import Unparsed
from shared.core.model.update_run import UpdateState
from shared.core.reasons import Outcome, Reason
from shared.core.releases.releases import NewReleases, Release
from tests.app.builders import FLEET, NOW, a_run
from tests.app.telemetry.measured import Measured, points_of

PROFILE = FLEET.child("autoUpgradeProfiles", "rapid")
UP_TO_DATE = Decision(PROFILE, Outcome.UP_TO_DATE, Reason.UP_TO_DATE, "Every cluster is up to date.")
DUE = Decision(PROFILE, Outcome.GENERATE, Reason.UPGRADE_DUE, "1 cluster is below 1.35.6.")


def test_releases_are_counted_by_region_and_kind_and_a_version_on_both_plans_once(measured: Measured) -> None:
    versions = [Release("KubernetesVersion", "1.35.6", plan) for plan in ("KubernetesOfficial", "AKSLongTermSupport")]
    new_releases = NewReleases("westus2", (*versions, Release("NodeImage", "a-1"), Release("NodeImage", "b-1")))

    telemetry.release_detected(new_releases, NOW)
    telemetry.release_detected(NewReleases("eastus", (Release("NodeImage", "a-1"),)), NOW)
    telemetry.release_detected(NewReleases("eastus", (Release("NodeImage", "a-2"),)), NOW)

    assert measured.points("releases_detected") == {
        ("KubernetesVersion", "westus2"): 1,
        ("NodeImage", "westus2"): 2,
        ("NodeImage", "eastus"): 2,
    }


def test_decisions_are_counted_by_outcome_and_reason(measured: Measured) -> None:
    telemetry.decisions_counted([DUE, UP_TO_DATE, UP_TO_DATE])
    telemetry.decisions_counted([UP_TO_DATE])

    assert measured.points("decisions") == {("Generate", "UpgradeDue"): 1, ("UpToDate", "UpToDate"): 3}


def test_runs_are_counted_by_state_and_a_state_without_a_run_is_zero(measured: Measured) -> None:
    """Also once the last run has left a state; an unknown state is reported while a run is in it."""
    telemetry.runs_counted([a_run("a"), a_run("b"), a_run("c", Unparsed("Paused"))])
    first = measured.points("runs")
    telemetry.runs_counted([])

    nothing = {(state.value,): 0 for state in UpdateState}
    assert first == {**nothing, ("Running",): 2, ("Paused",): 1}
    assert measured.points("runs") == nothing


def test_the_state_of_a_profile_is_reported_as_it_is_now(measured: Measured) -> None:
    telemetry.profile_state(DUE, Lag(5, 3, 2, NOW), NOW)
    telemetry.profile_state(DUE, Lag(5, 1, 1, None), NOW)

    found = measured.metrics()
    for name, value in (("clusters_behind", 1), ("versions_behind", 1), ("days_behind", 0.0)):
        [point] = points_of(found[name])
        assert (point.attributes, point.value) == ({"profile_id": str(PROFILE)}, value)


def test_what_was_measured_once_is_sent_once(measured: Measured) -> None:
    """Otherwise an instance that measured hours ago would contradict the one that measures now."""
    telemetry.profile_state(DUE, Lag(5, 3, 2, NOW), NOW)
    telemetry.ages_measured(90.0, 90.0)

    assert "clusters_behind" in measured.metrics()
    assert measured.metrics() == {}


@pytest.mark.parametrize(
    ("detection", "reconcile", "expected"),
    [
        (90.0, 4000.5, {"detection_age_seconds": 90.0, "reconcile_age_seconds": 4000.5}),
        (0.0, None, {"detection_age_seconds": 0.0}),
        (None, None, {}),
    ],
)
def test_an_age_is_reported_if_there_was_a_first_time(
    measured: Measured, detection: float | None, reconcile: float | None, expected: dict[str, float]
) -> None:
    telemetry.ages_measured(detection, reconcile)

    found = measured.metrics()
    assert {name: point.value for name in found for point in points_of(found[name])} == expected


def test_calls_are_counted_by_service_method_and_status(measured: Measured) -> None:
    telemetry.azure_called("ResourceManager", "GET", 200)
    telemetry.azure_called("ResourceManager", "GET", 200)
    telemetry.azure_called("ResourceManager", "PUT", 412)
    telemetry.throttled("ResourceGraph", 3)

    assert measured.points("azure_calls") == {("GET", "ResourceManager", 200): 2, ("PUT", "ResourceManager", 412): 1}
    assert measured.points("azure_calls_throttled") == {("ResourceGraph",): 1}


def test_without_a_receiver_everything_can_be_emitted() -> None:
    telemetry.decisions_counted([DUE])
    telemetry.profile_state(DUE, Lag(5, 3, 2, NOW), NOW)
