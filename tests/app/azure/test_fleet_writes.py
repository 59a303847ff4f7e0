"""The writes as they go over the wire, and how the app handles each response."""

import pytest

from shared.azure import api_versions
from shared.azure.connection import Connection
from shared.azure.fleet.parse_update_run import parse_run
from shared.azure.fleet.store import ArmFleetStore
from shared.core.model.ids import ResourceId
from shared.core.model.node_image import NodeImage
from shared.core.model.update_run import UpdateRun, UpgradeType
from shared.errors import InternalError, ThrottledError, TransientError, UserMustFixError
from tests.app.azure.bodies import ETAG, FLEET, PROFILE, RUN, STRATEGY, UBUNTU, resource, run, specification
from tests.app.azure.wire_server import LOST, Json, Response, WireServer, refusal

FLEET_ID = ResourceId.parse(FLEET)
WANTED = specification(update_strategy_id=ResourceId.parse(STRATEGY))
NEW_RUN = f"{FLEET}/updateRuns/{WANTED.name}"
NEXT_ETAG = '"0c0049ae-0000-0700-0000-68b536b10000"'


@pytest.fixture
def store(connection: Connection) -> ArmFleetStore:
    return ArmFleetStore(connection)


def as_read(etag: str = ETAG) -> UpdateRun:
    return parse_run(ResourceId.parse(RUN), run(members={"shop": "NotStarted"}, etag=etag))


def test_a_run_is_created_only_if_none_has_its_name(wire: WireServer, store: ArmFleetStore) -> None:
    wire.script("PUT", NEW_RUN, Response(run(NEW_RUN), 201))
    assert store.create_run(FLEET_ID, WANTED)
    [put] = wire.requests("PUT")
    assert put.path == NEW_RUN
    assert put.query == {"api-version": api_versions.FLEET}
    assert put.headers["if-none-match"] == "*"
    assert "if-match" not in put.headers
    assert put.body == {
        "properties": {
            "managedClusterUpdate": {
                "upgrade": {"type": "Full", "kubernetesVersion": "1.33.5"},
                "nodeImageSelection": {"type": "Latest"},
            },
            "updateStrategyId": STRATEGY,
        }
    }


def test_a_created_run_is_the_one_in_the_response(wire: WireServer, store: ArmFleetStore) -> None:
    body = run(NEW_RUN, members={"Shop": "NotStarted"}, picked=(f"{UBUNTU}-202607.09.0",))
    wire.script("PUT", NEW_RUN, Response(body, 201))
    assert store.create_run(FLEET_ID, WANTED) == parse_run(ResourceId.parse(NEW_RUN), body)
    assert wire.requests("GET") == []


def test_a_run_that_already_exists_is_not_changed(wire: WireServer, store: ArmFleetStore) -> None:
    wire.script("PUT", NEW_RUN, refusal(412, "PreconditionFailed"))
    wire.script("GET", NEW_RUN, run(NEW_RUN))
    assert not store.create_run(FLEET_ID, WANTED)
    assert len(wire.requests("PUT")) == 1


def test_a_conflict_with_an_existing_run_is_no_error(wire: WireServer, store: ArmFleetStore) -> None:
    wire.script("PUT", NEW_RUN, refusal(409, "Conflict"))
    wire.script("GET", NEW_RUN, run(NEW_RUN))
    assert not store.create_run(FLEET_ID, WANTED)


def test_a_conflict_about_something_else_is_fleet_s_refusal(wire: WireServer, store: ArmFleetStore) -> None:
    wire.script("PUT", NEW_RUN, refusal(409, "OperationNotAllowed", "the fleet is being deleted"))
    with pytest.raises(UserMustFixError, match="OperationNotAllowed: the fleet is being deleted"):
        store.create_run(FLEET_ID, WANTED)


