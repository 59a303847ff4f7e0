"""Alerts are deployed with the app, reach people and the app, and see what Event Grid gives up."""

import ast
import json
import re
from collections.abc import Iterator, Mapping

from tests.infra.alerts.evaluation import RULES
from tools.checks.infra.template import INFRA, Template, mappings_in, object_in, read_template, template_paths
from tools.paths import ROOT

MODULES = INFRA / "modules"
MAIN = read_template(INFRA / "main.bicep")
AFTER_THE_CODE = read_template(INFRA / "event-subscriptions.bicep")
RULES_TEMPLATE = read_template(MODULES / "alert-rules.bicep")
ACTING = read_template(MODULES / "acting-alerts.bicep")


def called_by(template: Template) -> set[str]:
    return {module.path.name for module in template.modules()}


def conditional_modules(template: Template) -> dict[str, str]:
    """The modules that may be left out, each with the name of the parameter it hangs on."""
    found = {}
    for name, declared in template.section("modules").items():
        condition = object_in(declared, "config").get("condition")
        if condition is not None:
            [parameter] = [one for one in template.section("parameters") if f"'{one}'" in repr(condition)]
            found[name] = parameter
    return found


def resources_of(template: Template, kind: str) -> Iterator[Mapping[str, object]]:
    """The properties of each resource of one type that the template makes."""
    for resource in template.section("resources").values():
        if resource["type"] == kind and not resource["existing"]:
            yield object_in(object_in(resource, "config"), "properties")


def test_every_module_is_called_by_a_template() -> None:
    called = set().union(*(called_by(read_template(path)) for path in template_paths()))

    assert {path.name for path in MODULES.glob("*.bicep")} == called


def test_alerts_the_workbook_and_what_they_need_come_with_the_app() -> None:
    assert called_by(MAIN) >= {
        "monitoring.bicep",
        "topic-metrics.bicep",
        "alerts.bicep",
        "alert-identity.bicep",
        "alert-reader-in-subscription.bicep",
        "alert-reader-in-management-group.bicep",
        "alert-rules.bicep",
        "workbook.bicep",
    }


def test_of_alerting_only_the_mail_hangs_on_a_choice() -> None:
    conditional = conditional_modules(MAIN)

    assert {name for name, parameter in conditional.items() if parameter != "privateNetwork"} == {"people"}
    assert conditional["people"] == "alertEmail"


def test_the_identity_of_the_rules_may_read_wherever_the_app_has_its_role() -> None:
    loops = {
        name: object_in(object_in(object_in(declared, "config"), "loop_type"), "detail").get("array_name")
        for name, declared in MAIN.section("modules").items()
    }

    assert loops["subscriptionAlertReaders"] == loops["subscriptionRoles"]
    assert loops["managementGroupAlertReaders"] == loops["managementGroupRoles"]


def test_the_identity_of_the_rules_has_no_role_but_readers() -> None:
    roles = {
        (path.name, name): variable["value"]
        for path in MODULES.glob("alert-*.bicep")
        for name, variable in read_template(path).section("variables").items()
        if name.endswith("Role")
    }

    assert roles == {
        ("alert-identity.bicep", "readerRole"): "73c42c96-874c-492b-b04d-ab87d138a893",  # Log Analytics Reader
        ("alert-reader-in-subscription.bicep", "readerRole"): "acdd72a7-3385-48ef-bd42-f606fba81ae7",  # Reader
        ("alert-reader-in-management-group.bicep", "readerRole"): "acdd72a7-3385-48ef-bd42-f606fba81ae7",
    }


def test_every_topic_sends_its_metrics_to_the_workspace_where_an_alert_counts_dead_letters() -> None:
    templates = [read_template(path) for path in template_paths()]
    sent = {
        template.path.name: [*resources_of(template, "Microsoft.Insights/diagnosticSettings")] for template in templates
    }
    with_topics = {
        template.path.name
        for template in templates
        if any([*resources_of(template, f"Microsoft.EventGrid/{kind}")] for kind in ("topics", "systemTopics"))
    }
    everything = {"workspaceId": "workspaceId", "metrics": [{"category": "AllMetrics", "enabled": True}]}

    assert with_topics == {"topic.bicep", "cluster-topic.bicep", "gate-topic.bicep"}
    assert {name: settings for name, settings in sent.items() if settings} == {
        "topic-metrics.bicep": [everything],
        "cluster-topic.bicep": [everything],
        "gate-topic.bicep": [everything],
    }


