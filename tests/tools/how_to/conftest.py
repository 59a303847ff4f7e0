"""A reader of the how-to, and the emulator that the commands reach."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.tools.emulator.emulator_process import EmulatorProcess
from tests.tools.emulator.sdk_clients import sdk_clients
from tests.tools.how_to.reader import SUBSCRIPTION, Reader
from tools.stack.control import EmulatorControl

WORLD = Path(__file__).with_name("world.yaml")


@pytest.fixture
def emulator(tmp_path: Path) -> Iterator[EmulatorProcess]:
    with EmulatorProcess(tmp_path, world=WORLD) as running:
        yield running


@pytest.fixture
def time(emulator: EmulatorProcess) -> Iterator[EmulatorControl]:
    control = EmulatorControl(emulator.ready["endpoint"], Path(emulator.ready["caBundle"]))
    yield control
    control.close()


@pytest.fixture
def reader(emulator: EmulatorProcess) -> Iterator[Reader]:
    ready = emulator.ready
    identity = {"IDENTITY_ENDPOINT": ready["identityEndpoint"], "IDENTITY_HEADER": ready["identityHeader"]}
    with sdk_clients(ready["endpoint"], ready["caBundle"], identity, SUBSCRIPTION) as clients:
        yield Reader(clients)
