"""The emulator as the process it is."""

from __future__ import annotations

import json
import ssl
import subprocess
import sys
from pathlib import Path
from types import TracebackType

import httpx

from tests.tools.emulator_wire.answer_check import check_answer

ROOT = Path(__file__).resolve().parents[3]
DEADLINE_SECONDS = 30


class EmulatorProcess:
    """Started with the demo's world unless told otherwise; ends with the `with` block."""

    def __init__(
        self, directory: Path, *arguments: str, world: Path = ROOT / "tools/emulator/worlds/demo.yaml"
    ) -> None:
        timeline = ROOT / "tools/data/aks-release-timeline.json"
        self.process = subprocess.Popen(
            [
                *(sys.executable, "-m", "tools.emulator", "--world", str(world), "--timeline", str(timeline)),
                *("--state-dir", str(directory)),
                *arguments,
            ],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout is not None
        self.ready: dict[str, str] = json.loads(self.process.stdout.readline())
        trust = ssl.create_default_context(cafile=self.ready["caBundle"])
        self.http = httpx.Client(
            base_url=self.ready["endpoint"],
            verify=trust,
            timeout=DEADLINE_SECONDS,
            trust_env=False,
            event_hooks={"response": [_check]},
        )

    def __enter__(self) -> EmulatorProcess:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.http.close()
        self.process.terminate()
        self.end()

    def end(self) -> tuple[str, str]:
        """Wait for the end; what was still written to stdout and stderr."""
        return self.process.communicate(timeout=DEADLINE_SECONDS)

    def authorize(self) -> None:
        """Send a token for ARM from now on."""
        answer = self.http.get(
            self.ready["identityEndpoint"],
            params={"api-version": "2019-08-01", "resource": "https://management.azure.com/"},
            headers={"X-IDENTITY-HEADER": self.ready["identityHeader"]},
        )
        self.http.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"


def _check(response: httpx.Response) -> None:
    """An answer that Azure would not give fails the test, whatever the test is about."""
    response.read()
    check_answer(response)
