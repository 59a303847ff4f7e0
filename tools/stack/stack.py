"""The local stack: emulator, Azurite and the Functions host with the real app, each a process."""

from __future__ import annotations

import json
import os
import secrets
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from pathlib import Path
from types import TracebackType

from tools.json_value import JsonObject
from tools.paths import DEV, ROOT
from tools.stack.azurite import start_azurite
from tools.stack.control import EmulatorControl, HostControl, as_text
from tools.stack.kept_process import KeptProcess, Process
from tools.stack.log_tail import LogTail
from tools.stack.queues import make_queues
from tools.stack.sign_in import Subscription, read_subscription

TOPIC = "auto-upgrade"
"""The app's own Event Grid topic in the emulator."""

_READY_SECONDS = 60.0
_INSTRUMENTATION_KEY = "00000000-0000-0000-0000-000000000001"
_FIRST_HOST = "host"
_GATES = "Microsoft.ResourceNotifications.AKSResources.FleetGate"
_SUBSCRIPTIONS: Mapping[str, tuple[str, str, str, tuple[str, ...]]] = {
    "releases": (f"topic:{TOPIC}", "release_events", "EventGridSchema", ("FleetAutoUpgrade.ReleaseDetected",)),
    "aks": (
        "aks",
        "release_events",
        "CloudEventSchemaV1_0",
        ("Microsoft.ContainerService.NewKubernetesVersionAvailable",),
    ),
    "gates": ("gates", "gate_events", "EventGridSchema", (f"{_GATES}Created", f"{_GATES}Updated")),
}


@dataclass(frozen=True, slots=True)
class StackOptions:
    """What the stack is made of."""

    world: Path
    timeline: Path
    subscription_id: str | None = None
    """The subscription whose fleets the app manages; default: the world's."""
    start: datetime | None = None
    port: int = 0
    """Where ARM listens, with the Function app on the next one; 0 takes free ones."""
    request_log: Path | None = None
    throttle: bool = False
    """Whether ARM's rate limits are enforced."""
    refuse_unknown: bool = False
    """Whether properties that Azure's specification does not have are refused."""
    telemetry: bool = False
    """Whether the app sends telemetry, to `Stack.telemetry_file`."""
    settings: Mapping[str, str] = field(default_factory=dict)
    """App settings that differ from the stack's own."""
    threads: int = 2
    ready_seconds: float = 60.0
    """How long the emulator may take to load the world."""
    say: Callable[[str], None] = lambda line: print(line, file=sys.stderr)


@dataclass(frozen=True, slots=True)
class StorageAccount:
    """Where a storage account is, and the certificate authority that clients trust for it."""

    table_endpoint: str
    queue_endpoint: str
    ca: Path


