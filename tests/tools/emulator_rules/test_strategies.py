"""What the stages of an update strategy must not say, in a strategy and in a run alike."""

from __future__ import annotations

import pytest

from tests.tools.emulator_fleet.fleet_lab import FLEET, PREVIEW, FleetLab, JsonObject, a_run, a_stage
from tests.tools.emulator_rules.refusals import INVALID, WRONG_TYPE, assert_refused
from tools.emulator.update_runs.scheduled_start import DAYS
from tools.json_value import Json

NAME_RULE = (
    "must be 1 to 50 characters of lower-case letters, digits and dashes, and begin and end with a letter or digit."
)


def stage(**more: Json) -> JsonObject:
    return a_stage("a", "one", **more)


def in_group(**more: Json) -> JsonObject:
    return {"name": "a", "groups": [{"name": "one", **more}]}


def approval(**more: Json) -> Json:
    return [{"type": "Approval", **more}]


BROKEN: list[tuple[list[JsonObject], str, str]] = [
    ([], "stages", "A strategy needs at least one stage."),
    ([{"name": "a", "groups": []}], "stages[0].groups", "Stage 'a' needs at least one group."),
    ([{"name": "a"}], "stages[0].groups", "Stage 'a' needs at least one group."),
    ([{"groups": [{"name": "one"}]}], "stages[0].name", f"The name '' {NAME_RULE}"),
    ([a_stage("A", "one")], "stages[0].name", f"The name 'A' {NAME_RULE}"),
    ([a_stage("a", "o" * 51)], "stages[0].groups[0].name", f"The name '{'o' * 51}' {NAME_RULE}"),
    (
        [a_stage("a", "one"), a_stage("a", "two")],
        "stages[1].name",
        "The stage 'a' appears more than once in the strategy.",
    ),
    (
        [a_stage("a", "one", "one")],
        "stages[0].groups[1].name",
        "The group 'one' appears more than once in the strategy.",
    ),
    (
        [a_stage("a", "one"), a_stage("b", "one")],
        "stages[1].groups[0].name",
        "The group 'one' appears more than once in the strategy.",
    ),
    (
        [a_stage("a", *(f"g{number}" for number in range(51)))],
        "stages[0].groups",
        "Stage 'a' has 51 groups; it can have 50.",
    ),
    *(
        ([stage(maxConcurrency=text)], "stages[0].maxConcurrency", f"maxConcurrency '{text}' must be {rule}")
        for rule in ("a count from 1 to 50, or 1% to 100%.",)
        for text in ("51", "0", "", "101%", "0%", "5.5", "many")
    ),
    *(
        (
            [in_group(maxConcurrency=text)],
            "stages[0].groups[0].maxConcurrency",
            f"maxConcurrency '{text}' must be a count from 1 on, or 1% to 100%.",
        )
        for text in ("0", "-1", "101%")
    ),
    (
        [stage(afterStageWaitInSeconds=-1)],
        "stages[0].afterStageWaitInSeconds",
        "afterStageWaitInSeconds must be 0 to 2147483647, not -1.",
    ),
    (
        [stage(beforeGates=[{"displayName": "go?"}])],
        "stages[0].beforeGates[0].type",
        "'type' is required; it must be one of Approval.",
    ),
    (
        [in_group(afterGates=[{"type": "ScheduledStart"}])],
        "stages[0].groups[0].afterGates[0].type",
        "'ScheduledStart' is not a value of 'type'; it must be one of Approval.",
    ),
    *(
        (
            [in_group(beforeGates=approval(displayName=name))],
            "stages[0].groups[0].beforeGates[0].displayName",
            "displayName must have 1 to 100 characters.",
        )
        for name in ("", "x" * 101)
    ),
]
WRONG_TYPES: list[tuple[Json, str, str]] = [
    ({"stages": {}}, "strategy.stages", "'stages' must be a list."),
    ({"stages": ["a"]}, "strategy.stages[0]", "'stages[0]' must be an object."),
    ({"stages": [stage(maxConcurrency=7)]}, "strategy.stages[0].maxConcurrency", "'maxConcurrency' must be a text."),
    (
        {"stages": [stage(afterStageWaitInSeconds="60")]},
        "strategy.stages[0].afterStageWaitInSeconds",
        "'afterStageWaitInSeconds' must be a whole number.",
    ),
    (
        {"stages": [stage(afterStageWaitInSeconds=True)]},
        "strategy.stages[0].afterStageWaitInSeconds",
        "'afterStageWaitInSeconds' must be a whole number.",
    ),
    ({"stages": [{"name": "a", "groups": ["x"]}]}, "strategy.stages[0].groups[0]", "'groups[0]' must be an object."),
    ({"stages": [{"name": 1, "groups": []}]}, "strategy.stages[0].name", "'name' must be a text."),
    ({"stages": [stage(beforeGates={})]}, "strategy.stages[0].beforeGates", "'beforeGates' must be a list."),
    ([], "strategy", "'strategy' must be an object."),
]


