"""The pipeline to ARM: short waits are waited for, long ones are not, and no provider is registered."""

import pytest

from shared.azure.arm_pipeline import LONGEST_WAIT_SECONDS
from shared.azure.connection import Connection
from shared.azure.fleet.store import ArmFleetStore
from shared.core.model.ids import ResourceId
from shared.errors import AccessDeniedError, ThrottledError, UserMustFixError
from tests.app.azure.bodies import FLEET, RUN, run, specification
from tests.app.azure.wire_server import IDENTITY_PATH, Response, WireServer, refusal

RUN_ID = ResourceId.parse(RUN)


@pytest.fixture
def store(connection: Connection) -> ArmFleetStore:
    return ArmFleetStore(connection)


@pytest.mark.parametrize("status", [429, 503])
def test_a_short_retry_after_is_waited_for(
    wire: WireServer, store: ArmFleetStore, waits: list[float], status: int
) -> None:
    wire.script("GET", RUN, refusal(status, "Busy", Retry_After="7"), run())
    assert store.find_run(RUN_ID) is not None
    assert waits == [7]


def test_a_long_retry_after_is_left_to_the_caller(wire: WireServer, store: ArmFleetStore, waits: list[float]) -> None:
    wire.script("GET", RUN, refusal(429, "TooManyRequests", Retry_After=str(LONGEST_WAIT_SECONDS + 1)))
    with pytest.raises(ThrottledError) as caught:
        store.find_run(RUN_ID)
    assert caught.value.retry_after_seconds == LONGEST_WAIT_SECONDS + 1
    assert not waits
    assert len(wire.requests()) == 1


def test_faults_in_passing_are_retried_three_times(wire: WireServer, store: ArmFleetStore, waits: list[float]) -> None:
    fault = refusal(503, "ServiceUnavailable")
    wire.script("GET", RUN, fault, fault, fault, run())
    assert store.find_run(RUN_ID) is not None
    assert len(wire.requests()) == 4


def test_no_resource_provider_is_registered(wire: WireServer, store: ArmFleetStore) -> None:
    """The SDK's own pipeline would POST …/register here and wait for it."""
    wanted = specification()
    message = "The subscription is not registered to use namespace 'Microsoft.ContainerService'."
    wire.script("PUT", f"{FLEET}/updateRuns/{wanted.name}", refusal(409, "MissingSubscriptionRegistration", message))
    with pytest.raises(UserMustFixError, match="not registered"):
        store.create_run(ResourceId.parse(FLEET), wanted)
    assert not wire.requests("POST")


def test_a_managed_identity_that_gets_no_token_is_said_to_be_so(wire: WireServer, store: ArmFleetStore) -> None:
    wire.script("GET", IDENTITY_PATH, Response({"statusCode": 400, "message": "no such identity"}, 400))
    with pytest.raises(AccessDeniedError, match="No token to read"):
        store.find_run(RUN_ID)
    assert not wire.requests()


def test_requests_name_the_app_as_their_user_agent(wire: WireServer, store: ArmFleetStore) -> None:
    store.find_run(RUN_ID)
    assert wire.requests()[0].headers["user-agent"].startswith("fleet-auto-upgrade")
