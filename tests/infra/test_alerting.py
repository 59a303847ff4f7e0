"""Alerts come with the app, reach people and the app, and wait for the first detection where they have to."""

from __future__ import annotations

import json

import pytest

from tests.infra.alerts.evaluation import RULES
from tests.infra.predictions import WITH_THE_APP, each_way_with_the_app, prediction, without
from tools.checks.infra.expression import Call, calls_in
from tools.checks.infra.laws.queries import find_missing_rules, query_files, rule_name
from tools.checks.infra.laws.roles import ALERTS
from tools.checks.infra.prediction import Prediction, Resource, values_at
from tools.checks.infra.sources import INFRA
from tools.checks.kusto.queries import rule_definitions

LOG_RULE = "Microsoft.Insights/scheduledQueryRules"
METRIC_RULE = "Microsoft.Insights/metricAlerts"
AFTER_FIRST = {name for name, rule in RULES.items() if rule.get("afterFirstDetection")}
PLATFORM: list[dict[str, str]] = json.loads((INFRA / "alerts" / "platform-alerts.json").read_text())
GROUPS_OF_PEOPLE = {
    "default": 1,
    "several-subscriptions": 1,
    "management-groups": 1,
    "private-network": 1,
    "no-mail": 0,
    "everything": 2,
}
"""How many action groups get each alert: the mail address, and the group that exists already."""


def rule(way: str, name: str) -> Resource:
    files = query_files()
    return next(one for one in prediction(way).of_type(LOG_RULE) if rule_name(one, files) == name)


def groups_of(found: Resource) -> list[str]:
    properties = dict(found.properties)
    named = [*values_at(properties, "actions", "actionGroups"), *values_at(properties, "actions", "actionGroupId")]
    return [str(one) for one in named]


def acting() -> tuple[Resource, Resource]:
    """The action group that calls the app, and the processing rule that adds it."""
    found = prediction("events-elsewhere")
    [group] = found.of_type("Microsoft.Insights/actionGroups")
    [processing] = found.of_type("Microsoft.AlertsManagement/actionRules")
    return group, processing


@each_way_with_the_app
def test_every_rule_comes_with_the_app_but_those_that_wait_for_a_detection(way: str) -> None:
    assert list(find_missing_rules(prediction(way), query_files(), set(RULES) - AFTER_FIRST)) == []


def test_rules_on_missing_detections_come_once_a_detection_has_succeeded() -> None:
    assert {"detection-silent", "reconcile-silent"} == AFTER_FIRST
    assert list(find_missing_rules(prediction("events-elsewhere"), query_files(), AFTER_FIRST)) == []
    assert list(find_missing_rules(prediction("events"), query_files(), set())) == []


def test_a_rule_that_is_missing_or_comes_too_soon_is_caught() -> None:
    fewer: Prediction = without(prediction("default"), LOG_RULE)
    expected = {str(rule_name(one, query_files())) for one in prediction("default").of_type(LOG_RULE)}
    [name] = expected - {str(rule_name(one, query_files())) for one in fewer.of_type(LOG_RULE)}

    assert list(find_missing_rules(fewer, query_files(), expected)) == [f"the rule {name} is not deployed"]
    assert list(find_missing_rules(prediction("default"), query_files(), expected - {name})) == [
        f"the rule {name} is deployed"
    ]


@each_way_with_the_app
def test_alerts_of_the_platform_come_with_the_app(way: str) -> None:
    names = [str(one.name) for one in prediction(way).of_type(METRIC_RULE)]

    assert [name.rpartition(f"-{one['name']}")[1][1:] for name, one in zip(names, PLATFORM, strict=True)] == [
        one["name"] for one in PLATFORM
    ]


@each_way_with_the_app
def test_every_alert_reaches_the_same_people(way: str) -> None:
    rules = prediction(way).of_type(LOG_RULE) + prediction(way).of_type(METRIC_RULE)

    assert {len(groups_of(one)) for one in rules} == {GROUPS_OF_PEOPLE[way]}
    assert set(GROUPS_OF_PEOPLE) == set(WITH_THE_APP)


