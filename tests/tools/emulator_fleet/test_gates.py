"""Approval gates: where a run stops, what is seen of it, and what lets it go on."""

from __future__ import annotations

import uuid
from typing import cast

import pytest

from tests.tools.emulator_fleet.fleet_lab import API, CONTROL_PLANE, FLEET, POOL, FleetLab, JsonObject, a_run, a_stage
from tools.emulator.state import FleetResource
from tools.json_value import Json

ONE_CLUSTER = CONTROL_PLANE + POOL


def an_approval(name: str) -> list[Json]:
    return [{"displayName": name, "type": "Approval"}]


def a_gated_run(*stages: JsonObject) -> JsonObject:
    return a_run(strategy={"stages": [*stages]})


def pending(lab: FleetLab) -> list[JsonObject]:
    """The gates that wait for approval, as the CLI asks for them."""
    response = lab.http.request("GET", f"{FLEET}/gates?{API}&$filter=state eq Pending")
    assert response.status_code == 200, response.text
    return cast("list[JsonObject]", response.json()["value"])


def approve(lab: FleetLab, gate: JsonObject) -> JsonObject:
    response = lab.send("PATCH", f"/gates/{gate['name']}", {"properties": {"state": "Completed"}})
    assert response.status_code == 200, response.text
    return cast("JsonObject", response.json())


def stages_of(lab: FleetLab) -> list[JsonObject]:
    return cast("list[JsonObject]", cast("JsonObject", lab.run()["status"])["stages"])


def state_of(part: JsonObject) -> str:
    return str(cast("JsonObject", part["status"])["state"])


def test_a_gate_before_a_stage_holds_the_run_pending_until_it_is_approved() -> None:
    lab = FleetLab("one")
    lab.put("/updateRuns/run", a_gated_run(a_stage("prod", "one", beforeGates=an_approval("go?"))))
    [stage] = stages_of(lab)
    assert stage["beforeGates"] == [{"displayName": "go?", "status": {"state": "NotStarted"}}]
    assert pending(lab) == [], "a gate is a resource once the run has reached it"

    lab.start()
    lab.pass_minutes(600)
    assert (lab.state(), lab.states()) == ("Pending", {"one": "NotStarted"})
    [gate] = pending(lab)
    approve(lab, gate)
    assert (lab.state(), lab.states()) == ("Running", {"one": "Running"})
    lab.pass_minutes(ONE_CLUSTER)
    assert lab.state() == "Completed"


def test_a_gate_is_shown_as_recorded_without_system_data_until_it_is_patched() -> None:
    lab = FleetLab("one")
    lab.put("/updateRuns/run", a_gated_run(a_stage("prod", "one", beforeGates=an_approval("go?"))))
    lab.start()
    [gate] = pending(lab)

    name = str(gate["name"])
    assert str(uuid.UUID(name)) == name, "a UUID in lower case"
    assert gate == {
        "eTag": gate["eTag"],
        "id": f"{FLEET}/gates/{name}",
        "name": name,
        "type": "Microsoft.ContainerService/fleets/gates",
        "properties": {
            "displayName": "go?",
            "gateType": "Approval",
            "provisioningState": "Succeeded",
            "state": "Pending",
            "target": {
                "id": f"{FLEET}/updateRuns/run",
                "updateRunProperties": {"name": "run", "stage": "prod", "timing": "Before"},
            },
        },
    }
    approved = approve(lab, gate)
    assert cast("JsonObject", approved["properties"])["state"] == "Completed"
    assert approved["eTag"] != gate["eTag"]
    assert "systemData" in approved
    [stage] = stages_of(lab)
    [shown] = cast("list[JsonObject]", stage["beforeGates"])
    assert (shown["gateId"], state_of(shown)) == (gate["id"], "Completed")


