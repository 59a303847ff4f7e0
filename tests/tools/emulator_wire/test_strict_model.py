"""The checker passes what was recorded, and names every slip; a typed client would let most of them through."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from types import NoneType
from typing import Any

import pytest
from azure.mgmt.containerservice import models as aks
from azure.mgmt.containerservicefleet import models as fleet

from tests.tools.emulator_wire.arm_responses import ALWAYS, OperationStatus
from tests.tools.emulator_wire.bodies import (
    MOMENT,
    JsonObject,
    fleet_body,
    gate_properties,
    profile_properties,
    resource,
    run_properties,
    run_status,
    strategy,
)
from tests.tools.emulator_wire.deviations import DEVIATIONS, deviations
from tests.tools.emulator_wire.strict_model import Deviation, slips
from tools.json_value import Json

RUN = resource("updateRuns", "uprn-000004", run_properties(run_status("/subscriptions/x/managedClusters/c")))
STRATEGY = resource("updateStrategies", "upstr-000005", {"strategy": strategy()})
PROFILE = resource("autoUpgradeProfiles", "aup-000006", profile_properties(nodeImageSelection={"type": "Latest"}))
MEMBER = resource(
    "members", "flmc-000003", {"clusterResourceId": "/c", "group": "group2", "labels": {"team": "fleet"}, "status": {}}
)
GATE = resource("gates", "ad497fb4-d262-4e78-9e1a-6a8a23451773", gate_properties("Pending"))
RECORDED: Mapping[type[object], JsonObject] = {
    fleet.AutoUpgradeProfile: PROFILE,
    fleet.Fleet: fleet_body(tags={"foo": "doo"}),
    fleet.FleetMember: MEMBER,
    fleet.FleetUpdateStrategy: STRATEGY,
    fleet.Gate: {key: value for key, value in GATE.items() if key != "systemData"},
    fleet.GenerateResponse: {"id": "/subscriptions/x/updateRuns/auto-p-rapid-1-33-2-1cnmmzn"},
    fleet.UpdateRun: RUN,
}


def changed(body: JsonObject, path: str, value: Json) -> JsonObject:
    """A copy with another value at the path, or without what is there if the value is None."""
    whole = copy.deepcopy(body)
    place: Json = whole
    *way, last = [int(step) if step.isdecimal() else step for step in path.split(".")]
    for step in way:
        place = place[step]  # type: ignore[index]
    assert isinstance(place, dict)
    if value is None:
        del place[str(last)]
    else:
        place[str(last)] = value
    return whole


@pytest.mark.parametrize("model", RECORDED, ids=lambda model: model.__name__)
def test_what_was_recorded_has_no_slip(model: type[object]) -> None:
    assert slips(RECORDED[model], model, always=ALWAYS) == []


STAGE, STATUS = "properties.strategy.stages.0", "properties.status.stages.0"


@pytest.mark.parametrize(
    ("model", "path", "value", "slip"),
    [
        (fleet.UpdateRun, f"{STAGE}.maxConcurrency", 7, "should be text, is 7"),
        (fleet.UpdateRun, f"{STATUS}.maxConcurrency", "7", "should be a whole number, is '7'"),
        (fleet.UpdateRun, f"{STATUS}.maxConcurrency", 7.5, "should be a whole number, is 7.5"),
        (fleet.UpdateRun, f"{STATUS}.maxConcurrency", True, "should be a whole number, is True"),
        (fleet.UpdateRun, f"{STAGE}.afterStageWaitInSeconds", "3600", "should be a whole number, is '3600'"),
        (fleet.UpdateRun, f"{STATUS}.failureCount", 0, "UpdateStageStatus has no such key"),
        (fleet.UpdateRun, f"{STATUS}.status.state", "pending", "should be one of Completed, "),
        (fleet.UpdateRun, f"{STATUS}.status.startTime", "2026-02-24T04:21:38", "should be a time in ISO 8601"),
        (fleet.UpdateRun, f"{STATUS}.status.startTime", "2026-02-24T04:21:38+00:00", "should be a time in ISO 8601"),
        (fleet.UpdateRun, f"{STATUS}.status.startTime", "2026-02-31T04:21:38Z", "should be a time in ISO 8601"),
        (fleet.UpdateRun, f"{STATUS}.status.startTime", 1771906898, "should be a time in ISO 8601"),
        (fleet.UpdateRun, f"{STATUS}.groups", {}, "should be a list, is {}"),
        (fleet.UpdateRun, f"{STATUS}.groups.1.members.0.status", "NotStarted", "should be an object, is 'NotStarted'"),
        (fleet.UpdateRun, "properties.managedClusterUpdate.upgrade", None, "is missing"),
        (fleet.UpdateRun, "properties.managedClusterUpdate.upgrade.type", None, "is missing"),
        (fleet.UpdateRun, "properties.status", None, "is missing"),
        (fleet.UpdateRun, "provisioningState", "Succeeded", "UpdateRun has no such key"),
        (fleet.UpdateRun, "eTag", None, "is missing"),
        (fleet.UpdateRun, "etag", "x", "UpdateRun has no such key"),
        (fleet.AutoUpgradeProfile, "properties.disabled", "true", "should be true or false, is 'true'"),
        (fleet.AutoUpgradeProfile, "properties.disabled", 1, "should be true or false, is 1"),
        (fleet.AutoUpgradeProfile, "properties.channel", "rapid", "should be one of NodeImage, Rapid, Stable, Target"),
        (fleet.AutoUpgradeProfile, "properties.nodeImageSelection", "Latest", "should be an object, is 'Latest'"),
        (fleet.AutoUpgradeProfile, "properties.nodeImageSelection.type", "Custom", "should be one of Consistent, Lat"),
        (fleet.FleetMember, "properties.clusterResourceId", None, "is missing"),
        (fleet.FleetMember, "properties.labels.team", 1, "should be text, is 1"),
        (fleet.FleetMember, "systemData.createdByType", "Robot", "should be one of Application, Key, "),
        (fleet.Fleet, "location", None, "is missing"),
        (fleet.Fleet, "identity.type", "none", "should be one of None, SystemAssigned, "),
        (fleet.Gate, "properties.target.updateRunProperties.timing", "before", "should be one of After, Before"),
        (fleet.GenerateResponse, "name", "auto-p", "GenerateResponse has no such key"),
    ],
)
def test_a_slip_is_named_with_its_place(model: type[object], path: str, value: Json, slip: str) -> None:
    [found] = slips(changed(RECORDED[model], path, value), model, always=ALWAYS)

    place, _, what = found.partition(": ")
    assert place.replace("[", ".").replace("]", "") == path
    assert what.startswith(slip)


def test_null_is_a_slip_where_the_key_should_be_absent() -> None:
    body = copy.deepcopy(PROFILE)
    properties = body["properties"]
    assert isinstance(properties, dict)
    properties["targetKubernetesVersion"] = None

    assert slips(body, fleet.AutoUpgradeProfile) == ["properties.targetKubernetesVersion: should be text, is None"]


def test_every_slip_is_named_not_only_the_first() -> None:
    body = changed(changed(RUN, f"{STAGE}.maxConcurrency", 7), f"{STATUS}.maxConcurrency", "7")

    assert len(slips(body, fleet.UpdateRun)) == 2


def test_nine_digits_of_a_second_are_right() -> None:
    assert slips(changed(RUN, f"{STATUS}.status.startTime", MOMENT), fleet.UpdateRun) == []


def test_what_a_preview_has_besides_is_right_in_that_preview_only() -> None:
    body = changed(RUN, f"{STAGE}.maxAllowedFailures", "20%")

    assert slips(body, fleet.UpdateRun, deviations("2026-06-02-preview")) == []
    assert len(slips(body, fleet.UpdateRun, deviations("2026-06-01"))) == 1


def test_what_a_preview_has_besides_is_held_to_its_type() -> None:
    body = changed(RUN, f"{STAGE}.maxAllowedFailures", 1)

    assert len(slips(body, fleet.UpdateRun, deviations("2026-06-02-preview"))) == 1


def test_a_deviation_widens_one_key_of_one_model() -> None:
    null = Deviation(fleet.UpdateStageStatus, "maxConcurrency", NoneType, "made up for this test")
    stage: JsonObject = {"name": "s", "maxConcurrency": None, "groups": [{"name": "g", "maxConcurrency": None}]}

    found = slips(stage, fleet.UpdateStageStatus, [null])

    assert found == ["groups[0].maxConcurrency: should be a whole number, is None"]


def test_the_items_of_a_list_are_held_to_their_enum() -> None:
    capabilities: JsonObject = {"supportPlan": ["KubernetesOfficial", "kubernetesofficial"]}

    [found] = slips(capabilities, aks.KubernetesVersionCapabilities)

    assert found.startswith("supportPlan[1]: should be one of AKSLongTermSupport, KubernetesOfficial")


def test_an_operation_may_be_without_its_end_but_not_without_its_start() -> None:
    operation: JsonObject = {"name": "x", "status": "InProgress", "startTime": MOMENT}

    assert slips(operation, OperationStatus) == []
    assert slips({**operation, "endTime": "now"}, OperationStatus)[0].startswith("endTime: should be a time")
    assert slips(changed(operation, "startTime", None), OperationStatus) == ["startTime: is missing"]


def test_dates_and_encoded_text_are_looked_into() -> None:
    window: JsonObject = {"durationHours": 8, "startTime": "00:00", "startDate": "4 January", "schedule": {}}
    kubeconfig: JsonObject = {"kubeconfigs": [{"name": "x", "value": "not base64!"}]}

    assert slips(window, aks.MaintenanceWindow) == ["startDate: should be a date, is '4 January'"]
    assert len(slips(kubeconfig, fleet.FleetCredentialResults)) == 1


@pytest.mark.parametrize("deviation", DEVIATIONS, ids=lambda one: f"{one.model.__name__}.{one.key}")
def test_a_deviation_is_one_still(deviation: Deviation) -> None:
    """One that a newer SDK has taken up is to be removed."""
    examples: Mapping[object, Json] = {str: "1", int: 1, NoneType: None, dict[str, Any]: {}}
    example = examples.get(deviation.accepts, "SecurityPatch")
    found = slips({deviation.key: example}, deviation.model)

    assert any(slip.startswith(f"{deviation.key}: ") and "missing" not in slip for slip in found)
