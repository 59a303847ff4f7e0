"""What an auto-upgrade profile must not say, and what becomes of its runs when it changes."""

from __future__ import annotations

import pytest

from tests.tools.emulator_fleet.fleet_lab import FLEET, PREVIEW, FleetLab, JsonObject
from tests.tools.emulator_rules.refusals import INVALID, WRONG_TYPE, assert_refused
from tools.json_value import Json

STRATEGY = f"{FLEET}/updateStrategies/staged"
CHANNELS = "Stable, Rapid, NodeImage, TargetKubernetesVersion"
TARGETED: JsonObject = {"channel": "TargetKubernetesVersion"}


@pytest.mark.parametrize(
    ("properties", "target", "message"),
    [
        ({}, "channel", f"'channel' is required; it must be one of {CHANNELS}."),
        ({"channel": "Fast"}, "channel", f"'Fast' is not a value of 'channel'; it must be one of {CHANNELS}."),
        ({"channel": "rapid"}, "channel", f"'rapid' is not a value of 'channel'; it must be one of {CHANNELS}."),
        (
            {"channel": "SecurityPatch"},
            "channel",
            "channel 'SecurityPatch' does not exist in api-version 2026-06-01; use 2026-06-02-preview.",
        ),
        (
            TARGETED,
            "targetKubernetesVersion",
            "targetKubernetesVersion is required for channel TargetKubernetesVersion.",
        ),
        (
            {**TARGETED, "targetKubernetesVersion": "1.30.5"},
            "targetKubernetesVersion",
            "targetKubernetesVersion '1.30.5' must be a minor version such as 1.33.",
        ),
        (
            {**TARGETED, "targetKubernetesVersion": "v1.30"},
            "targetKubernetesVersion",
            "targetKubernetesVersion 'v1.30' must be a minor version such as 1.33.",
        ),
        (
            {"channel": "Rapid", "targetKubernetesVersion": "1.30"},
            "targetKubernetesVersion",
            "targetKubernetesVersion is for channel TargetKubernetesVersion only, not for Rapid.",
        ),
        (
            {"channel": "NodeImage", "longTermSupport": True},
            "longTermSupport",
            "longTermSupport is for channel TargetKubernetesVersion only, not for NodeImage.",
        ),
        (
            {"channel": "NodeImage", "nodeImageSelection": {"type": "Latest"}},
            "nodeImageSelection",
            "nodeImageSelection must not be set for channel NodeImage.",
        ),
        (
            {"channel": "Rapid", "nodeImageSelection": {"type": "Custom"}},
            "nodeImageSelection.type",
            "'Custom' is not a value of 'type'; it must be one of Latest, Consistent.",
        ),
        (
            {"channel": "Rapid", "nodeImageSelection": {}},
            "nodeImageSelection.type",
            "'type' is required; it must be one of Latest, Consistent.",
        ),
        (
            {"channel": "Rapid", "updateStrategyId": "staged"},
            "updateStrategyId",
            "updateStrategyId 'staged' is not a valid Azure resource id.",
        ),
        (
            {"channel": "Rapid", "updateStrategyId": f"{FLEET}/members/one"},
            "updateStrategyId",
            f"updateStrategyId '{FLEET}/members/one' is not the id of an update strategy.",
        ),
        (
            {"channel": "Rapid", "updateStrategyId": STRATEGY.replace("retail", "other")},
            "updateStrategyId",
            f"The update strategy '{STRATEGY.replace('retail', 'other')}' is not of the fleet 'retail'.",
        ),
        (
            {"channel": "Rapid", "updateStrategyId": f"{STRATEGY}-2"},
            "updateStrategyId",
            f"The update strategy '{STRATEGY}-2' does not exist.",
        ),
    ],
)
def test_a_profile_that_breaks_a_rule_is_refused(
    lab: FleetLab, properties: JsonObject, target: str, message: str
) -> None:
    response = lab.send("PUT", "/autoUpgradeProfiles/odd", {"properties": properties})

    assert_refused(response, 400, INVALID, message, f"properties.{target}")
    assert lab.send("GET", "/autoUpgradeProfiles/odd").status_code == 404


