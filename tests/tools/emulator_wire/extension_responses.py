"""How Azure responded to the commands of the recorded session, with this emulator's names in it.

The facts are those of the recordings of the extension's own test (`test_fleet_hubless.yaml` in
Azure/azure-cli-extensions), of September 2025 and February 2026.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping
from typing import Final

from tests.tools.emulator_wire.arm_responses import Work
from tests.tools.emulator_wire.bodies import (
    FLEET,
    SUBSCRIPTION,
    JsonObject,
    fleet_body,
    gate_properties,
    gate_status,
    group_status,
    in_order,
    profile_properties,
    resource,
    run_properties,
    run_status,
    strategy,
)
from tools.json_value import Json

IDENTITY_STAYS_SINCE: Final = "2026-02-01-preview"
"""Before, a fleet's identity of type None was gone after a PATCH; in the newer recording it stayed."""

RESPONSES: Final[Mapping[str, tuple[int, Work]]] = {
    "fleet create: where": (200, Work.AT_ONCE),
    "fleet create": (201, Work.OPERATION),
    "fleet wait": (200, Work.AT_ONCE),
    "fleet update": (200, Work.AT_ONCE),
    "fleet reconcile: what": (200, Work.AT_ONCE),
    "fleet reconcile": (200, Work.OPERATION),
    "fleet show": (200, Work.AT_ONCE),
    "fleet list": (200, Work.AT_ONCE),
    "fleet list everywhere": (200, Work.AT_ONCE),
    "fleet member create": (201, Work.OPERATION),
    "fleet member update": (200, Work.AT_ONCE),
    "fleet member wait": (200, Work.AT_ONCE),
    "aks wait": (200, Work.AT_ONCE),
    "fleet member reconcile: what": (200, Work.AT_ONCE),
    "fleet member reconcile": (200, Work.OPERATION),
    "fleet member list": (200, Work.AT_ONCE),
    "fleet member show": (200, Work.AT_ONCE),
    "fleet updaterun create --stages": (201, Work.AT_ONCE),
    "fleet updaterun skip": (200, Work.AT_ONCE),
    "fleet updaterun delete": (200, Work.AT_ONCE),
    "fleet updatestrategy create": (201, Work.AT_ONCE),
    "fleet updatestrategy show": (200, Work.AT_ONCE),
    "fleet updatestrategy list": (200, Work.AT_ONCE),
    "fleet updaterun create --update-strategy-name": (201, Work.AT_ONCE),
    "fleet updaterun start": (200, Work.AT_ONCE),
    "fleet updaterun show": (200, Work.AT_ONCE),
    "fleet updaterun list": (200, Work.AT_ONCE),
    "fleet gate list": (200, Work.AT_ONCE),
    "fleet gate list --state-filter Pending": (200, Work.AT_ONCE),
    "fleet gate show": (200, Work.AT_ONCE),
    "fleet gate approve": (200, Work.AT_ONCE),
    "fleet updaterun delete, under way": (200, Work.AT_ONCE),
    "fleet autoupgradeprofile create": (201, Work.AT_ONCE),
    "fleet autoupgradeprofile create --lts": (201, Work.AT_ONCE),
    "fleet autoupgradeprofile show": (200, Work.AT_ONCE),
    "fleet autoupgradeprofile list": (200, Work.AT_ONCE),
    "fleet autoupgradeprofile generate-update-run": (200, Work.AT_ONCE),
    "fleet autoupgradeprofile delete": (204, Work.AT_ONCE),
    "fleet updatestrategy delete": (200, Work.AT_ONCE),
    "fleet member delete": (202, Work.OPERATION),
    "fleet delete": (202, Work.OPERATION),
    "fleet show, after all": (404, Work.AT_ONCE),
}
"""By command, in the order of the session: the status, and whether an operation begins."""

NOT_IN_THE_FIRST: Final = frozenset(
    {
        "fleet gate list",
        "fleet gate list --state-filter Pending",
        "fleet gate show",
        "fleet gate approve",
        "fleet autoupgradeprofile create --lts",
    }
)
"""Commands for which 2025-03-01 has nothing."""

GENERATED: Final = re.compile(
    re.escape(f"{FLEET}/updateRuns/auto-aup-000006-rapid-") + r"\d+-\d+-\d+-1[0-9a-z]{6}", re.ASCII
)
"""The id of a generated run; the last part of its name is not to be foretold."""

_VARIABLE: Final = frozenset({"eTag", "systemData", "lastOperationId", "startTime", "completedTime"})
GROUP_LABEL_SINCE: Final = "2026-03-02-preview"
"""The session's own recordings are older; those of `test_fleet_cluster_mesh` have the label."""
_STRATEGY_ID: Final = f"{FLEET}/updateStrategies/upstr-000005"


def comparable(value: Json, gate: str = "<gate>") -> Json:
    """A body with `<key>` for what is another one in each session: eTags, times, operations, and the gate's name."""
    if isinstance(value, dict):
        return {key: f"<{key}>" if key in _VARIABLE else comparable(one, gate) for key, one in value.items()}
    if isinstance(value, list):
        return [comparable(one, gate) for one in value]
    return value.replace(gate, "<gate>") if isinstance(value, str) else value


def bodies(cluster_id: str, version: str, api_version: str) -> Mapping[str, JsonObject]:
    """By command, the body that was recorded; a list is there with the one item that it had."""
    members = _members(cluster_id, api_version)
    return {**_fleets(api_version), **members, **_runs(cluster_id, version), **_gates(), **_profiles()}


