"""Each alert rule over the workspace: a fault's telemetry makes it fire, and a healthy day's makes none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

import pytest

from tests.infra.alerts.builders import (
    FLEET,
    GATE,
    NOW,
    PROFILE,
    RUN,
    TOPIC,
    TelemetryRow,
    a_pending_gate,
    a_request,
    a_state,
    a_topic_metric,
    a_watched_run,
    an_event,
    healthy_hours,
)
from tests.infra.alerts.evaluation import RULES, WORKSPACE_RULES, Alert, alerts, alerts_between, duration
from tests.infra.alerts.workspace import Workspace
from tools.checks.kusto.queries import alert_query

OTHER = f"{FLEET}/autoUpgradeProfiles/rapid"
DENIED = "The identity may not read fleets."
SILENT = {"detection-silent", "reconcile-silent"}
"""Rules that fire if nothing is reported."""


@dataclass(frozen=True)
class Fault:
    """Telemetry on top of a healthy day's, and what fires then; `without` is an event that is no longer reported."""

    rows: tuple[TelemetryRow, ...]
    fires: tuple[tuple[Mapping[str, str], float], ...]
    without: str = ""


FAULTS = {
    "detection-silent": Fault((), (({}, 0),), without="detection_succeeded"),
    "reconcile-silent": Fault((), (({}, 0),), without="reconcile_succeeded"),
    "profile-blocked": Fault(
        (
            a_state(0, outcome="Invalid", reason="TargetVersionMissing"),
            a_state(profile=OTHER, outcome="Blocked", reason="ClustersStopped"),
        ),
        (
            ({"profile_id": OTHER, "reason": "ClustersStopped"}, 1),
            ({"profile_id": PROFILE, "reason": "TargetVersionMissing"}, 1),
        ),
    ),
    "run-failed": Fault(
        (a_watched_run(0, state="Failed", failed_members="1"),), (({"run_id": RUN, "profile_id": PROFILE}, 1),)
    ),
    "run-completed-with-failures": Fault(
        (a_watched_run(0, failed_members="2"),), (({"run_id": RUN, "profile_id": PROFILE}, 1),)
    ),
    "run-pending": Fault(
        (
            a_watched_run(0, state="Pending", pending_reason="MaintenanceWindow", pending_days="3.125"),
            a_watched_run(1, run=f"{RUN}b", state="Pending", pending_reason="Region", pending_days="2.9"),
        ),
        (({"run_id": RUN, "pending_reason": "MaintenanceWindow"}, 3.125),),
    ),
    "gate-waiting": Fault((a_pending_gate(waiting_days="0"),), (({"run_id": RUN, "gate_id": GATE}, 0),)),
    "clusters-behind": Fault(
        (a_state(0, outcome="Waiting", reason="Freeze", clusters_behind="1", days_behind="14.5"),),
        (({"profile_id": PROFILE}, 14.5),),
    ),
    "clusters-out-of-support": Fault((a_state(0, out_of_support="2"),), (({"profile_id": PROFILE}, 2),)),
    "events-dead-lettered": Fault(
        (a_topic_metric(2, 3), a_topic_metric(1, 2), a_topic_metric(1, metric="DroppedEventCount")),
        (
            ({"topic_id": TOPIC.lower(), "metric": "DeadLetteredCount"}, 3),
            ({"topic_id": TOPIC.lower(), "metric": "DroppedEventCount"}, 1),
        ),
    ),
    "messages-poisoned": Fault(
        (
            an_event("messages_poisoned", 6, queue="evaluate-profile", messages="5"),
            an_event("messages_poisoned", 1, queue="evaluate-profile", messages="2"),
            an_event("messages_poisoned", 1, queue="watch-gates", messages="1"),
        ),
        (({"queue": "evaluate-profile"}, 2), ({"queue": "watch-gates"}, 1)),
    ),
    "azure-throttled": Fault(
        tuple(an_event("throttled", minute, service="Azure Resource Manager") for minute in range(10)),
        (({"service": "Azure Resource Manager"}, 11),),
    ),
    "access-denied": Fault(
        (an_event("access_denied", sentence=DENIED), an_event("access_denied", 2, sentence=DENIED)), (({}, 1),)
    ),
    "work-failed": Fault(
        tuple(an_event("failed", 60 * hour, work=f"deciding {PROFILE}", sentence="No.") for hour in range(3)),
        (({"work": f"deciding {PROFILE}"}, 4),),
    ),
    "function-failing": Fault(
        tuple(
            a_request(minute, name="watch_runs", success=False, code=code) for minute, code in enumerate(("", "500"))
        ),
        (({"function": "watch_runs"}, 3),),
    ),
    "unreadable": Fault(
        (an_event("unreadable", what="estate", sentence="A fleet has no id."),), (({"what": "estate"}, 1),)
    ),
}


def workspace_with(fault: Fault) -> Workspace:
    healthy = [row for row in healthy_hours() if row.get("Name") != fault.without]
    return Workspace([*healthy, *fault.rows])


@pytest.fixture(scope="module")
def healthy() -> Workspace:
    return Workspace(healthy_hours())


