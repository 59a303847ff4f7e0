"""Bodies as the wire has them, in the form of the recorded ones, for tests to compare with or to break.

The recordings are those of the CLI extension `fleet` (Azure/azure-cli-extensions, `test_fleet_hubless`), api-versions
2025-04-01-preview and 2026-02-01-preview.
"""

from __future__ import annotations

from typing import Final

from tools.json_value import Json

JsonObject = dict[str, Json]

SUBSCRIPTION: Final = "00000000-0000-0000-0000-000000000001"
GROUP: Final = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/platform/providers/Microsoft.ContainerService"
FLEET: Final = f"{GROUP}/fleets/fl-000002"
ETAG: Final = '"0b005238-0000-0700-0000-699d27520000"'
MOMENT: Final = "2026-02-24T04:21:38.753780638Z"
SYSTEM_DATA: Final[JsonObject] = {
    "createdAt": "2026-02-24T04:21:37.3752644Z",
    "createdBy": "someone",
    "createdByType": "User",
    "lastModifiedAt": "2026-02-24T04:21:37.3752644Z",
    "lastModifiedBy": "someone",
    "lastModifiedByType": "User",
}


def resource(kind: str, name: str, properties: JsonObject, **more: Json) -> JsonObject:
    """A child of the fleet."""
    body: JsonObject = {
        "eTag": ETAG,
        "id": f"{FLEET}/{kind}/{name}",
        "name": name,
        "properties": {"provisioningState": "Succeeded", **properties},
        "systemData": SYSTEM_DATA,
        "type": f"Microsoft.ContainerService/fleets/{kind}",
        **more,
    }
    return in_order(body)


def in_order(body: JsonObject) -> JsonObject:
    """The same with all keys in alphabetical order, as Fleet writes them."""
    return {key: _ordered(body[key]) for key in sorted(body)}


def _ordered(value: Json) -> Json:
    if isinstance(value, dict):
        return in_order(value)
    return [_ordered(item) for item in value] if isinstance(value, list) else value


def fleet_body(state: str = "Succeeded", operation: str = "", **more: Json) -> JsonObject:
    """A fleet without a hub."""
    return in_order(
        {
            "eTag": ETAG,
            "id": FLEET,
            "identity": {"type": "None"},
            "location": "westus2",
            "name": "fl-000002",
            "properties": {"provisioningState": state, "status": {"lastOperationId": operation} if operation else {}},
            "systemData": SYSTEM_DATA,
            "type": "Microsoft.ContainerService/fleets",
            **more,
        }
    )


def gate_configuration(display_name: str) -> JsonObject:
    """A gate in a strategy."""
    return {"displayName": display_name, "type": "Approval"}


def strategy(*, with_gates: bool = True) -> JsonObject:
    """The recorded strategy: a group that has no members, and one that has one; a gate wherever there can be one."""
    groups: list[Json] = [
        {"name": "group1", "maxConcurrency": "100%", **_gates("group", with_gates=with_gates)},
        {"name": "group2", "maxConcurrency": "50%", **_gates("group", with_gates=with_gates)},
    ]
    stage: JsonObject = {
        "name": "stage1",
        "groups": groups,
        "afterStageWaitInSeconds": 3600,
        "maxConcurrency": "7",
        **_gates("stage", with_gates=with_gates),
    }
    return {"stages": [stage]}


def _gates(of: str, *, with_gates: bool) -> JsonObject:
    if not with_gates:
        return {}
    return {
        "beforeGates": [gate_configuration(f"{of} before gate")],
        "afterGates": [gate_configuration(f"{of} after gate")],
    }


def gate_status(display_name: str, status: JsonObject | None = None, **more: Json) -> JsonObject:
    """A gate in the status of a run, which by default has not reached it."""
    return {"displayName": display_name, "status": status or {"state": "NotStarted"}, **more}


def run_status(cluster_id: str, member: str = "flmc-000003") -> JsonObject:
    """The status of a new run of the recorded strategy. A group without members is skipped, its gates are not."""
    empty = group_status("group1", "Skipped")
    filled = group_status("group2", "NotStarted")
    filled["members"] = [{"clusterResourceId": cluster_id, "name": member, "status": {"state": "NotStarted"}}]
    stage: JsonObject = {
        "afterGates": [gate_status("stage after gate")],
        "afterStageWaitStatus": {"status": {"state": "NotStarted"}, "waitDurationInSeconds": 3600},
        "beforeGates": [gate_status("stage before gate")],
        "groups": [empty, filled],
        "maxConcurrency": 7,
        "name": "stage1",
        "status": {"state": "NotStarted"},
    }
    return in_order({"nodeImageSelection": {}, "stages": [stage], "status": {"state": "NotStarted"}})


def group_status(name: str, state: str) -> JsonObject:
    """A group without members in the status of a run."""
    return {
        "afterGates": [gate_status("group after gate")],
        "beforeGates": [gate_status("group before gate")],
        "maxConcurrency": 1,
        "name": name,
        "status": {"state": state},
    }


def run_properties(status: JsonObject, version: str = "1.33.0", **more: Json) -> JsonObject:
    """The properties of a run of the recorded strategy."""
    update: Json = {
        "nodeImageSelection": {"type": "Latest"},
        "upgrade": {"kubernetesVersion": version, "type": "Full"},
    }
    return {"managedClusterUpdate": update, "status": status, "strategy": strategy(), **more}


def gate_properties(state: str) -> JsonObject:
    """The properties of the gate before the recorded stage."""
    return {
        "displayName": "stage before gate",
        "gateType": "Approval",
        "state": state,
        "target": {
            "id": f"{FLEET}/updateRuns/uprn-000004",
            "updateRunProperties": {"name": "uprn-000004", "stage": "stage1", "timing": "Before"},
        },
    }


def profile_properties(**more: Json) -> JsonObject:
    """The properties of a profile; booleans are always there."""
    return {"channel": "Rapid", "disabled": True, "longTermSupport": False, **more}
