"""Every call to Azure is counted, retries included; throttling and missing permissions are reported."""

from __future__ import annotations

import logging

import pytest

from shared import telemetry
from shared.azure.connection import Connection
from shared.azure.fleet.store import ArmFleetStore
from shared.azure.resource_graph.reader import ResourceGraphEstateReader
from shared.core.model.ids import ResourceId
from shared.errors import AccessDeniedError, ThrottledError, UserMustFixError
from tests.app.azure.bodies import FLEET, RUN, run, specification
from tests.app.azure.wire_server import IDENTITY_PATH, LOST, Response, WireServer, refusal
from tests.app.telemetry.emitted import Emitted

RUN_ID = ResourceId.parse(RUN)
RESOURCE_GRAPH = "/providers/Microsoft.ResourceGraph/resources"
NO_ROWS = Response({"totalRecords": 0, "count": 0, "data": [], "resultTruncated": "false"})


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str, int]]:
    """Service, method and status of each call that was counted."""
    emitted: list[tuple[str, str, int]] = []
    monkeypatch.setattr(telemetry, "azure_called", lambda *call: emitted.append(call))
    return emitted


@pytest.fixture
def store(connection: Connection) -> ArmFleetStore:
    return ArmFleetStore(connection)


@pytest.fixture
def emitted(caplog: pytest.LogCaptureFixture) -> Emitted:
    return Emitted(caplog)


def test_each_attempt_counts_with_its_own_status(
    wire: WireServer, store: ArmFleetStore, waits: list[float], calls: list[tuple[str, str, int]]
) -> None:
    wire.script("GET", RUN, refusal(503, "ServiceUnavailable"), refusal(429, "TooManyRequests"), run())

    store.find_run(RUN_ID)

    assert calls == [("ResourceManager", "GET", status) for status in (503, 429, 200)]


def test_writes_and_queries_of_resource_graph_are_counted_separately(
    wire: WireServer, connection: Connection, store: ArmFleetStore, calls: list[tuple[str, str, int]]
) -> None:
    wanted = specification()
    wire.script("PUT", f"{FLEET}/updateRuns/{wanted.name}", refusal(400, "InvalidParameter"))
    wire.script("POST", RESOURCE_GRAPH, NO_ROWS)

    with pytest.raises(UserMustFixError):
        store.create_run(ResourceId.parse(FLEET), wanted)
    ResourceGraphEstateReader(connection).read()

    query = ("ResourceGraph", "POST", 200)
    assert [call for call in calls if call[1] != "GET"] == [("ResourceManager", "PUT", 400), query, query]


def test_a_call_without_a_response_has_no_status_to_count(
    wire: WireServer, store: ArmFleetStore, waits: list[float], calls: list[tuple[str, str, int]]
) -> None:
    wire.script("GET", RUN, LOST, run())

    store.find_run(RUN_ID)

    assert calls == [("ResourceManager", "GET", 200)]


def test_throttling_is_reported_though_the_call_succeeds_in_the_end(
    wire: WireServer, store: ArmFleetStore, waits: list[float], emitted: Emitted
) -> None:
    wire.script("GET", RUN, refusal(429, "TooManyRequests", Retry_After="7"), run())

    store.find_run(RUN_ID)

    assert emitted.properties("throttled") == [{"service": "ResourceManager", "retry_after_seconds": "7"}]
    assert emitted.level("throttled") == logging.WARNING


@pytest.mark.parametrize("headers", [{}, {"Retry_After": "Fri, 31 Dec 2027 23:59:59 GMT"}])
def test_without_seconds_to_wait_nothing_is_said_about_them(
    wire: WireServer, store: ArmFleetStore, waits: list[float], emitted: Emitted, headers: dict[str, str]
) -> None:
    wire.script("GET", RUN, refusal(429, "TooManyRequests", **headers))

    with pytest.raises(ThrottledError):
        store.find_run(RUN_ID)

    assert emitted.properties("throttled")[0] == {"service": "ResourceManager", "retry_after_seconds": ""}


def test_resource_graph_throttles_in_its_own_name(
    wire: WireServer, connection: Connection, waits: list[float], emitted: Emitted
) -> None:
    wire.script("POST", RESOURCE_GRAPH, refusal(429, "RateLimiting", Retry_After="3"), NO_ROWS)

    ResourceGraphEstateReader(connection).read()

    assert emitted.properties("throttled") == [{"service": "ResourceGraph", "retry_after_seconds": "3"}]


def test_a_missing_role_is_reported_with_the_action_and_the_resource(
    wire: WireServer, store: ArmFleetStore, emitted: Emitted
) -> None:
    wire.script("GET", RUN, refusal(403, "AuthorizationFailed", "The client has no permission."))

    with pytest.raises(AccessDeniedError) as caught:
        store.find_run(RUN_ID)

    assert emitted.properties("access_denied") == [{"sentence": str(caught.value)}]
    assert RUN_ID.name in str(caught.value)
    assert emitted.level("access_denied") == logging.ERROR


def test_an_identity_without_a_token_is_reported_too(wire: WireServer, store: ArmFleetStore, emitted: Emitted) -> None:
    wire.script("GET", IDENTITY_PATH, Response({"statusCode": 400, "message": "no such identity"}, 400))

    with pytest.raises(AccessDeniedError):
        store.find_run(RUN_ID)

    [denied] = emitted.properties("access_denied")
    assert denied["sentence"].startswith("No token to read")
