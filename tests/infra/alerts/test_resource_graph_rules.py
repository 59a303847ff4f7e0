"""Each rule over Azure Resource Graph fires on what the emulator's fleet shows after a fault, and on nothing else."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import cast

import pytest

from tests.infra.alerts.evaluation import RESOURCE_GRAPH_RULES, RULES, Alert, measure
from tests.infra.alerts.workspace import Row
from tests.tools.emulator_fleet.fleet_lab import FLEET, PREVIEW, FleetLab, JsonObject, a_run, a_stage
from tools.checks.kusto.queries import Query, alert_query
from tools.emulator.graph_rows import GraphRows
from tools.emulator.resource_graph.kql import translate
from tools.emulator.resource_graph.tables import Database, Tables
from tools.json_value import Json

RUN = f"{FLEET}/updateRuns/run"
LIMIT_RULE = "resource-graph-limit"
"""The canary: it fires when the other rules may read less than there is."""


def a_failed_run(lab: FleetLab) -> None:
    lab.change("one", failUpgrades={"times": 1})
    lab.put("/updateRuns/run", a_run())
    lab.start()
    lab.pass_minutes(600)
    assert lab.state() == "Failed"


def a_run_with_tolerated_failures(lab: FleetLab) -> None:
    lab.change("one", failUpgrades={"times": 1})
    stages: list[Json] = [a_stage("all", "one", "two", "three", maxAllowedFailures="1")]
    lab.put("/updateRuns/run", a_run(strategy={"stages": stages}), api=PREVIEW)
    lab.start()
    lab.pass_minutes(600)
    assert lab.state() == "Completed"


def a_run_at_two_gates(lab: FleetLab) -> None:
    gates: list[Json] = [{"displayName": "go?", "type": "Approval"}]
    stage = a_stage("all", "one", "two")
    for group in cast("list[JsonObject]", stage["groups"]):
        group["beforeGates"] = gates
    lab.put("/updateRuns/run", a_run(strategy={"stages": [stage]}))
    lab.start()
    assert lab.state() == "Pending"


def a_member_that_could_not_join(lab: FleetLab) -> None:
    [fleet] = lab.estate.fleets.values()
    fleet.members["one"].properties["provisioningState"] = "Failed"


def a_run_under_way_and_one_that_is_over(lab: FleetLab) -> None:
    for name in ("first", "second"):
        lab.put(f"/updateRuns/{name}", a_run())
    lab.start("first")
    lab.pass_minutes(600)
    lab.start("second")
    assert lab.state("first") == "Completed"


@dataclass(frozen=True)
class Fault:
    """What happens to a fleet, and what fires then."""

    happens: Callable[[FleetLab], None]
    fires: Callable[[FleetLab], list[Mapping[str, str]]]


def gates_of(lab: FleetLab) -> list[str]:
    return sorted(str(gate["id"]) for gate in cast("list[JsonObject]", lab.send("GET", "/gates").json()["value"]))


OF_THE_RUN: list[Mapping[str, str]] = [{"run_id": RUN, "fleet_id": FLEET}]
FAULTS = {
    "run-failed-in-azure": Fault(a_failed_run, lambda _: OF_THE_RUN),
    "run-completed-with-failures-in-azure": Fault(a_run_with_tolerated_failures, lambda _: OF_THE_RUN),
    "gate-waiting-in-azure": Fault(
        a_run_at_two_gates, lambda lab: [{"run_id": RUN, "gate_id": gate} for gate in gates_of(lab)]
    ),
    "member-failed-in-azure": Fault(
        a_member_that_could_not_join, lambda _: [{"member_id": f"{FLEET}/members/one", "fleet_id": FLEET}]
    ),
}


_versions = itertools.count()


def ask(query: Query, lab: FleetLab, kind: str = "", copies: int = 1) -> list[Row]:
    """What the query returns on the lab's rows, each so many times; all of another type if one is given."""
    rows = GraphRows(lab.estate).tables().aksresources
    database = _database()
    shown = [
        {**row, "type": kind or row["type"], "id": f"{row['id']}{copy or ''}"} for row in rows for copy in range(copies)
    ]
    database.load(Tables(next(_versions), aksresources=shown))
    translation = translate(query.runnable)
    page = database.page(translation.sql, translation.parameters, None, 0, 1000)
    return [dict(zip([name for name, _ in page.columns], row, strict=True)) for row in page.rows]


@cache
def _database() -> Database:
    """One for all tests: to open one takes 30 ms."""
    return Database()


def alerts(name: str, lab: FleetLab, copies: int = 1) -> list[Alert]:
    return measure(RULES[name], ask(alert_query(RULES[name]), lab, copies=copies))


def records(lab: FleetLab) -> object:
    """How many records the rules read, as the canary counts them."""
    [row] = ask(alert_query(RULES[LIMIT_RULE]), lab)
    return row["records"]