@pytest.mark.parametrize(("stages", "target", "message"), BROKEN)
def test_stages_that_break_a_rule_are_refused_in_a_strategy_and_in_a_run(
    lab: FleetLab, stages: list[JsonObject], target: str, message: str
) -> None:
    strategy: JsonObject = {"stages": [*stages]}
    bodies: dict[str, JsonObject] = {
        "/updateStrategies/s": {"strategy": strategy},
        "/updateRuns/r": a_run(strategy=strategy),
    }
    for path, properties in bodies.items():
        response = lab.send("PUT", path, {"properties": properties})
        assert_refused(response, 400, INVALID, message, f"properties.strategy.{target}")


@pytest.mark.parametrize(("strategy", "target", "message"), WRONG_TYPES)
def test_another_json_type_is_refused_with_the_fields_path(
    lab: FleetLab, strategy: Json, target: str, message: str
) -> None:
    response = lab.send("PUT", "/updateStrategies/s", {"properties": {"strategy": strategy}})

    assert_refused(response, 400, WRONG_TYPE, message, f"properties.{target}")


def test_a_strategy_without_one_is_refused(lab: FleetLab) -> None:
    bodies: list[Json] = [{}, {"properties": None}, {"properties": {"strategy": None}}]
    for body in bodies:
        response = lab.send("PUT", "/updateStrategies/s", body)
        message = "A strategy needs at least one stage."
        assert_refused(response, 400, INVALID, message, "properties.strategy.stages")


@pytest.mark.parametrize(
    "stages",
    [
        [a_stage("a", *(f"g{number}" for number in range(50)))],
        [stage(maxConcurrency="50")],
        [stage(maxConcurrency="100%", afterStageWaitInSeconds=0)],
        [in_group(maxConcurrency="60")],
        [in_group(maxConcurrency="1%", beforeGates=approval(displayName="x" * 100), afterGates=approval())],
        [stage(beforeGates=[], afterGates=approval(displayName="done?"))],
    ],
)
def test_stages_within_the_rules_are_kept_as_they_were_sent(lab: FleetLab, stages: list[JsonObject]) -> None:
    shown = lab.put("/updateStrategies/s", {"strategy": {"stages": [*stages]}, "provisioningState": "Failed"})

    assert shown["properties"] == {"provisioningState": "Succeeded", "strategy": {"stages": stages}}


@pytest.mark.parametrize("allowed", ["101%", "-1", "", "1.5"])
def test_allowed_failures_are_a_count_or_a_percentage(lab: FleetLab, allowed: str) -> None:
    body: Json = {"properties": {"strategy": {"stages": [stage(maxAllowedFailures=allowed)]}}}
    response = lab.send("PUT", "/updateStrategies/s", body, api=PREVIEW)

    message = f"maxAllowedFailures '{allowed}' must be a count from 0 on, or 0% to 100%."
    assert_refused(response, 400, INVALID, message, "properties.strategy.stages[0].maxAllowedFailures")


@pytest.mark.parametrize(
    ("part", "where"),
    [
        (stage(maxAllowedFailures="1"), "stages[0].maxAllowedFailures"),
        (stage(memberSelector={"byLabel": "a"}), "stages[0].memberSelector"),
        (in_group(memberSelector={"byLabel": "a"}), "stages[0].groups[0].memberSelector"),
        (in_group(maxAllowedFailures="1"), "stages[0].groups[0].maxAllowedFailures"),
    ],
)
def test_fields_of_the_preview_are_refused_elsewhere_with_the_api_version_to_use(
    lab: FleetLab, part: JsonObject, where: str
) -> None:
    body: Json = {"properties": {"strategy": {"stages": [part]}}}
    response = lab.send("PUT", "/updateStrategies/s", body)

    name = where.rpartition(".")[2]
    message = f"'{name}' does not exist in api-version 2026-06-01; use 2026-06-02-preview."
    assert_refused(response, 400, INVALID, message, f"properties.strategy.{where}")
    assert lab.send("PUT", "/updateStrategies/s", body, api=PREVIEW).status_code == 201