def test_every_rule_over_the_workspace_has_a_fault_here() -> None:
    assert sorted(FAULTS) == sorted(WORKSPACE_RULES)


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_makes_its_rule_fire_once_for_each_combination_of_its_dimensions(name: str) -> None:
    expected = [Alert(name, dimensions, value) for dimensions, value in FAULTS[name].fires]

    assert alerts(name, workspace_with(FAULTS[name]), NOW) == expected


@pytest.mark.parametrize("name", WORKSPACE_RULES)
def test_no_rule_fires_while_all_goes_well(name: str, healthy: Workspace) -> None:
    assert list(alerts_between(name, healthy, NOW - timedelta(hours=3), NOW)) == []


@pytest.mark.parametrize("name", sorted(SILENT))
def test_silence_is_an_alert_even_if_nothing_was_ever_reported(name: str) -> None:
    assert alerts(name, Workspace(), NOW) == [Alert(name, {}, 0)]


@pytest.mark.parametrize("name", sorted(set(WORKSPACE_RULES) - SILENT))
def test_no_other_rule_fires_on_an_empty_workspace(name: str) -> None:
    assert alerts(name, Workspace(), NOW) == []


@pytest.mark.parametrize("name", sorted(set(WORKSPACE_RULES) - SILENT))
def test_a_rule_takes_nothing_else_for_its_own(name: str) -> None:
    """Other events, metrics and requests may have the same properties, and must not count."""
    foreign = [{**row, "Name": "something_else", "MetricName": "Else", "Success": True} for row in FAULTS[name].rows]

    assert alerts(name, Workspace(foreign), NOW) == []


def test_metrics_of_other_services_are_no_dead_letters() -> None:
    row = {**a_topic_metric(1), "ResourceProvider": "MICROSOFT.STORAGE"}

    assert alerts("events-dead-lettered", Workspace([row]), NOW) == []


@pytest.mark.parametrize("reason", ["StableMinorNotOffered", "TargetMinorNotReleased"])
def test_a_profile_that_waits_for_azure_alone_is_no_alert(reason: str) -> None:
    assert alerts("profile-blocked", Workspace([a_state(outcome="Blocked", reason=reason)]), NOW) == []


@pytest.mark.parametrize(
    "name", ["profile-blocked", "clusters-behind", "clusters-out-of-support", "events-dead-lettered"]
)
def test_the_rows_of_a_rule_are_only_those_that_a_person_has_to_see(name: str, healthy: Workspace) -> None:
    rule = RULES[name]

    assert healthy.ask(alert_query(rule), NOW, duration(rule["windowSize"])) == []


@pytest.mark.parametrize(
    ("name", "then"),
    [
        ("profile-blocked", a_state(0)),
        ("run-failed", a_watched_run(0, state="Running")),
        ("run-pending", a_watched_run(0, state="Running")),
        ("run-completed-with-failures", a_watched_run(0, state="Running", failed_members="2")),
        ("clusters-behind", a_state(0)),
        ("clusters-out-of-support", a_state(0)),
    ],
)
def test_the_last_report_counts_so_that_an_alert_ends_when_its_cause_does(name: str, then: TelemetryRow) -> None:
    before = {
        "profile-blocked": a_state(30, outcome="Blocked", reason="ClustersStopped"),
        "run-failed": a_watched_run(30, state="Failed"),
        "run-pending": a_watched_run(30, state="Pending", pending_reason="Gate", pending_days="9"),
        "run-completed-with-failures": a_watched_run(30, failed_members="1"),
        "clusters-behind": a_state(30, outcome="Blocked", reason="RunFailed", clusters_behind="1", days_behind="90"),
        "clusters-out-of-support": a_state(30, out_of_support="1"),
    }[name]

    assert alerts(name, Workspace([before]), NOW) != []
    assert alerts(name, Workspace([before, then]), NOW) == []


def test_a_gate_that_is_no_longer_reported_has_been_approved_and_its_alert_ends() -> None:
    assert alerts("gate-waiting", Workspace([a_pending_gate(29)]), NOW) != []
    assert alerts("gate-waiting", Workspace([a_pending_gate(30)]), NOW) == []


def test_a_profile_that_is_skipped_by_design_is_not_behind() -> None:
    skipped = a_state(outcome="Skipped", reason="ProfileDisabled", clusters_behind="3", days_behind="90")

    assert alerts("clusters-behind", Workspace([skipped]), NOW) == []


def test_two_weeks_behind_is_not_yet_behind() -> None:
    assert alerts("clusters-behind", Workspace([a_state(clusters_behind="1", days_behind="14")]), NOW) == []


def test_a_request_that_its_caller_got_wrong_is_no_failure_of_the_function() -> None:
    refused = [a_request(minute, success=False, code="404") for minute in range(10)]

    assert alerts("function-failing", Workspace(refused), NOW) == []


def test_a_rows_columns_are_what_a_person_needs_to_act() -> None:
    blocked = a_state(outcome="Blocked", reason="ClustersStopped", sentence="shop-eastus is stopped.")
    [alert] = alerts("profile-blocked", Workspace([blocked]), NOW)

    assert alert.rows == [
        {
            "profile_id": PROFILE,
            "profile": "stable",
            "fleet_id": FLEET,
            "outcome": "Blocked",
            "reason": "ClustersStopped",
            "sentence": "shop-eastus is stopped.",
            "last_reported": (NOW - timedelta(minutes=1)).replace(tzinfo=None),
        }
    ]
