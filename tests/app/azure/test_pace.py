"""Requests wait before a quota is used up, and not after."""

from __future__ import annotations

import pytest

from shared.azure.connection import Connection
from shared.azure.fleet.store import ArmFleetStore
from shared.azure.pace import LOW_WATER, REFILL_SECONDS, Pace, bucket_of
from shared.azure.resource_graph import reader
from shared.azure.resource_graph.reader import ResourceGraphEstateReader
from shared.core.model.ids import ResourceId
from tests.app.azure.bodies import RUN, run
from tests.app.azure.wire_server import Json, Response, WireServer, refusal

GRAPH = "/providers/Microsoft.ResourceGraph/resources"
EMPTY: Json = {"totalRecords": 0, "count": 0, "resultTruncated": "false", "data": []}
QUERIES = bucket_of("POST", f"https://management.azure.com{GRAPH}")
READS = "x-ms-ratelimit-remaining-subscription-reads"


@pytest.fixture(autouse=True)
def _one_request_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """The sweep's two queries take turns, so that scripted responses come in order."""
    monkeypatch.setattr(reader, "AHEAD", 1)


def quota(remaining: int, resets_after: str = "00:00:04") -> dict[str, str]:
    return {"x-ms-user-quota-remaining": str(remaining), "x-ms-user-quota-resets-after": resets_after}


def test_the_last_query_of_a_window_makes_the_next_wait_for_the_next_window(
    wire: WireServer, connection: Connection, waits: list[float]
) -> None:
    wire.script("POST", GRAPH, Response(EMPTY, headers=quota(0)), Response(EMPTY, headers=quota(14)))
    ResourceGraphEstateReader(connection).read()
    assert waits == [pytest.approx(4, abs=0.5)]


def test_queries_that_are_on_their_way_count_as_sent() -> None:
    pace = Pace(monotonic=lambda: 100.0)
    for _ in range(3):
        pace.begin(QUERIES)
    pace.end(QUERIES, quota(3))
    assert pace.wait_for(QUERIES) == 0
    pace.end(QUERIES, quota(1))
    assert pace.wait_for(QUERIES) == 4


def test_a_late_response_of_a_used_up_window_does_not_end_the_wait() -> None:
    pace = Pace(monotonic=lambda: 100.0)
    for _ in range(2):
        pace.begin(QUERIES)
    pace.end(QUERIES, quota(0))
    pace.end(QUERIES, quota(1))
    assert pace.wait_for(QUERIES) == 4


def test_a_query_without_a_response_is_not_on_its_way_any_more() -> None:
    pace = Pace(monotonic=lambda: 100.0)
    for _ in range(2):
        pace.begin(QUERIES)
    pace.end(QUERIES, None)
    pace.end(QUERIES, quota(1))
    assert pace.wait_for(QUERIES) == 0


@pytest.mark.parametrize("headers", [quota(1), {}, quota(0, "soon"), quota(0, "00:00:00")])
def test_where_queries_are_left_or_nothing_is_known_none_waits(
    wire: WireServer, connection: Connection, waits: list[float], headers: dict[str, str]
) -> None:
    wire.script("POST", GRAPH, Response(EMPTY, headers=headers))
    ResourceGraphEstateReader(connection).read()
    assert waits == []


def test_a_429_of_resource_graph_without_retry_after_is_waited_for_until_its_quota_resets(
    wire: WireServer, connection: Connection, waits: list[float]
) -> None:
    refused = refusal(429, "RateLimiting", **{name.replace("-", "_"): text for name, text in quota(3).items()})
    wire.script("POST", GRAPH, refused, Response(EMPTY))
    ResourceGraphEstateReader(connection).read()
    assert waits == [4]


@pytest.mark.parametrize(("left", "expected"), [(LOW_WATER, True), (LOW_WATER + 1, False), ("many", False)])
def test_few_requests_left_in_arm_make_the_next_wait_until_some_are_back(
    wire: WireServer, connection: Connection, waits: list[float], left: object, expected: bool
) -> None:
    wire.script("GET", RUN, Response(run(), headers={READS: str(left)}), run())
    store = ArmFleetStore(connection)
    store.find_run(ResourceId.parse(RUN))
    store.find_run(ResourceId.parse(RUN))
    assert waits == ([pytest.approx(REFILL_SECONDS, abs=0.5)] if expected else [])


def test_reads_and_writes_of_each_subscription_have_their_own_bucket() -> None:
    def at(method: str, path: str) -> str:
        return bucket_of(method, f"https://management.azure.com{path}?api-version=1")

    assert at("GET", "/subscriptions/A/resourceGroups/g") == at("HEAD", "/subscriptions/a/providers/x")
    assert (
        len(
            {
                at("GET", "/subscriptions/a"),
                at("GET", "/subscriptions/b"),
                at("PUT", "/subscriptions/a"),
                at("DELETE", "/subscriptions/a"),
                at("GET", "/tenants"),
                at("POST", GRAPH),
            }
        )
        == 6
    )