def test_a_conflict_with_an_operation_in_progress_is_transient(wire: WireServer, store: ArmFleetStore) -> None:
    wire.script("PUT", NEW_RUN, refusal(409, "AnotherOperationInProgress"))
    with pytest.raises(TransientError):
        store.create_run(FLEET_ID, WANTED)


@pytest.mark.parametrize(
    "body",
    [
        {"error": {"code": "InvalidParameter", "message": "no such version"}},
        {"code": "InvalidParameter", "message": "no such version", "details": None, "subcode": ""},
    ],
)
def test_a_refusal_has_fleets_message_wrapped_or_flat(wire: WireServer, store: ArmFleetStore, body: Json) -> None:
    wire.script("PUT", NEW_RUN, Response(body, 400))
    with pytest.raises(UserMustFixError, match="400 InvalidParameter: no such version"):
        store.create_run(FLEET_ID, WANTED)


def test_a_creation_whose_response_is_lost_does_not_count_as_ours(
    wire: WireServer, store: ArmFleetStore, waits: list[float]
) -> None:
    """The library sends the PUT again and gets 412 for its own success; the use case reads the run in any case."""
    wire.script("PUT", NEW_RUN, LOST, refusal(412, "PreconditionFailed"))
    wire.script("GET", NEW_RUN, run(NEW_RUN))
    assert not store.create_run(FLEET_ID, WANTED)
    assert [put.headers["if-none-match"] for put in wire.requests("PUT")] == ["*", "*"]


def test_a_creation_that_fails_in_passing_is_tried_again(
    wire: WireServer, store: ArmFleetStore, waits: list[float]
) -> None:
    wire.script("PUT", NEW_RUN, refusal(503, "ServiceUnavailable"), Response(run(NEW_RUN), 201))
    assert store.create_run(FLEET_ID, WANTED)


def test_a_creation_that_never_gets_a_response_is_transient(
    wire: WireServer, store: ArmFleetStore, waits: list[float]
) -> None:
    wire.script("PUT", NEW_RUN, LOST)
    with pytest.raises(TransientError):
        store.create_run(FLEET_ID, WANTED)


def test_a_creation_that_fleet_carries_out_later_is_waited_for(wire: WireServer, store: ArmFleetStore) -> None:
    operation = "/subscriptions/s/providers/Microsoft.ContainerService/locations/westus2/operations/1"
    accepted = resource(NEW_RUN, {"provisioningState": "Creating"})
    headers = {"Azure-AsyncOperation": f"{wire.url}{operation}?api-version=2016-03-30&t=1", "Retry-After": "0"}
    wire.script("PUT", NEW_RUN, Response(accepted, 201, headers))
    wire.script("GET", operation, {"name": "1", "status": "Succeeded"})
    wire.script("GET", NEW_RUN, run(NEW_RUN))
    assert store.create_run(FLEET_ID, WANTED) == parse_run(ResourceId.parse(NEW_RUN), run(NEW_RUN))
    [poll] = wire.requests("GET", operation)
    assert poll.query == {"api-version": "2016-03-30", "t": "1"}


def test_a_run_is_started_only_as_it_was_read(wire: WireServer, store: ArmFleetStore) -> None:
    wire.script("POST", f"{RUN}/start", run())
    assert store.start_run(as_read())
    [post] = wire.requests("POST")
    assert (post.path, post.body) == (f"{RUN}/start", None)
    assert post.headers["if-match"] == ETAG


def test_members_are_skipped_only_as_the_run_was_read(wire: WireServer, store: ArmFleetStore) -> None:
    wire.script("POST", f"{RUN}/skip", run())
    assert store.skip_members(as_read(), ["shop", "Depot"])
    [post] = wire.requests("POST")
    assert post.headers["if-match"] == ETAG
    assert post.body == {"targets": [{"type": "Member", "name": "shop"}, {"type": "Member", "name": "Depot"}]}