@pytest.mark.parametrize(
    ("properties", "target", "message"),
    [
        ("text", "", "'properties' must be an object."),
        ({"channel": 1}, ".channel", "'channel' must be a text."),
        ({"channel": "Rapid", "disabled": "false"}, ".disabled", "'disabled' must be true or false."),
        ({"channel": "Rapid", "longTermSupport": 1}, ".longTermSupport", "'longTermSupport' must be true or false."),
        (
            {**TARGETED, "targetKubernetesVersion": 1.33},
            ".targetKubernetesVersion",
            "'targetKubernetesVersion' must be a text.",
        ),
        (
            {"channel": "Rapid", "nodeImageSelection": "Latest"},
            ".nodeImageSelection",
            "'nodeImageSelection' must be an object.",
        ),
        ({"channel": "Rapid", "updateStrategyId": []}, ".updateStrategyId", "'updateStrategyId' must be a text."),
    ],
)
def test_another_json_type_is_refused_with_the_fields_path(
    lab: FleetLab, properties: Json, target: str, message: str
) -> None:
    response = lab.send("PUT", "/autoUpgradeProfiles/odd", {"properties": properties})

    assert_refused(response, 400, WRONG_TYPE, message, f"properties{target}")


@pytest.mark.parametrize(
    "properties",
    [
        {"channel": "Rapid", "targetKubernetesVersion": "", "longTermSupport": False},
        {"channel": "Rapid", "updateStrategyId": None, "nodeImageSelection": None},
        {"channel": "Stable", "nodeImageSelection": {"type": "Consistent"}},
        {"channel": "TargetKubernetesVersion", "targetKubernetesVersion": "1.29", "longTermSupport": True},
        {"channel": "NodeImage", "disabled": True},
    ],
)
def test_a_profile_that_keeps_the_rules_is_taken_absent_and_null_alike(lab: FleetLab, properties: JsonObject) -> None:
    lab.put("/autoUpgradeProfiles/p", properties)


def test_the_preview_has_the_channel_security_patch(lab: FleetLab) -> None:
    shown = lab.put("/autoUpgradeProfiles/p", {"channel": "SecurityPatch"}, api=PREVIEW)

    assert shown["properties"] == {
        "channel": "SecurityPatch",
        "disabled": False,
        "longTermSupport": False,
        "provisioningState": "Succeeded",
    }
    response = lab.send("POST", "/autoUpgradeProfiles/p/generateUpdateRun")
    message = "channel 'SecurityPatch' does not exist in api-version 2026-06-01; use 2026-06-02-preview."
    assert_refused(response, 400, INVALID, message, "channel")


@pytest.mark.parametrize(
    ("properties", "target"),
    [
        ({**TARGETED, "targetKubernetesVersion": "1.30"}, "channel"),
        ({"channel": "Rapid", "longTermSupport": False}, "longTermSupport"),
    ],
)
def test_what_came_in_2025_04_01_preview_is_refused_before_it(
    lab: FleetLab, properties: JsonObject, target: str
) -> None:
    response = lab.send("PUT", "/autoUpgradeProfiles/p", {"properties": properties}, api="api-version=2025-03-01")

    what = "channel 'TargetKubernetesVersion'" if target == "channel" else f"'{target}'"
    message = f"{what} does not exist in api-version 2025-03-01; use 2025-04-01-preview."
    assert_refused(response, 400, INVALID, message, f"properties.{target}")


def test_the_strategy_of_a_profile_cannot_be_changed_to_another(lab: FleetLab) -> None:
    lab.send("PUT", "/updateStrategies/second", lab.send("GET", "/updateStrategies/staged").json())
    lab.put("/autoUpgradeProfiles/p", {"channel": "Rapid", "updateStrategyId": STRATEGY})
    properties: JsonObject = {"channel": "Rapid", "updateStrategyId": f"{FLEET}/updateStrategies/second"}
    response = lab.send("PUT", "/autoUpgradeProfiles/p", {"properties": properties})

    message = f"'updateStrategyId' is set on creation and cannot be changed: it is '{STRATEGY}'."
    assert_refused(response, 400, "PropertyChangeNotAllowed", message, "properties.updateStrategyId")