def test_the_rules_that_make_the_app_act_carry_the_word_that_the_processing_rule_looks_for() -> None:
    word = RULES_TEMPLATE.section("variables")["actingWord"]["value"]
    [processing] = resources_of(ACTING, "Microsoft.AlertsManagement/actionRules")

    assert ACTING.section("variables")["actingWord"]["value"] == word
    assert processing["conditions"] == [
        {"field": "Description", "operator": "Contains", "values": ["actingWord"]},
        {"field": "MonitorCondition", "operator": "Equals", "values": ["Fired"]},
    ]
    assert "empty(rule.customProperties) ? [] : [actingWord]" in RULES_TEMPLATE.text
    assert " " not in str(word), "filters are said to mind spaces"
    assert [name for name, rule in RULES.items() if str(word) in rule["description"] + name] == []


def test_an_alert_that_acts_calls_the_function_for_alerts_with_the_key_of_that_function() -> None:
    [group] = resources_of(ACTING, "Microsoft.Insights/actionGroups")
    [receiver] = [one for one in mappings_in(group["azureFunctionReceivers"]) if "httpTriggerUrl" in one]
    function = object_in(ACTING.section("resources")["receiver"], "config")

    assert receiver["functionName"] == function["name"] == "alerts"
    assert receiver["useCommonAlertSchema"] is True
    assert receiver["httpTriggerUrl"] == (
        "https://${functionAppHostName}/api/alerts?code=${receiver.listKeys().default}"
    )
    assert "route='alerts'" in ast.unparse(ast.parse((ROOT / "functions/alerts.py").read_text()))


def test_without_acting_the_group_has_no_key_and_nothing_adds_it() -> None:
    [group] = resources_of(ACTING, "Microsoft.Insights/actionGroups")
    [processing] = resources_of(ACTING, "Microsoft.AlertsManagement/actionRules")
    [choice] = [one for one in mappings_in(group["azureFunctionReceivers"]) if "false_value" in one]

    assert (choice["condition"], choice["false_value"]) == ("isOn", [])
    assert processing["enabled"] == group["enabled"] == "isOn"


def test_what_the_runbook_says_of_changing_a_rule_is_what_the_template_takes() -> None:
    runbook = (ROOT / "docs/runbook.md").read_text()
    [example] = re.findall(r"```json\n\"alertOverrides\": (.*?)\n```", runbook, re.DOTALL)
    [sentence] = re.findall(r"^A rule may be given (.*?)\n\n", runbook, re.DOTALL | re.MULTILINE)
    names = set(re.findall(r"`(\w+)`", sentence))
    overrides = json.loads(example)["value"]

    assert set(overrides) <= set(RULES)
    assert {name for one in overrides.values() for name in one} <= names
    assert names <= set(re.findall(r"\brule\.(\w+)", RULES_TEMPLATE.text))


def test_a_rule_tells_the_groups_of_all_rules_and_its_own() -> None:
    assert "      actionGroups: concat(actionGroupIds, rule.actionGroupIds)\n" in RULES_TEMPLATE.text


def test_alerts_act_unless_told_otherwise_and_are_bound_after_the_code() -> None:
    assert AFTER_THE_CODE.section("parameters")["alertsAct"]["default"] is True
    assert "acting-alerts.bicep" in called_by(AFTER_THE_CODE)
    assert "acting-alerts.bicep" not in called_by(MAIN)


def test_the_worker_is_told_of_open_telemetry_as_the_host_is() -> None:
    host = json.loads((ROOT / "host.json").read_text())
    settings = {
        entry["name"]: entry["value"]
        for entry in mappings_in(list(read_template(MODULES / "app.bicep").section("variables").values()))
        if set(entry) == {"name", "value"}
    }

    assert host["telemetryMode"] == "OpenTelemetry"
    assert settings["PYTHON_ENABLE_OPENTELEMETRY"] == "true"
    assert settings["APPLICATIONINSIGHTS_CONNECTION_STRING"] == "applicationInsightsConnectionString"


def test_the_app_may_send_telemetry_with_its_identity() -> None:
    monitoring = read_template(MODULES / "monitoring.bicep")
    [assignment] = resources_of(monitoring, "Microsoft.Authorization/roleAssignments")

    assert monitoring.section("variables")["publisherRole"]["value"] == "3913510d-42f4-4e42-8a64-420c390055eb"
    assert assignment["principalId"] == "appPrincipalId"