def test_a_run_that_has_changed_since_it_was_read_is_not_started(wire: WireServer, store: ArmFleetStore) -> None:
    wire.script("POST", f"{RUN}/start", refusal(412, "PreconditionFailed"))
    assert not store.start_run(as_read())
    assert not wire.requests("GET"), "412 says it all"


def test_members_of_a_run_that_has_changed_are_not_skipped(wire: WireServer, store: ArmFleetStore) -> None:
    wire.script("POST", f"{RUN}/skip", refusal(412, "PreconditionFailed"))
    assert not store.skip_members(as_read(), ["shop"])


@pytest.mark.parametrize("status", [400, 404, 409])
def test_a_refusal_to_start_a_run_that_has_moved_on_is_no_error(
    wire: WireServer, store: ArmFleetStore, status: int
) -> None:
    wire.script("POST", f"{RUN}/start", refusal(status, "OperationNotAllowed"))
    wire.script("GET", RUN, run(state="Running", etag=NEXT_ETAG))
    assert not store.start_run(as_read())


def test_a_run_that_was_deleted_meanwhile_is_not_started(wire: WireServer, store: ArmFleetStore) -> None:
    wire.script("POST", f"{RUN}/start", refusal(404, "ResourceNotFound"))
    assert not store.start_run(as_read())


@pytest.mark.parametrize("status", [400, 409])
def test_a_refusal_to_start_an_unchanged_run_is_an_error(wire: WireServer, store: ArmFleetStore, status: int) -> None:
    wire.script("POST", f"{RUN}/start", refusal(status, "OperationNotAllowed", "a gate is in the way"))
    wire.script("GET", RUN, run())
    with pytest.raises(UserMustFixError, match="a gate is in the way"):
        store.start_run(as_read())


def test_a_start_that_the_library_repeats_after_a_fault_is_refused_by_the_etag(
    wire: WireServer, store: ArmFleetStore, waits: list[float]
) -> None:
    wire.script("POST", f"{RUN}/start", refusal(503, "ServiceUnavailable"), refusal(412, "PreconditionFailed"))
    assert not store.start_run(as_read())
    assert [post.headers["if-match"] for post in wire.requests("POST")] == [ETAG, ETAG]


def test_a_start_whose_response_is_lost_is_transient_and_sent_once(wire: WireServer, store: ArmFleetStore) -> None:
    wire.script("POST", f"{RUN}/start", LOST)
    with pytest.raises(TransientError):
        store.start_run(as_read())
    assert len(wire.requests("POST")) == 1


def test_a_throttled_start_says_how_long_to_wait(wire: WireServer, store: ArmFleetStore) -> None:
    wire.script("POST", f"{RUN}/start", refusal(429, "TooManyRequests", Retry_After="40"))
    with pytest.raises(ThrottledError) as caught:
        store.start_run(as_read())
    assert caught.value.retry_after_seconds == 40
    assert len(wire.requests("POST")) == 1


def test_a_run_that_was_not_read_from_arm_is_never_written_to(wire: WireServer, store: ArmFleetStore) -> None:
    with pytest.raises(InternalError):
        store.start_run(as_read(etag=""))
    with pytest.raises(InternalError):
        store.skip_members(as_read(etag=""), ["shop"])
    assert not wire.requests()


def test_a_run_is_stopped_only_as_it_was_read(wire: WireServer, store: ArmFleetStore) -> None:
    wire.script("POST", f"{RUN}/stop", run(state="Running"))
    assert store.stop_run(as_read())
    [post] = wire.requests("POST")
    assert post.headers["if-match"] == ETAG
    assert post.body is None


@pytest.mark.parametrize("status", [409, 412])
def test_a_run_that_has_stopped_meanwhile_is_left_alone(wire: WireServer, store: ArmFleetStore, status: int) -> None:
    wire.script("POST", f"{RUN}/stop", refusal(status, "OperationNotAllowed"))
    wire.script("GET", RUN, run(state="Stopped", etag=NEXT_ETAG))
    assert not store.stop_run(as_read())