def test_gates_are_refused_before_2025_04_01_preview(lab: FleetLab) -> None:
    body: Json = {"properties": {"strategy": {"stages": [stage(beforeGates=approval())]}}}
    response = lab.send("PUT", "/updateStrategies/s", body, api="api-version=2025-03-01")

    message = "'beforeGates' does not exist in api-version 2025-03-01; use 2025-04-01-preview."
    assert_refused(response, 400, INVALID, message, "properties.strategy.stages[0].beforeGates")


def scheduled(**more: Json) -> Json:
    schedule: JsonObject = {"startDay": "Monday", "startTime": "22:30", "utcOffset": "+02:00", **more}
    return [{"type": "ScheduledStart", "scheduledStartConfiguration": schedule}]


GATE = "stages[0].beforeGates[0]"
SCHEDULE = f"{GATE}.scheduledStartConfiguration"


@pytest.mark.parametrize(
    ("part", "target", "message"),
    [
        *(
            (
                stage(memberSelector={"byLabel": text}),
                "stages[0].memberSelector.byLabel",
                f"byLabel '{text}' must be a Kubernetes label selector such as env=prod.",
            )
            for text in ("", "env in prod", "env=a b", "e" * 513)
        ),
        (
            in_group(memberSelector={}),
            "stages[0].groups[0].memberSelector.byLabel",
            "byLabel '' must be a Kubernetes label selector such as env=prod.",
        ),
        (
            stage(beforeGates=[{"type": "ScheduledStart"}]),
            SCHEDULE,
            "scheduledStartConfiguration is required for gates of type ScheduledStart.",
        ),
        (
            stage(beforeGates=[{"type": "Approval", "scheduledStartConfiguration": {}}]),
            SCHEDULE,
            "scheduledStartConfiguration is for gates of type ScheduledStart only.",
        ),
        (
            stage(beforeGates=scheduled(startDay="Someday")),
            f"{SCHEDULE}.startDay",
            f"'Someday' is not a value of 'startDay'; it must be one of {', '.join(DAYS)}.",
        ),
        *(
            (
                stage(beforeGates=scheduled(startTime=text)),
                f"{SCHEDULE}.startTime",
                f"startTime '{text}' must be in the form 22:30.",
            )
            for text in ("24:00", "9:30", "")
        ),
        *(
            (
                stage(beforeGates=scheduled(utcOffset=text)),
                f"{SCHEDULE}.utcOffset",
                f"utcOffset '{text}' must be in the form +02:00.",
            )
            for text in ("02:00", "+14:30", "Z")
        ),
        (
            in_group(maxAllowedFailures="101%"),
            "stages[0].groups[0].maxAllowedFailures",
            "maxAllowedFailures '101%' must be a count from 0 on, or 0% to 100%.",
        ),
    ],
)
def test_selectors_and_scheduled_gates_that_break_a_rule_are_refused(
    lab: FleetLab, part: JsonObject, target: str, message: str
) -> None:
    body: Json = {"properties": {"strategy": {"stages": [part]}}}
    response = lab.send("PUT", "/updateStrategies/s", body, api=PREVIEW)

    assert_refused(response, 400, INVALID, message, f"properties.strategy.{target}")


def test_a_strategy_in_use_is_deleted_and_the_run_keeps_its_copy(lab: FleetLab) -> None:
    strategy_id = f"{FLEET}/updateStrategies/staged"
    lab.put("/autoUpgradeProfiles/p", {"channel": "Rapid", "updateStrategyId": strategy_id})
    lab.put("/updateRuns/r", a_run(updateStrategyId=strategy_id))
    response = lab.send("DELETE", "/updateStrategies/staged")

    assert (response.status_code, response.content) == (200, b"")
    assert lab.run("r")["strategy"] == {"stages": [a_stage("all", "one", "two")]}
    assert lab.send("GET", "/autoUpgradeProfiles/p").json()["properties"]["updateStrategyId"] == strategy_id
