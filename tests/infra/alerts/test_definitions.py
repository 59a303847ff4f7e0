"""What belongs to each alert rule: a query, a place in the template, a section of the runbook, valid settings."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest

from functions.http.alert_request import EVALUATE, GENERATE_UPDATE_RUN
from shared.core.reasons import Reason
from tests.infra.alerts.evaluation import AGGREGATIONS, OPERATORS, RESOURCE_GRAPH_RULES, RULES, dimensions, duration
from tools.checks.kusto.queries import ALERTS, Query, Source, alert_query, all_queries, rule_definitions
from tools.paths import ROOT

# what Azure Monitor accepts: the azurerm provider's documentation of azurerm_monitor_scheduled_query_rules_alert_v2
MINUTES = [f"PT{minutes}M" for minutes in (1, 5, 10, 15, 30, 45)]
HOURS = [f"PT{hours}H" for hours in (1, 2, 3, 4, 5, 6)]
FREQUENCIES = [*MINUTES, *HOURS, "P1D"]
WINDOWS = [*MINUTES, *HOURS, "P1D", "P2D"]
MOST_DIMENSIONS = 6

# https://learn.microsoft.com/azure/azure-monitor/logs/azure-monitor-data-explorer-proxy#limitations
MOST_RECORDS = 1000
# https://learn.microsoft.com/azure/governance/resource-graph/concepts/query-language#supported-tabulartop-level-operators
MOST_EXPANSIONS = 3
MOST_ROWS_OF_AN_EXPANSION = 400

RUNBOOK = (ROOT / "docs/runbook.md").read_text()
TELEMETRY = (ROOT / "docs/telemetry.md").read_text()
QUERIES = all_queries()
PLATFORM_RULES = {rule["name"]: rule for rule in json.loads((ALERTS / "platform-alerts.json").read_text())}
FIRES_BEFORE_THE_FIRST_DETECTION = {"detection-silent", "reconcile-silent"}
LIMIT_RULE = "resource-graph-limit"

each_rule = pytest.mark.parametrize("name", RULES)
each_query = pytest.mark.parametrize("query", QUERIES, ids=[query.name for query in QUERIES])


def section(name: str) -> str:
    return f"\n{RUNBOOK}".partition(f"\n## {name}\n")[2].partition("\n## ")[0]


def documented(chapter: str) -> dict[str, set[str]]:
    """Events or metrics of the telemetry page, and the properties of each."""
    text = TELEMETRY.partition(f"\n## {chapter}\n")[2].partition("\n## ")[0]
    rows = [line.split(" | ") for line in text.splitlines() if line.startswith("| `")]
    return {name.strip("|` "): set(re.findall(r"`(\w+)`", properties)) for name, _, properties, *_ in rows}


def test_every_query_belongs_to_a_rule_and_every_rule_has_one() -> None:
    assert sorted(path.stem for path in ALERTS.glob("*.kql")) == sorted(RULES)
    assert len(rule_definitions()) == len(RULES), "no name twice"


def test_the_runbook_has_a_section_for_every_rule_and_no_other() -> None:
    assert re.findall(r"^## (.+)$", RUNBOOK, re.MULTILINE) == [*RULES, *PLATFORM_RULES]


def test_only_rules_that_would_fire_on_an_empty_workspace_wait_for_the_first_detection() -> None:
    waiting = {name for name, rule in RULES.items() if rule.get("afterFirstDetection", False)}

    assert waiting == FIRES_BEFORE_THE_FIRST_DETECTION


@pytest.mark.parametrize("name", [*RULES, *PLATFORM_RULES])
def test_a_section_of_the_runbook_says_what_it_means_and_what_to_do(name: str) -> None:
    text = section(name)

    assert "**Means:**" in text
    assert "**Do:**" in text or "**Look and do:**" in text


@pytest.mark.parametrize("name", PLATFORM_RULES)
def test_a_platform_rule_says_what_happened_and_what_to_do(name: str) -> None:
    rule = PLATFORM_RULES[name]

    assert rule["description"].count(". ") >= 1
    assert rule["severity"] in (0, 1, 2, 3)
    assert rule["resource"] in ("app", "storage")
    assert rule["operator"] in OPERATORS
    assert rule["aggregation"] in AGGREGATIONS


@each_rule
def test_a_rule_says_what_happened_and_what_to_do(name: str) -> None:
    rule = RULES[name]

    assert rule["title"]
    assert rule["description"].count(". ") >= 1, "a sentence on what happened, and one on what to do"
    assert rule["description"].endswith(".")
    assert rule["severity"] in (0, 1, 2, 3)


@each_rule
def test_a_rules_settings_are_ones_that_azure_monitor_accepts(name: str) -> None:
    rule = RULES[name]

    assert rule["evaluationFrequency"] in FREQUENCIES
    assert rule["windowSize"] in WINDOWS
    assert duration(rule["evaluationFrequency"]) <= duration(rule["windowSize"]) <= timedelta(days=2)
    assert rule["operator"] in OPERATORS
    assert rule["aggregation"] in AGGREGATIONS
    assert (rule["measure"] == "") == (rule["aggregation"] == "Count"), "rows are counted, columns are measured"
    assert len(rule["dimensions"]) <= MOST_DIMENSIONS
    for dimension in rule["dimensions"]:
        assert dimension == {"name": dimension["name"], "operator": "Include", "values": ["*"]}


@each_rule
def test_a_rule_makes_the_app_do_only_what_the_app_knows_and_names_what_it_is_about(name: str) -> None:
    properties = RULES[name]["customProperties"]
    if properties:
        assert list(properties) == ["action"]
        assert properties["action"] in (EVALUATE, GENERATE_UPDATE_RUN)
        assert {"profile_id", "fleet_id"} & set(dimensions(RULES[name]))


@each_rule
def test_the_runbook_says_which_rules_make_the_app_act(name: str) -> None:
    acts = bool(RULES[name]["customProperties"])

    assert ("**Acts:**" in section(name)) == acts


@each_query
def test_a_query_gets_its_time_range_from_where_it_runs(query: Query) -> None:
    assert re.findall(r"\b(?:now|ago)\s*\(", query.text) == []


@each_rule
def test_a_rules_query_starts_from_one_table_of_its_source(name: str) -> None:
    query = alert_query(RULES[name])
    [first, *_] = [line for line in query.text.splitlines() if not line.startswith("//")]

    assert (first.startswith('arg("").')) == (query.source is Source.RESOURCE_GRAPH)
    assert re.findall(r"\b(?:union|search|join|mv-apply|arg_min|avg|percentile)\b", query.text) == [], (
        "Azure Monitor or its integration of Resource Graph does not accept these in alerts"
    )


@pytest.mark.parametrize("name", RESOURCE_GRAPH_RULES)
def test_a_query_over_resource_graph_stays_within_the_limits_of_azure_and_names_them(name: str) -> None:
    text = alert_query(RULES[name]).text
    expansions = re.findall(r"^\| mv-expand .+$", text, re.MULTILINE)

    assert len(expansions) <= MOST_EXPANSIONS
    assert all(one.endswith(f" limit {MOST_ROWS_OF_AN_EXPANSION}") for one in expansions)
    assert name == LIMIT_RULE or text.endswith(f"\n| limit {MOST_RECORDS}\n")
    assert name == LIMIT_RULE or LIMIT_RULE in text, "it says what reports that the limit is not enough"


def test_the_limit_is_reported_from_the_number_of_records_on_that_azure_monitor_reads() -> None:
    assert (RULES[LIMIT_RULE]["operator"], RULES[LIMIT_RULE]["threshold"]) == ("GreaterThanOrEqual", MOST_RECORDS)


@pytest.mark.parametrize("query", [query for query in QUERIES if "AppEvents" in query.text], ids=lambda one: one.name)
def test_a_query_asks_for_events_and_properties_that_the_app_reports(query: Query) -> None:
    events = documented("Events")
    named = set(re.findall(r'Name (?:==|in) \(?((?:"\w+"(?:, )?)+)', query.text))
    names = {name for part in named for name in re.findall(r'"(\w+)"', part)}
    properties = set(re.findall(r"Properties\.(\w+)", query.text)) | set(
        re.findall(r'Properties\["(\w+)"\]', query.text)
    )

    assert names
    assert names <= set(events)
    assert properties <= set().union(*(events[name] for name in names))


@pytest.mark.parametrize("query", [query for query in QUERIES if "AppMetrics" in query.text], ids=lambda one: one.name)
def test_a_query_asks_for_metrics_that_the_app_reports(query: Query) -> None:
    metrics = documented("Metrics")
    names = set(re.findall(r'"(\w+)"', query.text))

    assert names
    assert names <= set(metrics)
    assert set(re.findall(r"Properties\.(\w+)", query.text)) <= set().union(*(metrics[name] for name in names))


def test_reasons_that_pass_by_themselves_are_those_of_which_the_decisions_page_says_to_do_nothing() -> None:
    text = alert_query(RULES["profile-blocked"]).text
    [listed] = re.findall(r"reason !in \(([^)]+)\)", text)
    skipped = re.findall(r'"(\w+)"', listed)
    decisions = (ROOT / "docs/decisions.md").read_text()

    assert set(skipped) <= {reason.value for reason in Reason}
    for reason in skipped:
        [advice] = re.findall(rf"^\| `{reason}` \| [^|]+ \| ([^|]+) \|$", decisions, re.MULTILINE)
        assert advice.startswith("nothing;")
        assert f"`{reason}`" in section("profile-blocked")
