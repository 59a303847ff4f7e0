"""A few cases of `./dev crash-test`, and what an interruption does to a request."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import requests

from tools.simulation.crashes.cases import play_cases
from tools.simulation.crashes.flows import FLOWS
from tools.simulation.crashes.interruption import AFTER, BEFORE, KINDS, LOST, Interruption
from tools.simulation.crashes.local_azure import LocalAzure
from tools.simulation.scheduler import ProcessStopped

REQUEST = requests.Request("PUT", "https://azure.invalid/updateRuns/a/start?api-version=1").prepare()
FLOW = {flow.name: flow for flow in FLOWS}


@pytest.fixture(scope="module")
def azure(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalAzure]:
    with LocalAzure(tmp_path_factory.mktemp("crashes")) as running:
        yield running


@pytest.mark.stack
@pytest.mark.parametrize(("flow", "every"), [("generate", 35), ("restart", 48), ("native", 48)])
def test_an_interrupted_flow_ends_as_an_undisturbed_one(azure: LocalAzure, flow: str, every: int) -> None:
    cases = list(play_cases(azure, FLOW[flow], every, first=every // 2))

    assert len(cases) >= 2
    assert [f"{case}{case.difference}" for case in cases if case.difference] == []


class Service:
    """What is behind the requests."""

    def __init__(self) -> None:
        self.received = 0

    def send(self) -> requests.Response:
        self.received += 1
        return requests.Response()


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


def test_every_flow_has_a_name_and_every_kind_of_interruption_is_played() -> None:
    assert len(FLOW) == len(FLOWS) >= 13
    assert set(KINDS) == {BEFORE, AFTER, LOST}
