"""The emulator as the process it is."""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType

import httpx

from tests.processes.forked_process import ForkedProcess
from tests.tools.emulator_wire.response_check import check_response
from tools.paths import DEMO_WORLD, TIMELINE

DEADLINE_SECONDS = 60


def emulator_arguments(directory: Path, *arguments: str, world: Path = DEMO_WORLD) -> list[str]:
    """The command line of an emulator, after `python -m tools.emulator`."""
    return ["--world", str(world), "--timeline", str(TIMELINE), "--state-dir", str(directory), *arguments]


def emulator_client(ready: Mapping[str, str]) -> httpx.Client:
    """A client for an emulator that has said where it is."""
    return httpx.Client(
        base_url=ready["endpoint"],
        verify=ssl.create_default_context(cafile=ready["caBundle"]),
        timeout=DEADLINE_SECONDS,
        trust_env=False,
        event_hooks={"response": [_check]},
    )


class EmulatorProcess:
    """Started with the demo's world by default; ends with the `with` block."""

    def __init__(self, directory: Path, *arguments: str, world: Path = DEMO_WORLD) -> None:
        started = emulator_arguments(directory, *arguments, world=world)
        self._process = ForkedProcess("emulator", "tools.emulator", started, directory / "stderr.txt")
        self.ready = {name: str(value) for name, value in self._process.wait_until_ready(DEADLINE_SECONDS).items()}
        self.http = emulator_client(self.ready)

    def __enter__(self) -> EmulatorProcess:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.http.close()
        self._process.stop()

    def authorize(self) -> None:
        """Send a token for ARM from now on."""
        token = self.http.get(
            self.ready["identityEndpoint"],
            params={"api-version": "2019-08-01", "resource": "https://management.azure.com/"},
            headers={"X-IDENTITY-HEADER": self.ready["identityHeader"]},
        )
        self.http.headers["Authorization"] = f"Bearer {token.json()['access_token']}"


def _check(response: httpx.Response) -> None:
    """A response that Azure would not send fails every test."""
    response.read()
    check_response(response)