def test_a_gate_of_one_group_does_not_hold_the_others_of_its_stage() -> None:
    lab = FleetLab("one", "two")
    groups: list[Json] = [{"name": "one", "beforeGates": an_approval("one?")}, {"name": "two"}]
    lab.put("/updateRuns/run", a_gated_run({"name": "prod", "groups": groups}))
    lab.start()

    assert lab.states() == {"one": "NotStarted", "two": "Running"}
    assert lab.state() == "Running"
    lab.pass_minutes(ONE_CLUSTER)
    assert lab.state() == "Pending", "what is left waits for approval"
    [gate] = pending(lab)
    target = cast("JsonObject", cast("JsonObject", gate["properties"])["target"])
    assert target["updateRunProperties"] == {"name": "run", "stage": "prod", "group": "one", "timing": "Before"}
    approve(lab, gate)
    lab.pass_minutes(ONE_CLUSTER)
    assert lab.state() == "Completed"


def test_gates_after_group_and_stage_hold_the_next_stage_one_after_the_other() -> None:
    lab = FleetLab("one", "two")
    groups: list[Json] = [{"name": "one", "afterGates": an_approval("group done?")}]
    first: JsonObject = {"name": "first", "groups": groups, "afterGates": an_approval("stage done?")}
    lab.put("/updateRuns/run", a_gated_run(first, a_stage("second", "two")))
    lab.start()
    assert pending(lab) == []
    lab.pass_minutes(ONE_CLUSTER)

    for expected in ("group done?", "stage done?"):
        assert (lab.state(), lab.states()) == ("Pending", {"one": "Completed", "two": "NotStarted"})
        [gate] = pending(lab)
        assert cast("JsonObject", gate["properties"])["displayName"] == expected
        approve(lab, gate)
    assert lab.states()["two"] == "Running"


def test_the_wait_after_a_stage_runs_while_its_gate_waits_for_approval() -> None:
    lab = FleetLab("one", "two")
    first = a_stage("first", "one", afterStageWaitInSeconds=3600, afterGates=an_approval("done?"))
    lab.put("/updateRuns/run", a_gated_run(first, a_stage("second", "two")))
    lab.start()
    lab.pass_minutes(ONE_CLUSTER + 60)

    assert state_of(cast("JsonObject", stages_of(lab)[0]["afterStageWaitStatus"])) == "Completed"
    assert lab.state() == "Pending"
    approve(lab, pending(lab)[0])
    assert lab.states()["two"] == "Running"


def test_skipping_a_stage_or_a_group_skips_its_gates_reached_or_not() -> None:
    lab = FleetLab("one", "two")
    groups: list[Json] = [{"name": "one", "afterGates": an_approval("later")}]
    first: JsonObject = {"name": "first", "groups": groups, "beforeGates": an_approval("now")}
    lab.put("/updateRuns/run", a_gated_run(first, a_stage("second", "two", beforeGates=an_approval("last"))))
    lab.start()
    [reached] = pending(lab)
    lab.skip("Stage", "first")

    assert lab.states() == {"one": "Skipped", "two": "NotStarted"}
    after = lab.send("GET", f"/gates/{reached['name']}").json()
    assert after["properties"]["state"] == "Skipped"
    [group] = cast("list[JsonObject]", stages_of(lab)[0]["groups"])
    [later] = cast("list[JsonObject]", group["afterGates"])
    assert {*cast("JsonObject", later["status"])} == {"state", "completedTime"}, "skipped, never started, no resource"
    assert [cast("JsonObject", gate["properties"])["displayName"] for gate in pending(lab)] == ["last"]


def test_skipping_a_group_skips_its_gates_and_leaves_those_of_other_groups() -> None:
    lab = FleetLab("one", "two")
    groups: list[Json] = [{"name": name, "beforeGates": an_approval(name)} for name in ("one", "two")]
    lab.put("/updateRuns/run", a_gated_run({"name": "prod", "groups": groups}))
    lab.start()
    lab.skip("Group", "one")

    assert [cast("JsonObject", gate["properties"])["displayName"] for gate in pending(lab)] == ["two"]


def test_a_gate_that_was_approved_stays_so_when_its_stage_is_skipped_later() -> None:
    lab = FleetLab("one", "two")
    lab.put("/updateRuns/run", a_gated_run(a_stage("prod", "one", "two", beforeGates=an_approval("go?"))))
    lab.start()
    gate = approve(lab, pending(lab)[0])
    lab.skip("Stage", "prod")

    after = lab.send("GET", f"/gates/{gate['name']}").json()
    assert after["properties"]["state"] == "Completed"


