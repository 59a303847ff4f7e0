"""What an update run must not say, and when it cannot be changed any more."""

from __future__ import annotations

import pytest

from tests.tools.emulator_fleet.fleet_lab import FLEET, FleetLab, JsonObject, a_run, a_stage
from tests.tools.emulator_rules.refusals import INVALID, WRONG_TYPE, assert_refused
from tools.json_value import Json

IMAGE = "AKSUbuntu-2204gen2containerd-202508.06.0"
UPDATE = "properties.managedClusterUpdate"
TYPES = "Full, NodeImageOnly, ControlPlaneOnly"


def a_run_of(upgrade: Json, selection: Json = None) -> JsonObject:
    return {"managedClusterUpdate": {"upgrade": upgrade, "nodeImageSelection": selection}}


def custom(*versions: str) -> JsonObject:
    images: Json = [{"version": version} for version in versions]
    return a_run_of({"type": "NodeImageOnly"}, {"type": "Custom", "customNodeImageVersions": images})


@pytest.mark.parametrize(
    ("properties", "target", "message"),
    [
        ({}, UPDATE, "managedClusterUpdate is required."),
        (a_run_of(None), f"{UPDATE}.upgrade.type", f"'type' is required; it must be one of {TYPES}."),
        (
            a_run_of({"type": "Half"}),
            f"{UPDATE}.upgrade.type",
            f"'Half' is not a value of 'type'; it must be one of {TYPES}.",
        ),
        *(
            (
                a_run_of({"type": kind}),
                f"{UPDATE}.upgrade.kubernetesVersion",
                f"kubernetesVersion is required for upgrade type {kind}.",
            )
            for kind in ("Full", "ControlPlaneOnly")
        ),
        (
            a_run_of({"type": "NodeImageOnly", "kubernetesVersion": "1.30.7"}),
            f"{UPDATE}.upgrade.kubernetesVersion",
            "kubernetesVersion must not be set for upgrade type NodeImageOnly.",
        ),
        *(
            (
                a_run_of({"type": "Full", "kubernetesVersion": version}),
                f"{UPDATE}.upgrade.kubernetesVersion",
                f"kubernetesVersion '{version}' must be a version such as 1.33.2 or 1.33.",
            )
            for version in ("1", "v1.30.7", "latest")
        ),
        (
            a_run(selection="Newest"),
            f"{UPDATE}.nodeImageSelection.type",
            "'Newest' is not a value of 'type'; it must be one of Latest, Consistent, Custom.",
        ),
        (
            a_run(selection="Custom"),
            f"{UPDATE}.nodeImageSelection.customNodeImageVersions",
            "customNodeImageVersions is required for nodeImageSelection Custom.",
        ),
        (
            a_run_of({"type": "NodeImageOnly"}, {"type": "Latest", "customNodeImageVersions": [{"version": IMAGE}]}),
            f"{UPDATE}.nodeImageSelection.customNodeImageVersions",
            "customNodeImageVersions is for nodeImageSelection Custom only.",
        ),
        (
            custom("202508.06.0"),
            f"{UPDATE}.nodeImageSelection.customNodeImageVersions[0].version",
            "version '202508.06.0' must be a node image such as AKSUbuntu-2204gen2containerd-202508.06.0.",
        ),
        (
            custom(IMAGE, IMAGE.replace("06", "07")),
            f"{UPDATE}.nodeImageSelection.customNodeImageVersions[1].version",
            "The image family 'AKSUbuntu-2204gen2containerd' appears more than once.",
        ),
        (
            a_run(updateStrategyId=f"{FLEET}/updateStrategies/staged", strategy={"stages": [a_stage("a", "one")]}),
            "properties.strategy",
            "updateStrategyId and strategy exclude each other: give one of them.",
        ),
        (
            a_run(updateStrategyId=f"{FLEET}/updateStrategies/nowhere"),
            "properties.updateStrategyId",
            f"The update strategy '{FLEET}/updateStrategies/nowhere' does not exist.",
        ),
    ],
)
def test_a_run_that_breaks_a_rule_is_refused(lab: FleetLab, properties: JsonObject, target: str, message: str) -> None:
    response = lab.send("PUT", "/updateRuns/odd", {"properties": properties})

    assert_refused(response, 400, INVALID, message, target)
    assert lab.send("GET", "/updateRuns/odd").status_code == 404