class Stack:
    """Starts everything on entering, ends everything on leaving; parts can be started and killed on their own."""

    def __init__(self, options: StackOptions) -> None:
        self.options = options
        self.directory = DEV / "run" / secrets.token_hex(6)
        self.directory.mkdir(parents=True)
        self._processes: list[Process] = []
        self._controls: list[EmulatorControl | HostControl] = []
        self._log = LogTail(self.log_file())
        self._clock_file = self.directory / "clock.json"

    def __enter__(self) -> Stack:
        try:
            self.start_azure()
            self.host_process, self.host = self.start_host()
            self.subscribe(self.host)
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def stop(self) -> None:
        """End everything that was started, the last first."""
        while self._controls:
            self._controls.pop().close()
        while self._processes:
            self._processes.pop().stop()

    def ended_process(self) -> Process | None:
        """A part that has ended unexpectedly; None while all of them run."""
        return next((process for process in self._processes if not process.is_running), None)

    def start_azure(self) -> None:
        """Start emulator and Azurite, side by side.

        Raises:
            StackError: one of them did not start.
        """
        with ThreadPoolExecutor(1) as pool:
            storage = pool.submit(self.start_storage)
            self.start_emulator()
            self.use_storage(storage.result())

    def start_emulator(self) -> None:
        """Start the emulator; the world's time stands still."""
        arguments = ["--state-dir", str(self.directory), "--clock-file", str(self._clock_file)]
        arguments += ["--world", str(self.options.world), "--timeline", str(self.options.timeline)]
        if self.options.start is not None:
            arguments += ["--start", as_text(self.options.start)]
        if self.options.request_log is not None:
            arguments += ["--request-log", str(self.options.request_log)]
        arguments += ["--throttle"] if self.options.throttle else []
        arguments += ["--refuse-unknown"] if self.options.refuse_unknown else []
        arguments += ["--telemetry", str(self.telemetry_file)] if self.options.telemetry else []
        arguments += ["--port", str(self.options.port)]
        ready = self._start("emulator", "tools.emulator", arguments).wait_until_ready(self.options.ready_seconds)
        self.ca_bundle = Path(str(ready["caBundle"]))
        self.identity = {
            "IDENTITY_ENDPOINT": str(ready["identityEndpoint"]),
            "IDENTITY_HEADER": str(ready["identityHeader"]),
        }
        self.emulator = EmulatorControl(str(ready["endpoint"]), self.ca_bundle)
        self._controls.append(self.emulator)

    @cached_property
    def subscription(self) -> Subscription:
        """The emulator's, as ARM shows it.

        Raises:
            httpx.HTTPError: the emulator does not respond.
        """
        return read_subscription(self.emulator.endpoint, self.ca_bundle, self.identity)

    def start_storage(self) -> StorageAccount:
        """Start Azurite.

        Raises:
            StackError: it did not start.
        """
        from tools.emulator.tls import make_certificates  # while the emulator starts

        tls = make_certificates(self.directory / "azurite-tls")
        log = self.directory / "azurite.log"
        azurite = start_azurite(tls.server_crt_pem, tls.server_key_pem, log, self.options.say)
        self._processes.append(azurite.process)
        return StorageAccount(azurite.table_endpoint(), azurite.queue_endpoint(), tls.ca_pem)

    def use_storage(self, account: StorageAccount) -> None:
        """Use an account, whose queues are made here; all parts trust its authority besides the emulator's."""
        self.table_endpoint = account.table_endpoint
        self.queue_endpoint = account.queue_endpoint
        with self.ca_bundle.open("ab") as bundle:
            bundle.write(account.ca.read_bytes())
        make_queues(self.queue_endpoint, self.ca_bundle, self.identity)

    def start_host(self, name: str = _FIRST_HOST) -> tuple[Process, HostControl]:
        """Start a Functions host that serves the app; there may be several, as there are instances in Azure."""
        settings = self.directory / f"{name}-settings.json"
        settings.touch(mode=0o600)
        settings.write_text(json.dumps({"Values": self.app_settings()}))
        arguments = ["--app-dir", str(ROOT), "--settings", str(settings)]
        arguments += ["--log", str(self.log_file(name)), "--clock-url", f"{self.emulator.endpoint}/emulator/clock"]
        arguments += ["--threads", str(self.options.threads)]
        if self.options.port and name == _FIRST_HOST:
            arguments += ["--port", str(self.options.port + 1)]
        process = self._start(name, "tools.host", arguments)
        ready = process.wait_until_ready(_READY_SECONDS)
        host = HostControl(
            str(ready["url"]), str(ready["masterKey"]), str(ready["functionKey"]), str(ready["eventGridKey"])
        )
        self._controls.append(host)
        return process, host

    def subscribe(self, host: HostControl) -> None:
        """Have Event Grid deliver to this host."""
        for name, (source, function, schema, event_types) in _SUBSCRIPTIONS.items():
            self.emulator.subscribe(
                name,
                {
                    "source": source,
                    "endpoint": host.webhook(function),
                    "deliverySchema": schema,
                    "includedEventTypes": [*event_types],
                    "deadLetterFile": str(self.directory / f"dead-letters-{name}.jsonl"),
                },
            )

    def log_file(self, name: str = _FIRST_HOST) -> Path:
        """The log of a host, one JSON object a line."""
        return self.directory / f"{name}.jsonl"

    @property
    def telemetry_file(self) -> Path:
        """The rows that Log Analytics would have, one JSON object a line; only with the option `telemetry`."""
        return self.directory / "telemetry.jsonl"

    def new_log_records(self) -> Iterator[JsonObject]:
        """What the host has logged since the last call."""
        return self._log.new_records()

    def app_settings(self) -> dict[str, str]:
        """The settings of the app: where the emulator and Azurite are, and what the options change."""
        endpoint = self.emulator.endpoint
        return {
            "FUNCTIONS_WORKER_RUNTIME": "python",
            "AUTO_UPGRADE_SUBSCRIPTION_IDS": self.options.subscription_id or self.subscription.id,
            "AUTO_UPGRADE_ARM_ENDPOINT": endpoint,
            "AUTO_UPGRADE_TABLE_ENDPOINT": self.table_endpoint,
            "AzureWebJobsStorage__queueServiceUri": self.queue_endpoint,
            "AUTO_UPGRADE_EVENT_GRID_ENDPOINT": f"{endpoint}/eventgrid/topics/{TOPIC}/api/events",
            "AUTO_UPGRADE_RELEASE_TRACKER_URL": f"{endpoint}/webpage/parsed_data.json",
            "AUTO_UPGRADE_CA_BUNDLE": str(self.ca_bundle),
            "AUTO_UPGRADE_CLOCK_URL": self._clock_file.as_uri(),
            "AUTO_UPGRADE_DETECT_SCHEDULE": "0 */10 * * * *",
            "AUTO_UPGRADE_RECONCILE_SCHEDULE": "0 0 * * * *",
            "AUTO_UPGRADE_WATCH_SCHEDULE": "0 */5 * * * *",
            "AUTO_UPGRADE_PROFILES_WRITE": "true",
            "AUTO_UPGRADE_REQUESTS_PER_MINUTE": "0",
            **self.identity,
            **(self._telemetry_settings() if self.options.telemetry else {}),
            **self.options.settings,
        }

    def _telemetry_settings(self) -> dict[str, str]:
        """Telemetry goes to the emulator, and the libraries' statistics for Microsoft nowhere."""
        endpoint = self.emulator.endpoint
        return {
            "APPLICATIONINSIGHTS_CONNECTION_STRING": f"InstrumentationKey={_INSTRUMENTATION_KEY};"
            f"IngestionEndpoint={endpoint}/;LiveEndpoint={endpoint}/",
            "APPLICATIONINSIGHTS_STATSBEAT_DISABLED_ALL": "true",
            "APPLICATIONINSIGHTS_SDKSTATS_DISABLED": "true",
            "APPLICATIONINSIGHTS_CONTROLPLANE_DISABLED": "true",
            "OTEL_EXPERIMENTAL_RESOURCE_DETECTORS": "azure_app_service",
            "REQUESTS_CA_BUNDLE": str(self.ca_bundle),
        }

    def run_module(self, name: str, module: str, arguments: Sequence[str]) -> Process:
        """Run a module of the tools as `python -m` does."""
        command = [sys.executable, "-m", module, *arguments]
        return KeptProcess(name, command, self.directory / f"{name}.log", self.environment())

    def environment(self) -> dict[str, str]:
        """The environment of all parts."""
        return {**os.environ, "PYTHONPATH": str(ROOT), "NO_PROXY": "127.0.0.1,localhost"}

    def _start(self, name: str, module: str, arguments: Sequence[str]) -> Process:
        process = self.run_module(name, module, arguments)
        self._processes.append(process)
        return process