def test_a_profile_created_again_with_a_strategy_has_it_and_without_one_has_none(lab: FleetLab) -> None:
    lab.put("/autoUpgradeProfiles/p", {"channel": "Rapid"})
    for given, shown in (({"updateStrategyId": STRATEGY}, STRATEGY), ({}, None)):
        written = lab.put("/autoUpgradeProfiles/p", {"channel": "Rapid", **given}, status=200)["properties"]
        assert isinstance(written, dict)
        assert written.get("updateStrategyId") == shown


def test_a_strategy_that_is_given_later_must_exist(lab: FleetLab) -> None:
    lab.put("/autoUpgradeProfiles/p", {"channel": "Rapid"})
    properties: JsonObject = {"channel": "Rapid", "updateStrategyId": f"{STRATEGY}-2"}
    response = lab.send("PUT", "/autoUpgradeProfiles/p", {"properties": properties})

    message = f"The update strategy '{STRATEGY}-2' does not exist."
    assert_refused(response, 400, INVALID, message, "properties.updateStrategyId")


def test_everything_else_of_a_profile_changes_even_when_its_strategy_was_deleted(lab: FleetLab) -> None:
    lab.put("/autoUpgradeProfiles/p", {"channel": "Rapid", "updateStrategyId": STRATEGY})
    assert lab.send("DELETE", "/updateStrategies/staged").status_code == 200
    changed = lab.put(
        "/autoUpgradeProfiles/p",
        {"channel": "Stable", "updateStrategyId": STRATEGY.upper(), "disabled": True},
        status=200,
    )

    properties = changed["properties"]
    assert isinstance(properties, dict)
    assert (properties["channel"], properties["disabled"]) == ("Stable", True)


def test_what_is_read_only_is_ignored(lab: FleetLab) -> None:
    status: Json = {"lastTriggerStatus": "Failed"}
    shown = lab.put(
        "/autoUpgradeProfiles/p",
        {"channel": "Rapid", "provisioningState": "Failed", "autoUpgradeProfileStatus": status, "unknown": 1},
    )

    assert shown["properties"] == {
        "channel": "Rapid",
        "disabled": False,
        "longTermSupport": False,
        "provisioningState": "Succeeded",
    }


def test_a_put_leaves_the_status_that_is_there(lab: FleetLab) -> None:
    lab.put("/autoUpgradeProfiles/p", {"channel": "Rapid"})
    profile = next(iter(lab.estate.fleets.values())).profiles["p"]
    profile.properties["autoUpgradeProfileStatus"] = {"lastTriggerStatus": "Succeeded"}
    changed = lab.put("/autoUpgradeProfiles/p", {"channel": "Stable"}, status=200)

    assert isinstance(changed["properties"], dict)
    assert changed["properties"]["autoUpgradeProfileStatus"] == {"lastTriggerStatus": "Succeeded"}


@pytest.mark.parametrize("change", ["disable", "delete"])
def test_disabling_or_deleting_a_profile_leaves_its_runs_alone(lab: FleetLab, change: str) -> None:
    lab.put("/autoUpgradeProfiles/p", {"channel": "Rapid"})
    generated = lab.send("POST", "/autoUpgradeProfiles/p/generateUpdateRun").json()["id"].rpartition("/")[2]
    lab.start(generated)
    before = lab.send("GET", f"/updateRuns/{generated}").json()
    if change == "disable":
        lab.put("/autoUpgradeProfiles/p", {"channel": "Rapid", "disabled": True}, status=200)
    else:
        assert lab.send("DELETE", "/autoUpgradeProfiles/p").status_code == 204

    assert lab.send("GET", f"/updateRuns/{generated}").json() == before
    assert lab.state(generated) == "Running"


def test_a_deletion_returns_204_also_where_nothing_was(lab: FleetLab) -> None:
    lab.put("/autoUpgradeProfiles/p", {"channel": "Rapid"})

    assert [lab.send("DELETE", "/autoUpgradeProfiles/p").status_code for _ in range(2)] == [204, 204]


def test_there_is_no_patch(lab: FleetLab) -> None:
    lab.put("/autoUpgradeProfiles/p", {"channel": "Rapid"})

    assert lab.send("PATCH", "/autoUpgradeProfiles/p", {"properties": {}}).status_code == 405
