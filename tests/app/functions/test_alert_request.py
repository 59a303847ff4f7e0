"""What an alert requests, in which fields, and which errors name the field that is wrong."""

from __future__ import annotations

import json
from typing import cast

import pytest

from functions.http.alert_request import Alert, read_alert
from shared.errors import InvalidInputError
from shared.use_cases.act_on_alert import EvaluateProfiles, GenerateRun
from tests.app.builders.alerts import WORKSPACE, Json, JsonObject, an_alert

FLEET = "/subscriptions/s/resourceGroups/g/providers/Microsoft.ContainerService/fleets/retail"
OTHER_FLEET = f"{FLEET}-two"
PROFILE = f"{FLEET}/autoUpgradeProfiles/rapid"
OTHER_PROFILE = f"{FLEET}/autoUpgradeProfiles/lab"
RUN = f"{FLEET}/updateRuns/auto-1"
CLUSTER = "/subscriptions/s/resourceGroups/g/providers/Microsoft.ContainerService/managedClusters/one"
ESSENTIALS = "data.essentials"
PROPERTIES = "data.customProperties"
DIMENSIONS = "data.alertContext.condition.allOf[0].dimensions"


def read(content: Json) -> Alert:
    return read_alert(json.dumps(content).encode())


def targets(content: JsonObject) -> list[str]:
    """The ids of what is to be evaluated."""
    request = read(content).request
    assert isinstance(request, EvaluateProfiles)
    return [target.id.text for target in request.targets]


def refusal(content: Json) -> InvalidInputError:
    with pytest.raises(InvalidInputError) as caught:
        read(content)
    return caught.value


def section(content: JsonObject, *path: str) -> JsonObject:
    """A part of the alert, to be changed in place."""
    for name in path:
        content = cast("JsonObject", content[name])
    return content


def changed(path: str, value: Json) -> JsonObject:
    """An alert about the fleet with one field of another value, or one field more."""
    content = an_alert(about=[FLEET])
    *parents, name = path.split(".")
    section(content, *parents)[name] = value
    return content


def without(path: str) -> JsonObject:
    """An alert about the fleet that lacks a field."""
    content = an_alert(about=[FLEET])
    *parents, name = path.split(".")
    del section(content, *parents)[name]
    return content


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (an_alert(properties={"fleetId": FLEET}), [FLEET]),
        (an_alert(properties={"profileId": PROFILE}), [PROFILE]),
        (an_alert(about=[FLEET]), [FLEET]),
        (an_alert(about=[PROFILE]), [PROFILE]),
        (an_alert(about=[RUN]), [FLEET]),
        (an_alert(about=[f"{FLEET}/members/one"]), [FLEET]),
        (an_alert(about=[FLEET, OTHER_FLEET]), [FLEET, OTHER_FLEET]),
        (an_alert(items=["logs", "", FLEET]), [FLEET]),
        (an_alert(about=[CLUSTER, FLEET], items=[PROFILE]), [FLEET, PROFILE]),
        (an_alert(dimensions={"profile_id": PROFILE}), [PROFILE]),
        (an_alert(dimensions={"fleet_id": FLEET}), [FLEET]),
        (an_alert(dimensions={"run_id": RUN}), [FLEET]),
        (an_alert(dimensions={"reason": "RunFailed", "run_id": RUN}), [FLEET]),
    ],
)
def test_the_target_is_found_wherever_an_alert_may_name_it(content: JsonObject, expected: list[str]) -> None:
    assert targets(content) == expected


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (an_alert(properties={"fleetId": FLEET}, about=[OTHER_FLEET]), [FLEET]),
        (an_alert(about=[FLEET], dimensions={"fleet_id": OTHER_FLEET}), [FLEET]),
        (an_alert(dimensions={"run_id": RUN, "fleet_id": OTHER_FLEET, "profile_id": PROFILE}), [PROFILE]),
        (an_alert(dimensions={"run_id": RUN, "fleet_id": OTHER_FLEET, "profile_id": ""}), [OTHER_FLEET]),
    ],
)
def test_the_nearest_place_that_names_a_target_counts(content: JsonObject, expected: list[str]) -> None:
    assert targets(content) == expected