def test_a_skipped_gate_cannot_be_approved_and_nothing_else_can_be_done_to_one() -> None:
    lab = FleetLab("one")
    lab.put("/updateRuns/run", a_gated_run(a_stage("prod", "one", beforeGates=an_approval("go?"))))
    lab.start()
    [gate] = pending(lab)
    path = f"/gates/{gate['name']}"

    refused = lab.send("PATCH", path, {"properties": {"state": "Skipped"}})
    assert (refused.status_code, refused.json()["error"]["target"]) == (400, "properties.state")
    stale = lab.send("PATCH", path, {"properties": {"state": "Completed"}}, headers={"If-Match": '"old"'})
    assert stale.status_code == 412
    assert lab.send("DELETE", path).status_code == lab.send("PUT", path, {}).status_code == 405
    lab.skip("Stage", "prod")
    late = lab.send("PATCH", path, {"properties": {"state": "Completed"}})
    assert (late.status_code, late.json()["error"]["code"]) == (409, "OperationNotAllowed")


@pytest.mark.parametrize("wrong", ["name eq x", "state ne Pending"])
def test_a_filter_that_is_not_by_a_gates_state_is_refused(wrong: str) -> None:
    response = FleetLab("one").http.request("GET", f"{FLEET}/gates?{API}&$filter={wrong}")

    assert (response.status_code, response.json()["error"]["target"]) == (400, "$filter")


def test_a_gate_approved_while_its_run_is_stopped_lets_the_run_go_on_when_it_is_started_again() -> None:
    lab = FleetLab("one")
    lab.put("/updateRuns/run", a_gated_run(a_stage("prod", "one", beforeGates=an_approval("go?"))))
    lab.start()
    lab.send("POST", "/updateRuns/run/stop")
    assert lab.state() == "Stopped"

    approve(lab, pending(lab)[0])
    assert (lab.state(), lab.states()) == ("Stopped", {"one": "NotStarted"})
    lab.start()
    assert lab.states() == {"one": "Running"}


def test_approving_twice_does_no_harm() -> None:
    lab = FleetLab("one")
    lab.put("/updateRuns/run", a_gated_run(a_stage("prod", "one", beforeGates=an_approval("go?"))))
    lab.start()
    [gate] = pending(lab)

    first = approve(lab, gate)
    assert approve(lab, gate) == first


def test_deleting_a_run_deletes_its_gates() -> None:
    lab = FleetLab("one")
    lab.put("/updateRuns/run", a_gated_run(a_stage("prod", "one", beforeGates=an_approval("go?"))))
    lab.start()
    assert lab.send("DELETE", "/updateRuns/run").status_code == 200

    assert lab.send("GET", "/gates").json() == {"value": []}


def test_a_group_without_members_has_its_gates_skipped() -> None:
    lab = FleetLab("one")
    groups: list[Json] = [{"name": "one"}, {"name": "empty", "beforeGates": an_approval("for an empty group")}]
    lab.put("/updateRuns/run", a_gated_run({"name": "prod", "groups": groups}))
    lab.start()

    assert pending(lab) == []
    lab.pass_minutes(ONE_CLUSTER)
    assert lab.state() == "Completed"


def test_every_change_of_a_gate_is_reported_once() -> None:
    lab = FleetLab("one")
    events: list[tuple[str, str]] = []

    def listen(change: str, gate: FleetResource) -> None:
        events.append((change, str(gate.properties["state"])))

    lab.engine.gates.on_change = listen
    lab.put("/updateRuns/run", a_gated_run(a_stage("prod", "one", beforeGates=an_approval("go?"))))
    lab.start()
    approve(lab, pending(lab)[0])
    lab.send("DELETE", "/updateRuns/run")

    assert events == [("Created", "Pending"), ("Updated", "Completed"), ("Deleted", "Completed")]


def test_an_api_version_without_gates_knows_no_gates() -> None:
    response = FleetLab("one").http.request("GET", f"{FLEET}/gates?api-version=2025-03-01")

    assert (response.status_code, response.json()["error"]["code"]) == (400, "InvalidResourceType")