def test_every_rule_over_resource_graph_has_a_fault_here() -> None:
    assert sorted([*FAULTS, LIMIT_RULE]) == sorted(RESOURCE_GRAPH_RULES)


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_makes_its_rule_fire_and_no_other(name: str) -> None:
    lab = FleetLab()
    FAULTS[name].happens(lab)
    fired = [alert for rule in RESOURCE_GRAPH_RULES for alert in alerts(rule, lab)]

    expected = FAULTS[name].fires(lab)
    assert expected, "the fault has come about"
    assert fired == [Alert(name, dimensions, 1) for dimensions in expected]


@pytest.mark.parametrize("name", FAULTS)
def test_a_rule_looks_at_resources_of_its_type_only(name: str) -> None:
    lab = FleetLab()
    FAULTS[name].happens(lab)

    assert ask(alert_query(RULES[name]), lab, "microsoft.containerservice/fleets/others") == []


def test_a_gate_of_a_run_that_was_stopped_does_not_wait() -> None:
    lab = FleetLab()
    a_run_at_two_gates(lab)
    [fleet] = lab.estate.fleets.values()
    status = cast("JsonObject", fleet.runs["run"].properties["status"])
    cast("JsonObject", status["status"])["state"] = "Stopped"

    assert alerts("gate-waiting-in-azure", lab) == []


@pytest.mark.parametrize("name", RESOURCE_GRAPH_RULES)
def test_no_rule_fires_on_runs_that_go_well(name: str) -> None:
    lab = FleetLab()
    a_run_under_way_and_one_that_is_over(lab)

    assert alerts(name, lab) == []


def test_a_gate_that_opens_at_a_scheduled_time_is_for_no_one_to_approve() -> None:
    schedule: Json = {"startDay": "Monday", "startTime": "22:30", "utcOffset": "+02:00"}
    scheduled: Json = {"displayName": "night", "scheduledStartConfiguration": schedule, "type": "ScheduledStart"}
    lab = FleetLab("one")
    gates: list[Json] = [scheduled, {"displayName": "go?", "type": "Approval"}]
    lab.put("/updateRuns/run", a_run(strategy={"stages": [a_stage("s", "one", beforeGates=gates)]}), api=PREVIEW)
    lab.start()

    listed = cast("list[JsonObject]", lab.send("GET", "/gates").json()["value"])
    approvals = [gate["id"] for gate in listed if cast("JsonObject", gate["properties"])["gateType"] == "Approval"]
    assert [alert.dimensions["gate_id"] for alert in alerts("gate-waiting-in-azure", lab)] == approvals


def test_an_alert_about_a_gate_ends_when_the_gate_is_approved() -> None:
    lab = FleetLab()
    a_run_at_two_gates(lab)
    first, second = gates_of(lab)
    lab.send("PATCH", f"/gates/{first.rpartition('/')[2]}", {"properties": {"state": "Completed"}})
    assert [alert.dimensions["gate_id"] for alert in alerts("gate-waiting-in-azure", lab)] == [second]
    lab.send("PATCH", f"/gates/{second.rpartition('/')[2]}", {"properties": {"state": "Completed"}})

    assert alerts("gate-waiting-in-azure", lab) == []


def test_a_failed_runs_row_says_what_failed() -> None:
    lab = FleetLab()
    a_failed_run(lab)
    [alert] = alerts("run-failed-in-azure", lab)
    [row] = alert.rows

    assert (row["run"], row["error_code"], row["message"]) == (
        "run",
        "MemberUpdateFailed",
        "update failed on 1 member(s): one",
    )


def test_the_members_that_failed_in_a_completed_run_are_named() -> None:
    lab = FleetLab()
    a_run_with_tolerated_failures(lab)
    [alert] = alerts("run-completed-with-failures-in-azure", lab)

    assert [(row["failed_members"], row["members"]) for row in alert.rows] == [(1, '["one"]')]


def test_the_canary_fires_once_a_query_returns_as_many_records_as_azure_monitor_reads() -> None:
    lab = FleetLab()
    a_member_that_could_not_join(lab)

    assert alerts(LIMIT_RULE, lab, copies=999) == []
    assert alerts(LIMIT_RULE, lab, copies=1000) == [Alert(LIMIT_RULE, {}, 1000)]


@pytest.mark.parametrize("happens", [a_run_with_tolerated_failures, a_run_at_two_gates])
def test_the_canary_counts_at_least_the_rows_that_a_run_is_expanded_to(happens: Callable[[FleetLab], None]) -> None:
    lab = FleetLab()
    happens(lab)
    [fleet] = lab.estate.fleets.values()
    status = cast("JsonObject", fleet.runs["run"].properties["status"])
    places = [
        place
        for stage in cast("list[JsonObject]", status["stages"])
        for place in (stage, *cast("list[JsonObject]", stage["groups"]))
    ]
    members = [member for place in places for member in cast("list[Json]", place.get("members") or [])]

    assert int(str(records(lab))) >= len(places) + len(members) > 2


def test_the_canary_counts_nothing_of_runs_that_no_rule_reads() -> None:
    lab = FleetLab()
    a_run_under_way_and_one_that_is_over(lab)

    assert records(lab) == 0