def test_ids_are_compared_without_case_and_each_counts_once() -> None:
    assert targets(an_alert(about=[FLEET.lower(), FLEET, FLEET.upper()])) == [FLEET.lower()]


def test_every_condition_of_an_alert_may_name_a_target() -> None:
    content = an_alert(dimensions={"profile_id": PROFILE})
    conditions = cast("list[Json]", section(content, "data", "alertContext", "condition")["allOf"])
    conditions.append({"dimensions": [{"name": "profile_id", "value": OTHER_PROFILE}]})
    conditions.append({"dimensions": None})

    assert targets(content) == [PROFILE, OTHER_PROFILE]


def test_custom_properties_may_be_in_the_context_of_a_log_or_metric_alert() -> None:
    content = an_alert()
    section(content, "data", "alertContext")["properties"] = {"fleetId": FLEET}

    assert targets(content) == [FLEET]

    section(content, "data", "alertContext")["properties"] = {"fleetID": FLEET}
    assert refusal(content).field == "data.alertContext.properties.fleetID"


def test_the_properties_in_the_context_of_an_activity_log_alert_are_azures_own() -> None:
    content = an_alert(about=[RUN])
    section(content, "data")["alertContext"] = {"channels": "Operation", "properties": {"statusCode": "Created"}}
    del section(content, "data", "essentials")["configurationItems"]
    del section(content, "data")["customProperties"]

    assert targets(content) == [FLEET]


@pytest.mark.parametrize(
    ("properties", "start"),
    [
        ({"action": "generateUpdateRun", "profileId": PROFILE}, False),
        ({"action": "generateUpdateRun", "profileId": PROFILE, "start": "false"}, False),
        ({"action": "generateUpdateRun", "profileId": PROFILE, "start": "true"}, True),
    ],
)
def test_a_rule_may_ask_for_the_run_of_a_profile_for_review_unless_it_says_start(
    properties: JsonObject, start: bool
) -> None:
    request = read(an_alert(properties=properties)).request

    assert isinstance(request, GenerateRun)
    assert (request.profile.id.text, request.start) == (PROFILE, start)


def test_the_profile_to_generate_from_may_come_from_a_dimension() -> None:
    request = read(
        an_alert(properties={"action": "generateUpdateRun"}, dimensions={"profile_id": PROFILE, "run_id": RUN})
    ).request

    assert isinstance(request, GenerateRun)
    assert request.profile.id.text == PROFILE


@pytest.mark.parametrize(
    ("content", "field"),
    [
        (an_alert(properties={"action": "generateUpdateRun"}, about=[FLEET]), f"{ESSENTIALS}.alertTargetIDs[0]"),
        (
            an_alert(properties={"action": "generateUpdateRun"}, about=[PROFILE, OTHER_PROFILE]),
            f"{ESSENTIALS}.alertTargetIDs[0]",
        ),
        (
            an_alert(properties={"action": "generateUpdateRun"}, about=[FLEET, PROFILE, OTHER_PROFILE]),
            f"{ESSENTIALS}.alertTargetIDs[1]",
        ),
        (an_alert(properties={"action": "generateUpdateRun", "fleetId": FLEET}), f"{PROPERTIES}.fleetId"),
    ],
)
def test_a_run_is_generated_from_one_profile_only(content: JsonObject, field: str) -> None:
    error = refusal(content)

    assert error.field == field
    assert error.expected == "one auto-upgrade profile for the action generateUpdateRun"


def test_without_an_action_evaluating_is_requested() -> None:
    assert read(an_alert(about=[FLEET])) == read(an_alert(about=[FLEET], properties={"action": "evaluate"}))


