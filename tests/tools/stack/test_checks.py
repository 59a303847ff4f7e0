"""The demo fails on any deviation: each check, broken once."""

from __future__ import annotations

from tools.demo.checks import Check, ClusterVersions, check_all
from tools.demo.expectations import Expectation
from tools.demo.observations import Observations
from tools.json_value import JsonObject

RUN = "/subscriptions/s/resourceGroups/g/providers/Microsoft.ContainerService/fleets/retail/updateRuns/auto-rapid-1"
PROFILE = (
    "/subscriptions/s/resourceGroups/g/providers/Microsoft.ContainerService/fleets/retail/autoUpgradeProfiles/rapid"
)
AT = "2026-01-05T06:00:00Z"


def a_good_demo(run: str = RUN, member: str = "one", seen: Observations | None = None) -> Observations:
    """With a run that upgrades a member, besides what was seen before."""
    seen = seen or Observations()
    entries: list[JsonObject] = [
        {"seq": 1, "at": AT, "kind": "runCreated", "run": run},
        {"seq": 2, "at": AT, "kind": "memberState", "run": run, "member": member, "state": "Running"},
        {"seq": 2, "at": AT, "kind": "clusterVersion", "cluster": "/c/one", "from": "1.33.5", "to": "1.34.1"},
        {"seq": 3, "at": AT, "kind": "runState", "run": run, "state": "Completed"},
    ]
    records: list[JsonObject] = [
        {"fields": {"event_name": "release_detected", "region": "westus2", "at": AT}},
        {"fields": {"event_name": "run_generated", "run_id": run, "profile_id": PROFILE, "target": "1.34.1", "at": AT}},
        {"fields": {"event_name": "run_started", "run_id": run, "profile_id": PROFILE, "at": AT}},
    ]
    for record in records:
        seen.take_log_record(record)
    for entry in entries:
        seen.take_journal_entry(entry)
    return seen


def failing(observations: Observations, found: str = "1.34.1") -> list[Check]:
    expected = {"retail/one": Expectation("1.34.1", None)}
    after = {"retail/one": ClusterVersions(found, {})}
    return [check for check in check_all(expected, after, observations) if not check.holds]


def test_a_good_demo_passes_every_check() -> None:
    assert failing(a_good_demo()) == []


def test_a_cluster_elsewhere_is_a_deviation_that_says_what_was_expected_and_found() -> None:
    [check] = failing(a_good_demo(), found="1.33.5")

    assert check.deviations == ("retail/one: expected 1.34.1, found 1.33.5",)


def test_a_second_run_for_the_same_target_is_a_deviation() -> None:
    seen = a_good_demo(run=f"{RUN}-again", seen=a_good_demo())

    [check] = failing(seen)

    assert check.name == "no run is generated twice"
    assert check.deviations == ("retail/rapid: auto-rapid-1-again is another run for 1.34.1",)


def test_a_second_run_that_catches_another_cluster_up_is_none() -> None:
    assert failing(a_good_demo(run=f"{RUN}-again", member="two", seen=a_good_demo())) == []


def test_a_pending_member_is_a_deviation() -> None:
    seen = a_good_demo()
    seen.take_journal_entry(
        {"seq": 4, "at": AT, "kind": "memberState", "member": "one", "state": "Pending", "message": "not in the region"}
    )

    [check] = failing(seen)

    assert check.deviations == ("one: not in the region",)


def test_a_run_that_is_not_completed_is_a_deviation() -> None:
    seen = a_good_demo()
    seen.take_journal_entry({"seq": 4, "at": AT, "kind": "runState", "run": RUN, "state": "Failed"})

    [check] = failing(seen)

    assert check.deviations == ("auto-rapid-1 is Failed",)


def test_a_run_that_the_app_did_not_generate_is_a_deviation() -> None:
    seen = a_good_demo()
    seen.take_journal_entry({"seq": 4, "at": AT, "kind": "runCreated", "run": f"{RUN}-native"})

    assert "every run was made by the app, and started by it" in {check.name for check in failing(seen)}


def test_two_minors_at_once_and_a_step_back_are_deviations() -> None:
    seen = a_good_demo()
    for before, after in (("1.32.1", "1.34.1"), ("1.34.1", "1.34.0")):
        seen.take_journal_entry(
            {"seq": 4, "at": AT, "kind": "clusterVersion", "cluster": "/c/one", "from": before, "to": after}
        )

    [check] = failing(seen)

    assert check.deviations == ("one: 1.32.1 to 1.34.1", "one: 1.34.1 to 1.34.0")


def test_an_error_in_the_log_and_a_failed_delivery_are_deviations() -> None:
    seen = a_good_demo()
    seen.take_log_record({"level": "ERROR", "message": "it broke"})
    seen.take_journal_entry({"seq": 4, "at": AT, "kind": "eventFailed", "status": 500})

    [check] = failing(seen)

    assert check.deviations[0] == "it broke"
    assert "eventFailed" in check.deviations[1]


def test_a_demo_that_detected_nothing_fails() -> None:
    seen = a_good_demo()
    seen.releases.clear()

    [check] = failing(seen)

    assert check.name == "releases were detected"
