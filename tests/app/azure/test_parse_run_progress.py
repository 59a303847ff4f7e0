"""How far a run is: stages, gates that wait for approval, and members that are pending, with the reason."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from shared.azure.fleet.parse_run_progress import parse_progress
from shared.azure.fleet.parse_update_run import parse_run
from shared.azure.json_value import JsonObject
from shared.core.model.ids import ResourceId
from shared.core.model.run_progress import NO_PROGRESS, Failures, PendingGate, PendingReason, RunProgress, Wait
from tests.app.azure.bodies import FLEET, RUN, run
from tests.app.azure.wire_server import Json

GATE_ID = f"{FLEET}/gates/6a7c6f7a-1de6-4a2b-9a64-5f1f0a2f8c11"
STARTED = "2025-09-01T06:01:11.101734945Z"
SINCE = datetime(2025, 9, 1, 6, 1, 11, 101734, tzinfo=UTC)
PENDING: Json = {"state": "Pending", "startTime": STARTED}
NOT_AVAILABLE = "node image version AKSUbuntu-2204gen2containerd-202507.21.0 of agent pool np1 is not in region eastus2"


def a_gate(state: str = "Pending", name: str = "go?", **more: Json) -> Json:
    return {"displayName": name, "gateId": GATE_ID, "status": {"state": state, "startTime": STARTED}, **more}


def a_stage(name: str = "canary", *groups: Json, state: str = "Pending", **more: Json) -> Json:
    return {"name": name, "status": {"state": state}, "groups": list(groups), **more}


def a_group(*members: Json, name: str = "group", **more: Json) -> Json:
    return {"name": name, "status": {"state": "Pending"}, "members": list(members), **more}


def a_pending_member(code: Json = None, error: Json = None, message: Json = None) -> Json:
    said = {"error": {"code": code, "message": error}} if code or error else {}
    return {"name": "shop", "message": message, "status": {"state": "Pending", "startTime": STARTED, **said}}


def progress(*stages: Json) -> RunProgress:
    return parse_progress({"stages": list(stages)}, {})


def test_the_progress_is_part_of_the_run() -> None:
    body = run(state="Pending", members={"shop": "Pending"})

    assert parse_run(ResourceId.parse(RUN), body).progress == RunProgress(
        stage_states={"stage": "Pending"}, pending_members=(Wait(PendingReason.UNKNOWN, None),)
    )


def test_stages_have_their_state_by_name_in_their_order() -> None:
    parsed = progress(a_stage("b", state="Completed"), a_stage("a", state="NotStarted"))

    assert list(parsed.stage_states.items()) == [("b", "Completed"), ("a", "NotStarted")]


@pytest.mark.parametrize(
    ("member", "reason"),
    [
        (a_pending_member("NodeImageVersionNotAvailable", NOT_AVAILABLE), PendingReason.REGION),
        (
            a_pending_member(
                message="set member: shop to Pending: Kubernetes 1.33.5 is not available in region eastus2"
            ),
            PendingReason.REGION,
        ),
        (a_pending_member("K8sVersionNotSupported"), PendingReason.REGION),
        (
            a_pending_member(message="set member: shop to Pending: the maintenance window of cluster shop is closed"),
            PendingReason.MAINTENANCE_WINDOW,
        ),
        (a_pending_member("MaintenanceWindowClosed"), PendingReason.MAINTENANCE_WINDOW),
        (a_pending_member("QuotaExceeded", "no cores left"), PendingReason.UNKNOWN),
        (a_pending_member(), PendingReason.UNKNOWN),
        (a_pending_member(code=5, error=["x"], message={}), PendingReason.UNKNOWN),
    ],
)
def test_what_a_pending_member_waits_for_is_read_from_its_error_or_message(member: Json, reason: PendingReason) -> None:
    assert progress(a_stage("canary", a_group(member))).pending_members == (Wait(reason, SINCE),)


@pytest.mark.parametrize("state", ["NotStarted", "Running", "Completed", "Skipped", "Failed", None, 5])
def test_only_pending_members_wait(state: Json) -> None:
    member: Json = {"name": "shop", "status": {"state": state, "startTime": STARTED}}

    assert progress(a_stage("canary", a_group(member))).pending_members == ()


def test_gates_of_stages_and_groups_say_where_they_stand() -> None:
    stage = a_stage(
        "canary",
        a_group(name="first", beforeGates=[a_gate(name="group begins?")]),
        a_group(name="second", afterGates=[a_gate(name="group done?")]),
        beforeGates=[a_gate(name="begin?")],
        afterGates=[a_gate(name="done?")],
    )

    def expected(name: str, group: str, timing: str) -> PendingGate:
        return PendingGate(GATE_ID, name, "canary", group, timing, SINCE)

    assert progress(stage).pending_gates == (
        expected("begin?", "", "Before"),
        expected("done?", "", "After"),
        expected("group begins?", "first", "Before"),
        expected("group done?", "second", "After"),
    )


@pytest.mark.parametrize("state", ["NotStarted", "Completed", "Skipped", "", "Waiting"])
def test_a_gate_that_is_not_reached_or_passed_does_not_wait(state: str) -> None:
    assert progress(a_stage(beforeGates=[a_gate(state)])).pending_gates == ()


def test_a_gate_of_which_little_is_known_is_still_a_gate_that_waits() -> None:
    stage: Json = {"beforeGates": [{"displayName": 5, "status": {"state": "Pending", "startTime": "soon"}}]}

    assert progress(stage).pending_gates == (PendingGate("", "", "", "", "Before", None),)


@pytest.mark.parametrize(
    "status",
    [
        {},
        {"stages": None},
        {"stages": "many"},
        {"stages": ["canary", 5, None]},
        {"stages": []},
    ],
)
def test_without_stages_in_a_known_form_there_is_no_progress(status: JsonObject) -> None:
    assert parse_progress(status, {}) == NO_PROGRESS


def test_what_is_of_another_type_than_expected_counts_as_absent() -> None:
    parsed = progress(
        {"name": 5, "status": "Running", "groups": {"name": "group"}, "beforeGates": {"status": PENDING}},
        a_stage("canary", "group", {"members": "shop", "beforeGates": 5}, a_group("shop", {"status": "Pending"})),
    )

    assert parsed == RunProgress(stage_states={"": "", "canary": "Pending"})


SCHEDULE: dict[str, Json] = {"startDay": "Wednesday", "startTime": "01:30", "utcOffset": "+02:00"}
SCHEDULED: Json = {"type": "ScheduledStart", "scheduledStartConfiguration": SCHEDULE}
APPROVAL: Json = {"type": "Approval"}
OPENS = datetime(2025, 9, 2, 23, 30, tzinfo=UTC)


def gates_of(status: Json, strategy: Json) -> list[tuple[bool, datetime | None]]:
    body = run(state="Pending", strategy={"stages": [strategy]}, status={"stages": [status]})
    gates = parse_run(ResourceId.parse(RUN), body).progress.pending_gates
    return [(gate.is_scheduled, gate.opens_at) for gate in gates]


def test_a_gate_is_scheduled_if_the_strategy_of_the_run_says_so_at_its_place() -> None:
    status = a_stage(
        "canary",
        a_group(name="a", afterGates=[a_gate()]),
        a_group(name="b", beforeGates=[a_gate()]),
        beforeGates=[a_gate("Completed"), a_gate(), a_gate()],
    )
    strategy: Json = {
        "name": "canary",
        "beforeGates": [SCHEDULED, SCHEDULED, APPROVAL],
        "groups": [{"name": "b"}, {"name": "a", "afterGates": [SCHEDULED]}],
    }

    assert gates_of(status, strategy) == [(True, OPENS), (False, None), (True, OPENS), (False, None)]
    assert gates_of(status, {"name": "other"}) == [(False, None)] * 4


@pytest.mark.parametrize(
    ("changes", "opens"),
    [
        ({"startDay": "Monday", "startTime": "08:02", "utcOffset": "+02:00"}, datetime(2025, 9, 1, 6, 2, tzinfo=UTC)),
        ({"startDay": "Monday", "startTime": "08:01", "utcOffset": "+02:00"}, datetime(2025, 9, 8, 6, 1, tzinfo=UTC)),
        ({"startDay": "Sunday", "startTime": "23:00", "utcOffset": "-02:00"}, datetime(2025, 9, 8, 1, 0, tzinfo=UTC)),
        ({"startDay": "Someday"}, None),
        ({"startTime": "25:00"}, None),
        ({"utcOffset": "Z"}, None),
        ({"utcOffset": None}, None),
    ],
)
def test_a_scheduled_gate_opens_at_the_first_time_of_its_schedule(
    changes: dict[str, Json], opens: datetime | None
) -> None:
    configuration: Json = {"type": "ScheduledStart", "scheduledStartConfiguration": {**SCHEDULE, **changes}}
    status = a_stage("canary", beforeGates=[a_gate()])

    assert gates_of(status, {"name": "canary", "beforeGates": [configuration]}) == [(True, opens)]


def test_a_scheduled_gate_that_says_no_start_has_an_unknown_time() -> None:
    gate: Json = {"status": {"state": "Pending"}}

    assert gates_of(a_stage("s", beforeGates=[gate]), {"name": "s", "beforeGates": [SCHEDULED]}) == [(True, None)]


def test_failures_are_those_of_stages_that_have_some() -> None:
    parsed = progress(
        a_stage("a", failureCount=2, maxAllowedFailures=3),
        a_stage("b", failureCount=0, maxAllowedFailures=1),
        a_stage("c", failureCount="1"),
        a_stage("d", failureCount=1),
    )

    assert parsed.failures == {"a": Failures(2, 3), "d": Failures(1, 0)}
