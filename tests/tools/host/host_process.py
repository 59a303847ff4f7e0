"""Starts the host as users do, as a process, and talks HTTP to it."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

REPOSITORY = Path(__file__).resolve().parents[3]
SAMPLE_APP = Path(__file__).parent / "sample_app"
MASTER_KEY = "the-master-key-of-the-tests"
FUNCTION_KEY = "the-function-key-of-the-tests"
EVENT_GRID_KEY = "the-event-grid-key-of-the-tests"
PATIENCE_SECONDS = 30.0

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

    def command(self) -> list[str]:
        """Write the settings file and give the command line."""
        settings = self.directory / "settings.json"
        settings.write_text(json.dumps({"Values": self.values, "hostKeys": self.host_keys}))
        command = [sys.executable, "-m", "tools.host", "--app-dir", str(self.app_dir), "--settings", str(settings)]
        return [*command, "--log", str(self.directory / "log.jsonl"), *self.arguments]


class HostProcess:
    """A running host."""

    def __init__(self, options: HostOptions) -> None:
        self._errors = (options.directory / "stderr.txt").open("a+")
        self._process = subprocess.Popen(
            options.command(), cwd=REPOSITORY, stdout=subprocess.PIPE, stderr=self._errors, text=True
        )
        assert self._process.stdout is not None
        self._stdout = self._process.stdout
        line = self._stdout.readline()  # the end of the process ends this, too
        if not line:
            self.stop()
            raise AssertionError(f"the host did not start: {(options.directory / 'stderr.txt').read_text()}")
        self.ready: JsonObject = json.loads(line)
        self._log = options.directory / "log.jsonl"
        self.stderr = options.directory / "stderr.txt"
        self.http = httpx.Client(base_url=self.ready["url"], timeout=PATIENCE_SECONDS, trust_env=False)

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
        answer = self.http.get("/local/idle", params=parameters)
        assert answer.status_code == 200, answer.text
        body: JsonObject = answer.json()
        return body

    def signal(self) -> None:
        """Ask it to end."""
        self._process.send_signal(signal.SIGTERM)

    def wait(self) -> tuple[int, str]:
        """Wait for its end; give the exit status, and what it wrote to stdout after the ready line."""
        rest = self._stdout.read()
        return self._process.wait(PATIENCE_SECONDS), rest

    def stop(self) -> None:
        """End it, whatever state it is in."""
        if self._process.poll() is None:
            self.signal()
            try:
                self._process.wait(5)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        self._stdout.close()
        self._errors.close()
        if hasattr(self, "http"):
            self.http.close()


def refusal_to_start(options: HostOptions) -> str:
    """Start a host that must refuse, and give what it says."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("SAMPLE_")}
    done = subprocess.run(
        options.command(),
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        env=environment,
        check=False,
    )
    assert done.returncode == 1
    assert done.stdout == ""
    return done.stderr
