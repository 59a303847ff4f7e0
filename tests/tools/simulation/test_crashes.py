"""A few cases of `./dev crash-test`, and what an interruption does to a request."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO

import pytest
import requests

from tools.simulation.crashes import cases
from tools.simulation.crashes.flows import FLOWS, Flow
from tools.simulation.crashes.interruption import AFTER, BEFORE, LOST, Interruption
from tools.simulation.crashes.local_azure import LocalAzure
from tools.simulation.scheduler import ProcessStopped

REQUEST = requests.Request("PUT", "https://azure.invalid/updateRuns/a/start?api-version=1").prepare()
FLOW = {flow.name: flow for flow in FLOWS}


@pytest.fixture(scope="module")
def azure(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalAzure]:
    with LocalAzure(tmp_path_factory.mktemp("crashes")) as running:
        yield running


@pytest.mark.stack
@pytest.mark.parametrize(("flow", "every"), [("generate", 23), ("restart", 32), ("native", 32)])
def test_an_interrupted_flow_ends_as_an_undisturbed_one(azure: LocalAzure, flow: str, every: int) -> None:
    played = list(cases.play_cases(azure, FLOW[flow], every, first=every // 2))

    assert len(played) >= 2
    assert [f"{case}{case.difference}" for case in played if case.difference] == []


class Service:
    """What is behind the requests."""

    def __init__(self) -> None:
        self.received = 0

    def send(self) -> requests.Response:
        self.received += 1
        response = requests.Response()
        response.raw = BytesIO()
        return response


@pytest.mark.parametrize(("kind", "received"), [(BEFORE, 1), (AFTER, 2)])
def test_a_process_that_dies_makes_no_further_request(kind: str, received: int) -> None:
    service, interruption = Service(), Interruption(at=2, kind=kind)
    interruption.send(REQUEST, service.send)

    for _ in range(3):
        with pytest.raises(ProcessStopped):
            interruption.send(REQUEST, service.send)
    assert service.received == received


def test_a_lost_answer_is_lost_once_and_the_process_goes_on() -> None:
    service, interruption = Service(), Interruption(at=1, kind=LOST)

    with pytest.raises(requests.ConnectionError):
        interruption.send(REQUEST, service.send)
    interruption.send(REQUEST, service.send)
    assert service.received == 2


def test_a_process_may_die_at_the_first_request_to_a_path() -> None:
    service = Service()

    with pytest.raises(ProcessStopped):
        Interruption(ending="/start").send(REQUEST, service.send)
    assert service.received == 0


def test_every_flow_has_a_name() -> None:
    assert len(FLOW) == len(FLOWS) >= 13


def test_a_process_dies_around_every_request_and_each_answer_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    played = list[tuple[int, str]]()

    def play(_azure: LocalAzure, _flow: Flow, interruption: Interruption) -> str:
        played.append((interruption.at, interruption.kind))
        interruption.made += ["GET a", "PUT a"]
        return ""

    monkeypatch.setattr(cases, "_play", play)
    found = list(cases.play_cases(None, FLOW["generate"]))  # type: ignore[arg-type] # nothing is played

    assert played[1:] == [(1, BEFORE), (1, LOST), (2, BEFORE), (2, LOST), (2, AFTER)]
    assert [case.request for case in found] == ["GET a", "GET a", "PUT a", "PUT a", "PUT a"]
