"""Faults to order."""

from __future__ import annotations

import asyncio
import time

import pytest
from starlette.types import Message, Receive, Scope, Send

from tests.tools.emulator.lab import AKS, SUBSCRIPTION_PATH, Lab
from tools.emulator.faults import Faults
from tools.emulator.request_fault import RequestFault
from tools.json_value import Json

CLUSTERS = f"{SUBSCRIPTION_PATH}/providers/Microsoft.ContainerService/managedClusters?{AKS}"


@pytest.fixture
def lab() -> Lab:
    return Lab()


def order(lab: Lab, *faults: Json) -> None:
    lab.control("PUT", "/faults", {"faults": [*faults]})


def test_a_fault_meets_as_many_requests_as_it_says_and_is_then_used_up(lab: Lab) -> None:
    body: Json = {"error": {"code": "TooManyRequests", "message": "Slow down."}}
    throttling: dict[str, Json] = {
        "method": "GET",
        "path": "managedclusters$",
        "times": 2,
        "action": "status",
        "status": 429,
        "headers": {"Retry-After": "1"},
        "body": body,
    }
    order(lab, throttling)
    first = lab.http.get(CLUSTERS)
    assert (first.status_code, first.headers["Retry-After"], first.json()) == (429, "1", body)
    assert lab.control("GET", "/faults") == {"faults": [{**throttling, "times": 1}]}
    assert [lab.http.get(CLUSTERS).status_code for _ in range(2)] == [429, 200]
    assert lab.control("GET", "/faults") == {"faults": []}


def test_other_methods_and_paths_are_spared(lab: Lab) -> None:
    order(
        lab,
        {"method": "PUT", "path": "managedClusters", "action": "status", "status": 500},
        {"method": "*", "path": "/fleets/", "action": "status", "status": 500},
        {"method": "*", "path": "/emulator/", "action": "status", "status": 500},
    )
    assert lab.http.get(CLUSTERS).status_code == 200
    assert lab.control("GET", "/clock")


def test_a_delayed_request_is_served_later(lab: Lab) -> None:
    order(lab, {"path": "managedClusters", "action": "delay", "milliseconds": 60})
    began = time.monotonic()
    assert lab.http.get(CLUSTERS).status_code == 200
    assert time.monotonic() - began >= 0.06


@pytest.mark.parametrize(
    "fault", [{"path": "x", "action": "explode"}, {"path": "x", "action": "status"}, {"path": "(", "action": "delay"}]
)
def test_a_fault_that_makes_no_sense_is_refused_and_the_present_ones_stay(lab: Lab, fault: Json) -> None:
    order(lab, {"path": "y", "action": "delay"})
    lab.control("PUT", "/faults", {"faults": [fault]}, status=400)
    assert len(lab.faults.remaining()) == 1


@pytest.mark.parametrize(
    ("action", "expected"), [("lostResponse", ["served", "broken off"]), ("dropConnection", ["broken off"])]
)
def test_only_a_request_whose_response_is_lost_is_carried_out(action: str, expected: list[str]) -> None:
    happened: list[str] = []

    async def app(_: Scope, __: Receive, send: Send) -> None:
        happened.append("served")
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"done"})

    async def receive() -> Message:
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        happened.append(str(message["type"]))

    faults = Faults(app)
    faults.replace([RequestFault.model_validate({"path": "x", "action": action})])
    broken_off = {"emulator.abort": {"abort": lambda: happened.append("broken off")}}
    scope: Scope = {"type": "http", "method": "PUT", "path": "/x", "extensions": broken_off}
    asyncio.run(faults(scope, receive, send))
    assert happened == expected


def test_a_fault_without_an_end_meets_every_request(lab: Lab) -> None:
    order(lab, {"path": "managedClusters", "action": "status", "status": 503, "times": None})
    assert [lab.http.get(CLUSTERS).status_code for _ in range(3)] == [503, 503, 503]
    assert lab.control("GET", "/faults") == {
        "faults": [{"method": "*", "path": "managedClusters", "action": "status", "status": 503, "times": None}]
    }
