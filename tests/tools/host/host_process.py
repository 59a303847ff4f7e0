"""Starts the host as a process, and talks HTTP to it."""

import json
import os
import signal
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from tests.processes.forked_process import ForkedProcess
from tools.trust import trust

SAMPLE_APP = Path(__file__).parent / "sample_app"
MASTER_KEY = "the-master-key-of-the-tests"
FUNCTION_KEY = "the-function-key-of-the-tests"
EVENT_GRID_KEY = "the-event-grid-key-of-the-tests"
PATIENCE_SECONDS = 60.0

# A parsed JSON object of which a test asserts some parts.
JsonObject = dict[str, Any]


@dataclass
class HostOptions:
    """How to start the host; every default serves the sample app."""

    directory: Path
    app_dir: Path = SAMPLE_APP
    values: Mapping[str, str] = field(default_factory=lambda: {"SAMPLE_HOURLY": "0 0 * * * *"})
    arguments: tuple[str, ...] = ()
    host_keys: Mapping[str, object] = field(
        default_factory=lambda: {"master": MASTER_KEY, "function": FUNCTION_KEY, "eventgrid": EVENT_GRID_KEY}
    )

    def command_line(self) -> list[str]:
        """Write the settings file and give the command line, after `python -m tools.host`."""
        settings = self.directory / "settings.json"
        settings.write_text(json.dumps({"Values": self.values, "hostKeys": self.host_keys}))
        command_line = ["--app-dir", str(self.app_dir), "--settings", str(settings)]
        return [*command_line, "--log", str(self.directory / "log.jsonl"), *self.arguments]

    def start(self) -> ForkedProcess:
        """Start the host; settings of the sample app in the tests' own environment do not reach it."""
        environment = {name: value for name, value in os.environ.items() if not name.startswith("SAMPLE_")}
        return ForkedProcess("host", "tools.host", self.command_line(), self.directory / "stderr.txt", environment)


class HostProcess:
    """A running host."""

    def __init__(self, options: HostOptions) -> None:
        self._process = options.start()
        self.ready: JsonObject = dict(self._process.wait_until_ready(PATIENCE_SECONDS))
        self._log = options.directory / "log.jsonl"
        self.stderr = options.directory / "stderr.txt"
        url = str(self.ready["url"])
        self.http = httpx.Client(base_url=url, verify=trust(url), timeout=PATIENCE_SECONDS, trust_env=False)

    def log(self) -> list[JsonObject]:
        """Every complete line of the log so far."""
        return [json.loads(line) for line in self._log.read_text().splitlines(keepends=True) if line.endswith("\n")]

    def log_text(self) -> str:
        """Both logs, the file's and the one for people."""
        return self._log.read_text() + self.stderr.read_text()

    def events(self, event_name: str) -> list[JsonObject]:
        """The fields of the log records with this ``event_name``."""
        return [line["fields"] for line in self.log() if line["fields"].get("event_name") == event_name]

    def wait_for_event(self, event_name: str) -> JsonObject:
        """Wait for a log record with this ``event_name``."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            if found := self.events(event_name):
                return found[0]
            time.sleep(0.02)
        raise AssertionError(f"no log record {event_name} within {PATIENCE_SECONDS} s")

    def idle(self, at: str | None = None, timeout: float = PATIENCE_SECONDS) -> JsonObject:
        """Wait until the host is idle."""
        parameters = {"timeout": str(timeout), **({"at": at} if at else {})}
        response = self.http.get("/local/idle", params=parameters)
        assert response.status_code == 200, response.text
        body: JsonObject = response.json()
        return body

    def signal(self) -> None:
        """Ask it to end."""
        self._process.send_signal(signal.SIGTERM)

    def wait(self) -> tuple[int | None, str]:
        """Wait for its end; the exit status, and what it wrote to stdout after the ready line."""
        rest = self._process.stdout.read()
        return self._process.wait(PATIENCE_SECONDS), rest

    def kill(self) -> None:
        """Kill it, as a machine that loses power."""
        self._process.kill()

    def stop(self) -> None:
        """End it, in any state."""
        self.http.close()
        self._process.stop()


def refusal_to_start(options: HostOptions) -> str:
    """Start a host that must refuse, and give what it says."""
    process = options.start()
    assert process.stdout.read() == ""
    assert process.wait(PATIENCE_SECONDS) == 1
    process.stop()
    return process.log.read_text()