def test_of_alerting_only_the_mail_depends_on_a_choice() -> None:
    def kinds(way: str) -> set[str]:
        return {resource.type for resource in prediction(way).resources}

    assert kinds("default") - kinds("no-mail") == {"Microsoft.Insights/actionGroups"}


def test_rules_over_resource_graph_run_as_the_identity_of_the_alerts_and_the_others_as_none() -> None:
    for name, definition in RULES.items():
        if name not in AFTER_FIRST:
            identities = list(values_at(dict(rule("default", name).body), "identity", "userAssignedIdentities"))
            expected = 1 if definition["source"] == "resourceGraph" else 0
            assert len([one for one in identities if "/id-alerts-" in str(one)]) == expected, (name, ALERTS)


def test_a_rule_is_deployed_as_its_definition_says() -> None:
    for definition in rule_definitions():
        way = "events-elsewhere" if definition["name"] in AFTER_FIRST else "default"
        properties = rule(way, definition["name"]).properties
        deployed = {key: properties[key] for key in ("severity", "evaluationFrequency", "windowSize")}
        assert deployed == {key: definition[key] for key in deployed}  # type: ignore[literal-required]
        assert properties["displayName"] == definition["title"]
        [threshold] = values_at(dict(properties), "criteria", "allOf", "threshold")
        assert threshold == definition["threshold"]


def test_a_rule_that_is_changed_by_a_parameter_has_the_other_value() -> None:
    [threshold] = values_at(dict(rule("everything", "run-pending").properties), "criteria", "allOf", "threshold")

    assert (threshold, rule("everything", "gate-waiting").properties["enabled"]) == (1, False)


def test_each_description_leads_to_its_section_of_a_published_runbook() -> None:
    described = {name: str(rule("everything", name).properties["description"]) for name in set(RULES) - AFTER_FIRST}

    assert [name for name, text in described.items() if f" https://example.com/runbook#{name}" not in text] == []


def test_the_rules_that_make_the_app_act_carry_the_word_that_the_processing_rule_looks_for() -> None:
    _, processing = acting()
    [[word]] = [
        list(values_at(condition, "values"))
        for condition in values_at(dict(processing.properties), "conditions")
        if list(values_at(condition, "field")) == ["Description"]
    ]
    with_word = {
        name for name in set(RULES) - AFTER_FIRST if str(word) in str(rule("default", name).properties["description"])
    }

    assert with_word == {name for name, one in RULES.items() if one["customProperties"]}
    assert " " not in str(word), "filters are said to mind spaces"


def test_an_alert_that_acts_calls_the_function_for_alerts_with_the_key_of_that_function_alone() -> None:
    group, processing = acting()
    [receiver] = values_at(dict(group.properties), "azureFunctionReceivers")
    keys = [call for call in calls_in(receiver) if call.name.startswith("list")]

    assert isinstance(receiver, dict)
    assert receiver["functionName"] == "alerts"
    assert receiver["useCommonAlertSchema"] is True
    assert [str(key.arguments[0]).partition("/sites/")[2] for key in keys] == ["func-abcdefghijklm/functions/alerts"]
    assert list(values_at(dict(processing.properties), "actions", "actionGroupIds")) == [group.id]


def test_unless_alerts_may_act_no_key_leaves_the_app() -> None:
    for way in ("events", *WITH_THE_APP):
        asked = [call for one in prediction(way).resources for call in calls_in(dict(one.body)) if _asks(call)]
        assert asked == []
    assert prediction("events").of_type("Microsoft.AlertsManagement/actionRules") == []


def _asks(call: Call) -> bool:
    return call.name.startswith("list")


@pytest.mark.parametrize("name", ["metric", "severity"])
def test_a_metric_alert_is_deployed_as_its_definition_says(name: str) -> None:
    deployed = [
        next(values_at(dict(one.properties), "criteria", "allOf", "metricName"), None)
        if name == "metric"
        else one.properties[name]
        for one in prediction("default").of_type(METRIC_RULE)
    ]

    assert deployed == [one[name] for one in PLATFORM]
