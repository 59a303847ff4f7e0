"""The workbook: a template that Azure takes, whose every query runs and shows what happened."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import cast

import duckdb_kql
import pytest

from tests.infra.alerts.builders import (
    NOW,
    PROFILE,
    RUN,
    a_pending_gate,
    a_row,
    a_state,
    a_watched_run,
    an_event,
    healthy_hours,
)
from tests.infra.alerts.workspace import Row, Workspace
from tests.infra.predictions import prediction
from tools.checks.kusto.queries import WORKBOOK, Query, Source, tables, workbook_queries
from tools.json_value import Json

QUERIES = {query.name: query for query in workbook_queries()}
OF_THE_WORKSPACE = [name for name, query in QUERIES.items() if query.source is Source.WORKSPACE]
MONTH = timedelta(days=30)


def shown(name: str, *rows: dict[str, Json]) -> list[Row]:
    return Workspace(rows).ask(QUERIES[name], NOW, MONTH)


def reported(minutes_ago: float = 1) -> object:
    return (NOW - timedelta(minutes=minutes_ago)).replace(tzinfo=None)


def items() -> list[dict[str, Json]]:
    return cast("list[dict[str, Json]]", json.loads(WORKBOOK.read_text())["items"])


def test_it_is_a_workbook_whose_items_have_names_of_their_own() -> None:
    names = [item["name"] for item in items()]

    assert json.loads(WORKBOOK.read_text())["version"] == "Notebook/1.0"
    assert len(set(map(str, names))) == len(names)
    assert {item["type"] for item in items()} == {1, 3, 9}, "text, queries, parameters"


@pytest.mark.parametrize("name", OF_THE_WORKSPACE)
def test_a_query_of_the_workspace_follows_the_time_range_that_is_chosen(name: str) -> None:
    [content] = [cast("dict[str, Json]", item["content"]) for item in items() if item["name"] == name]

    assert content["timeContextFromParameter"] == "TimeRange"
    assert content["resourceType"] == "microsoft.operationalinsights/workspaces"


@pytest.mark.parametrize("name", OF_THE_WORKSPACE)
def test_a_query_runs_on_an_empty_workspace(name: str) -> None:
    assert shown(name) == []


@pytest.mark.parametrize("name", sorted({*OF_THE_WORKSPACE} - {"gates", "calls", "ages"}))
def test_a_query_shows_something_of_a_healthy_day(name: str) -> None:
    assert shown(name, *healthy_hours()) != []


def test_releases_are_shown_with_the_regions_that_offer_them() -> None:
    rows = shown(
        "releases",
        an_event("release_detected", 120, region="westus2", kubernetes_versions="1.35.6,1.34.9", node_images=""),
        an_event("release_detected", 60, region="eastus", kubernetes_versions="1.35.6", node_images=""),
    )

    assert rows == [
        {"release": "1.35.6", "regions": 2, "first_region_at": reported(120), "last_region_at": reported(60)},
        {"release": "1.34.9", "regions": 1, "first_region_at": reported(120), "last_region_at": reported(120)},
    ]


def test_releases_over_time_are_counted_by_day_and_region() -> None:
    image = "AKSUbuntu-2204gen2containerd-202607.09.0"
    rows = shown(
        "releases-over-time",
        an_event("release_detected", 1, region="eastus", kubernetes_versions="1.35.6,1.34.9", node_images=image),
        an_event("release_detected", 2, region="eastus", kubernetes_versions="", node_images=image),
    )

    assert [(row["region"], row["releases"]) for row in rows] == [("eastus", 4)]


def test_profiles_are_shown_with_their_decision_and_days_behind() -> None:
    behind = a_state(outcome="Waiting", reason="Freeze", sentence="Frozen.", clusters_behind="2", days_behind="3.5")

    assert shown("profiles", a_state(60), behind) == [
        {
            "profile_id": PROFILE,
            "outcome": "Waiting",
            "reason": "Freeze",
            "sentence": "Frozen.",
            "target": "1.35.6",
            "clusters": 4,
            "clusters_behind": 2,
            "versions_behind": 0,
            "days_behind": 3.5,
            "out_of_support": 0,
            "last_reported": reported(),
        }
    ]


def test_runs_are_shown_with_their_stages() -> None:
    rows = shown("runs", a_watched_run(90, state="Running"), a_watched_run(stages='{"canary": "Completed"}'))

    assert [(row["run_id"], row["state"], row["stages"]) for row in rows] == [
        (RUN, "Completed", '{"canary": "Completed"}')
    ]
    assert [(row["first_reported"], row["last_reported"]) for row in rows] == [(reported(90), reported())]


def test_gates_are_shown_with_how_long_they_waited() -> None:
    [row] = shown("gates", a_pending_gate(60), a_pending_gate(waiting_days="1.25"))

    assert (row["display_name"], row["waiting_days"], row["last_reported"]) == ("go?", 1.25, reported())


def test_trouble_is_counted_and_says_what_it_is_about() -> None:
    [row] = shown("trouble", *(an_event("failed", minute, work="detecting", sentence="No.") for minute in (1, 2, 3)))

    assert row == {"what": "failed", "about": "detecting", "sentence": "No.", "times": 3, "last_reported": reported()}


def test_calls_and_ages_come_from_metrics() -> None:
    calls = [
        a_row("AppMetrics", 1, Name="azure_calls", Sum=count, Properties={"status": "200"}) for count in (3.0, 4.0)
    ]
    age = a_row("AppMetrics", 1, Name="detection_age_seconds", Max=600.0, Properties={})

    assert [(row["status"], row["calls"]) for row in shown("calls", *calls, age)] == [("200", 7)]
    assert [(row["age"], row["minutes"]) for row in shown("ages", *calls, age)] == [("detection_age_seconds", 10)]


def of_resource_graph(query: Query, rows: list[dict[str, Json]]) -> list[Row]:
    columns = tables()[Source.RESOURCE_GRAPH]["alertsmanagementresources"]
    connection = duckdb_kql.connect()
    types = ", ".join(f'"{column}" {"JSON" if kind == "dynamic" else "VARCHAR"}' for column, kind in columns.items())
    connection.execute(f"CREATE TABLE alertsmanagementresources ({types})")
    for row in rows:
        values = [str(row["id"]), str(row["type"]), json.dumps(row["properties"])]
        connection.execute("INSERT INTO alertsmanagementresources (id, type, properties) VALUES (?, ?, ?)", values)
    answer = duckdb_kql.query(connection, query.text)
    return [dict(zip([str(one[0]) for one in answer.description], row, strict=True)) for row in answer.fetchall()]


def an_alert(rule: str) -> dict[str, Json]:
    essentials: Json = {
        "alertRule": f"/subscriptions/s/resourceGroups/g/providers/microsoft.insights/scheduledqueryrules/{rule}",
        "severity": "Sev1",
        "monitorCondition": "Fired",
        "alertState": "New",
        "startDateTime": "2026-08-03T11:00:00Z",
        "description": "Clusters wait.",
    }
    return {"id": rule, "type": "microsoft.alertsmanagement/alerts", "properties": {"essentials": essentials}}


def test_the_alerts_shown_are_those_of_the_rules_that_the_template_makes() -> None:
    rules = prediction("default").of_type("Microsoft.Insights/scheduledQueryRules")
    [name] = [str(rule.name) for rule in rules if str(rule.name).endswith("-run-failed")]

    rows = of_resource_graph(QUERIES["alerts"], [an_alert(name), an_alert("other")])

    assert [(row["rule"], row["severity"], row["condition"]) for row in rows] == [(name, "Sev1", "Fired")]