def test_fleet_s_own_generation_names_the_run_at_once(wire: WireServer, store: ArmFleetStore) -> None:
    wire.script("POST", f"{PROFILE}/generateUpdateRun", {"id": RUN})
    assert store.generate_natively(ResourceId.parse(PROFILE)) == ResourceId.parse(RUN)
    [post] = wire.requests("POST")
    assert post.body is None
    assert post.query == {"api-version": api_versions.FLEET}


def test_fleet_s_own_generation_may_be_an_operation_that_is_waited_for(wire: WireServer, store: ArmFleetStore) -> None:
    operation, result = f"{FLEET}/operations/1", f"{FLEET}/operationresults/1"
    headers = {"Azure-AsyncOperation": f"{wire.url}{operation}", "Location": f"{wire.url}{result}"}
    wire.script("POST", f"{PROFILE}/generateUpdateRun", Response(None, 202, headers))
    wire.script("GET", operation, {"name": "1", "status": "Succeeded"})
    wire.script("GET", result, {"id": RUN})
    assert store.generate_natively(ResourceId.parse(PROFILE)) == ResourceId.parse(RUN)


def test_a_generation_that_does_not_say_which_run_is_tried_again(wire: WireServer, store: ArmFleetStore) -> None:
    wire.script("POST", f"{PROFILE}/generateUpdateRun", {})
    with pytest.raises(TransientError, match="did not say which"):
        store.generate_natively(ResourceId.parse(PROFILE))


def test_of_a_long_message_of_fleet_the_beginning_is_kept(wire: WireServer, store: ArmFleetStore) -> None:
    wanted = specification()
    wire.script("PUT", f"{FLEET}/updateRuns/{wanted.name}", refusal(400, "BadRequest", "x\x1b" * 100_000))

    with pytest.raises(UserMustFixError) as caught:
        store.create_run(ResourceId.parse(FLEET), wanted)

    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 1500


def test_a_generation_that_fleet_refuses_has_its_message(wire: WireServer, store: ArmFleetStore) -> None:
    wire.script("POST", f"{PROFILE}/generateUpdateRun", refusal(409, "NoVersionAvailable", "nothing is offered"))
    with pytest.raises(UserMustFixError, match="NoVersionAvailable: nothing is offered"):
        store.generate_natively(ResourceId.parse(PROFILE))


def test_a_run_of_control_planes_selects_no_images(wire: WireServer, store: ArmFleetStore) -> None:
    wanted = specification(upgrade_type=UpgradeType.CONTROL_PLANE_ONLY, node_image_selection=None)
    path = f"{FLEET}/updateRuns/{wanted.name}"
    wire.script("PUT", path, Response(run(path), 201))
    assert store.create_run(FLEET_ID, wanted)
    [put] = wire.requests("PUT")
    assert put.body == {
        "properties": {"managedClusterUpdate": {"upgrade": {"type": "ControlPlaneOnly", "kubernetesVersion": "1.33.5"}}}
    }


def test_a_pinned_run_names_its_images_whole(wire: WireServer, store: ArmFleetStore) -> None:
    wanted = specification().following("auto-earlier", (NodeImage.parse(f"{UBUNTU}-202607.09.0"),))
    path = f"{FLEET}/updateRuns/{wanted.name}"
    wire.script("PUT", path, Response(run(path), 201))
    assert store.create_run(FLEET_ID, wanted)
    [put] = wire.requests("PUT")
    assert isinstance(put.body, dict)
    assert put.body["properties"] == {
        "managedClusterUpdate": {
            "upgrade": {"type": "Full", "kubernetesVersion": "1.33.5"},
            "nodeImageSelection": {
                "type": "Custom",
                "customNodeImageVersions": [{"version": f"{UBUNTU}-202607.09.0"}],
            },
        }
    }