@pytest.mark.parametrize("properties", [None, {"action": "upgradeEverything"}])
def test_a_resolved_alert_asks_for_nothing_and_no_more_of_it_is_read(properties: JsonObject | None) -> None:
    assert read(an_alert(condition="Resolved", properties=properties)) == Alert("clusters-behind", request=None)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ([], "body is []; expected a JSON object"),
        ({}, "schemaId is missing; expected azureMonitorCommonAlertSchema: switch on the common alert schema"),
        ({"schemaId": "AzureMonitorMetricAlert", "data": {}}, "schemaId is 'AzureMonitorMetricAlert'; expected azure"),
        (changed("version", "1.35.6"), "body.version is '1.35.6'; expected no other property than schemaId, data"),
        (changed("data", None), "data is missing; expected a JSON object"),
        (changed("data.version", "1.35.6"), "data.version is '1.35.6'; expected no other property than essentials, "),
        (changed("data.essentials", "none"), f"{ESSENTIALS} is 'none'; expected a JSON object"),
        (changed("data.alertContext", []), "data.alertContext is []; expected a JSON object"),
        (changed("data.customProperties", "fleet"), f"{PROPERTIES} is 'fleet'; expected a JSON object"),
        (without("data.essentials.alertId"), f"{ESSENTIALS}.alertId is missing; expected a text"),
        (changed("data.essentials.alertRule", 7), f"{ESSENTIALS}.alertRule is 7; expected a text"),
        (without("data.essentials.monitorCondition"), f"{ESSENTIALS}.monitorCondition is missing; expected Fired or "),
        (changed("data.essentials.monitorCondition", "New"), "monitorCondition is 'New'; expected Fired or Resolved"),
        (without("data.essentials.alertTargetIDs"), f"{ESSENTIALS}.alertTargetIDs is missing; expected a JSON array"),
        (changed("data.essentials.alertTargetIDs", FLEET), "alertTargetIDs is '/subscriptions/"),
        (an_alert(about=[FLEET, 1], properties={"fleetId": FLEET}), "alertTargetIDs[1] is 1; expected a text"),
        (changed("data.essentials.configurationItems", [1]), "configurationItems[0] is 1; expected a text"),
        (an_alert(properties={"acton": "evaluate"}), f"{PROPERTIES}.acton is 'evaluate'; expected no other property "),
        (an_alert(about=[FLEET], properties={"action": "upgrade"}), "action is 'upgrade'; expected evaluate or gen"),
        (an_alert(about=[FLEET], properties={"start": "true"}), "start is 'true'; expected start only with the action"),
        (
            an_alert(properties={"action": "generateUpdateRun", "profileId": PROFILE, "start": True}),
            f'{PROPERTIES}.start is True; expected the text "true" or "false"',
        ),
        (an_alert(properties={"fleetId": None}), f"{PROPERTIES}.fleetId is missing; expected a text"),
        (an_alert(properties={"fleetId": "retail"}), f"{PROPERTIES}.fleetId is 'retail'; expected /subscriptions/"),
        (an_alert(properties={"fleetId": PROFILE}), "expected the id of a resource of type microsoft.containerservice"),
        (an_alert(properties={"profileId": FLEET}), "fleets/autoupgradeprofiles"),
        (an_alert(properties={"fleetId": FLEET, "profileId": PROFILE}), "expected fleetId or profileId, not both"),
        (an_alert(dimensions={"run_id": "auto-1"}), f"{DIMENSIONS}[0].value is 'auto-1'; expected /subscriptions/"),
        (an_alert(dimensions={"fleet_id": PROFILE}), f"{DIMENSIONS}[0].value is '/subscriptions/"),
    ],
)
def test_anything_else_is_refused_with_the_field_its_value_and_what_would_be_right(content: Json, message: str) -> None:
    assert message in refusal(content).explanation


@pytest.mark.parametrize("body", [b"", b"{", b"\xff"])
def test_a_body_that_is_no_json_is_refused(body: bytes) -> None:
    with pytest.raises(InvalidInputError, match="expected JSON"):
        read_alert(body)


def test_the_error_of_an_alert_about_no_fleet_names_the_fields_that_were_read() -> None:
    assert refusal(an_alert(dimensions={"computer": "one"})).explanation == (
        f"{ESSENTIALS}.alertTargetIDs is ['{WORKSPACE}']; expected the id of a fleet or of something in one, here or"
        " in the configuration items, or the custom property fleetId or profileId, or a dimension called profile_id or"
        " fleet_id or run_id"
    )


@pytest.mark.parametrize("path", ["data.essentials.investigationLink", "data.alertContext.future"])
def test_what_azure_adds_to_its_own_sections_is_no_obstacle(path: str) -> None:
    assert targets(changed(path, "new")) == [FLEET]