@pytest.mark.parametrize(
    ("properties", "target", "message"),
    [
        ({"managedClusterUpdate": "Full"}, UPDATE, "'managedClusterUpdate' must be an object."),
        (a_run_of("Full"), f"{UPDATE}.upgrade", "'upgrade' must be an object."),
        (
            a_run_of({"type": "Full", "kubernetesVersion": 1.33}),
            f"{UPDATE}.upgrade.kubernetesVersion",
            "'kubernetesVersion' must be a text.",
        ),
        (
            a_run_of({"type": "NodeImageOnly"}, {"type": "Custom", "customNodeImageVersions": [IMAGE]}),
            f"{UPDATE}.nodeImageSelection.customNodeImageVersions[0]",
            "'customNodeImageVersions[0]' must be an object.",
        ),
    ],
)
def test_another_json_type_is_refused_with_the_fields_path(
    lab: FleetLab, properties: JsonObject, target: str, message: str
) -> None:
    assert_refused(lab.send("PUT", "/updateRuns/odd", {"properties": properties}), 400, WRONG_TYPE, message, target)


@pytest.mark.parametrize(
    "properties",
    [
        custom(IMAGE, "AKSWindows-2022-containerd-20348.4529.251212"),
        a_run_of({"type": "ControlPlaneOnly", "kubernetesVersion": "1.30.7"}, {"type": "Latest"}),
        a_run_of({"type": "ControlPlaneOnly", "kubernetesVersion": "1.30.7"}),
    ],
)
def test_a_run_that_keeps_the_rules_is_taken(lab: FleetLab, properties: JsonObject) -> None:
    assert lab.put("/updateRuns/r", properties)["name"] == "r"


def test_a_run_may_change_until_it_starts_and_not_after(lab: FleetLab) -> None:
    lab.put("/updateRuns/run", a_run())
    lab.put("/updateRuns/run", a_run("1.30.5", "Consistent"), status=200)
    lab.start()
    response = lab.send("PUT", "/updateRuns/run", {"properties": a_run()})

    message = "Update run 'run' has started and cannot be changed."
    assert_refused(response, 409, "OperationNotAllowed", message)


def test_a_run_is_started_once_and_stopped_only_while_it_runs(lab: FleetLab) -> None:
    lab.put("/updateRuns/run", a_run())
    response = lab.send("POST", "/updateRuns/run/stop")
    assert_refused(response, 409, "OperationNotAllowed", "Update run 'run' is NotStarted and cannot be stopped.")
    lab.start()
    response = lab.send("POST", "/updateRuns/run/start")
    assert_refused(response, 409, "OperationNotAllowed", "Update run 'run' is Running and cannot be started.")


@pytest.mark.parametrize(("method", "action"), [("PUT", ""), ("DELETE", ""), ("POST", "/start"), ("POST", "/skip")])
def test_a_stale_etag_is_refused_and_names_the_current_one(lab: FleetLab, method: str, action: str) -> None:
    stale = lab.put("/updateRuns/run", a_run())["eTag"]
    current = lab.put("/updateRuns/run", a_run(), status=200)["eTag"]
    response = lab.send(method, f"/updateRuns/run{action}", {"properties": a_run()}, {"If-Match": str(stale)})

    message = f"The condition If-Match {stale} is not met: the current eTag is {current}."
    assert_refused(response, 412, "PreconditionFailed", message)
    assert lab.send("GET", "/updateRuns/run").json()["eTag"] == current
