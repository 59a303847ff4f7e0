"""Hosts for tests, started and ended."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.tools.host.clock_server import ClockServer
from tests.tools.host.host_process import HostOptions, HostProcess

StartHost = Callable[[HostOptions], HostProcess]


@pytest.fixture(scope="package")
def host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HostProcess]:
    """One host under the real clock, for tests that leave no trace but log records; four threads."""
    running = HostProcess(HostOptions(tmp_path_factory.mktemp("host"), arguments=("--threads", "4")))
    yield running
    running.stop()


@pytest.fixture
def start_host() -> Iterator[StartHost]:
    """Starts hosts that end with the test."""
    started: list[HostProcess] = []

    def start(options: HostOptions) -> HostProcess:
        started.append(HostProcess(options))
        return started[-1]

    yield start
    for each in started:
        each.stop()


@pytest.fixture
def clock(tmp_path: Path) -> Iterator[ClockServer]:
    """A clock that stands at 00:30 on the first of January 2026."""
    server = ClockServer(tmp_path, "2026-01-01T00:30:00Z")
    yield server
    server.close()