def _fleets(api_version: str) -> dict[str, JsonObject]:
    tags: JsonObject = {"tags": {"foo": "doo"}}
    created, succeeded = fleet_body("Creating", "<op>"), fleet_body("Succeeded", "<op>")
    tagged, updating = fleet_body("Succeeded", "<op>", **tags), fleet_body("Updating", "<op>", **tags)
    deleting = fleet_body("Deleting", "<op>", **tags)
    if api_version < IDENTITY_STAYS_SINCE:
        for body in (tagged, updating, deleting):
            del body["identity"]
    return {
        "fleet create": created,
        "fleet wait": succeeded,
        "fleet update": tagged,
        "fleet reconcile: what": tagged,
        "fleet reconcile": updating,
        "fleet show": tagged,
        "fleet delete": deleting,
    }


def _members(cluster_id: str, api_version: str) -> dict[str, JsonObject]:
    def member(state: str, group: str) -> JsonObject:
        labels: JsonObject = {
            "fleet.azure.com/cluster-name": "flmc-000003",
            **({"fleet.azure.com/group": group} if api_version >= GROUP_LABEL_SINCE else {}),
            "fleet.azure.com/location": "westus2",
            "fleet.azure.com/member-name": "flmc-000003",
            "fleet.azure.com/resource-group": "platform",
            "fleet.azure.com/subscription-id": SUBSCRIPTION,
            "team": "fleet",
        }
        properties: JsonObject = {
            "clusterResourceId": cluster_id,
            "group": group,
            "labels": labels,
            "provisioningState": state,
            "status": {"lastOperationId": "<op>"},
        }
        return resource("members", "flmc-000003", properties)

    moved = member("Succeeded", "group2")
    return {
        "fleet member create": member("Joining", "group1"),
        "fleet member update": moved,
        "fleet member wait": moved,
        "fleet member reconcile": member("Updating", "group2"),
        "fleet member list": {"value": [moved]},
        "fleet member show": moved,
        "fleet member delete": member("Leaving", "group2"),
    }


def _runs(cluster_id: str, version: str) -> dict[str, JsonObject]:
    def run(status: JsonObject, **more: Json) -> JsonObject:
        return resource("updateRuns", "uprn-000004", run_properties(status, version, **more))

    named: JsonObject = {"updateStrategyId": _STRATEGY_ID}
    untouched = run_status(cluster_id)
    begun = run(_waiting(untouched), **named)
    template = resource("updateStrategies", "upstr-000005", {"strategy": strategy()})
    return {
        "fleet updaterun create --stages": run(untouched),
        "fleet updaterun skip": run(_skipped(untouched, cluster_id)),
        "fleet updatestrategy create": template,
        "fleet updatestrategy show": template,
        "fleet updatestrategy list": {"value": [template]},
        "fleet updaterun create --update-strategy-name": run(untouched, **named),
        "fleet updaterun start": run(untouched, **named),
        "fleet updaterun show": begun,
        "fleet updaterun list": {"value": [begun]},
    }


def _skipped(status: JsonObject, cluster_id: str) -> JsonObject:
    """With the second group skipped: all in it is, the stage is not."""
    skipped: JsonObject = {"completedTime": "<completedTime>", "state": "Skipped"}
    group = group_status("group2", "Skipped") | {"status": skipped}
    group["beforeGates"] = [gate_status("group before gate", skipped)]
    group["afterGates"] = [gate_status("group after gate", skipped)]
    member: JsonObject = {"name": "flmc-000003", "clusterResourceId": cluster_id, "message": "skipped by request."}
    group["members"] = [{**member, "status": skipped}]
    stage = _stage(status)
    return in_order({**status, "stages": [{**stage, "groups": [group_status("group1", "Skipped"), group]}]})


def _waiting(status: JsonObject) -> JsonObject:
    """At the gate before the stage. The stage waits too, but has no time at which it started."""
    reached: JsonObject = {"startTime": "<startTime>", "state": "Pending"}
    gate = gate_status("stage before gate", reached, gateId=f"{FLEET}/gates/<gate>")
    stage: JsonObject = {**_stage(status), "beforeGates": [gate], "status": {"state": "Pending"}}
    return in_order({**status, "stages": [stage], "status": reached})


def _stage(status: JsonObject) -> JsonObject:
    stages = status["stages"]
    assert isinstance(stages, list)
    assert isinstance(stages[0], dict)
    return copy.deepcopy(stages[0])


def _gates() -> dict[str, JsonObject]:
    approved = resource("gates", "<gate>", gate_properties("Completed"))
    pending = resource("gates", "<gate>", gate_properties("Pending"))
    del pending["systemData"]
    return {
        "fleet gate list": {"value": [pending]},
        "fleet gate list --state-filter Pending": {"value": [pending]},
        "fleet gate show": pending,
        "fleet gate approve": approved,
    }


def _profiles() -> dict[str, JsonObject]:
    selection: JsonObject = {"nodeImageSelection": {"type": "Latest"}, "updateStrategyId": _STRATEGY_ID}
    rapid = resource("autoUpgradeProfiles", "aup-000006", profile_properties(**selection))
    long_term: JsonObject = {
        "channel": "TargetKubernetesVersion",
        "disabled": False,
        "longTermSupport": True,
        "targetKubernetesVersion": "1.30",
    }
    target = resource("autoUpgradeProfiles", "aup-000007", long_term)
    return {
        "fleet autoupgradeprofile create": rapid,
        "fleet autoupgradeprofile create --lts": target,
        "fleet autoupgradeprofile show": rapid,
        "fleet autoupgradeprofile list": {"value": [rapid, target]},
    }
