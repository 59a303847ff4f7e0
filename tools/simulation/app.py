"""The app on simulated instances: its real functions, use cases and adapters, above clients that are simulated."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from types import SimpleNamespace
from typing import ParamSpec, TypeVar
from unittest.mock import patch

import azure.functions as func

from shared import composition
from shared.azure.connection import Connection
from shared.settings import AlertSettings, read_settings
from shared.threads import TracedThreads
from shared.use_cases.services import Services
from tools.simulation import arm_clients, storage_clients
from tools.simulation.registered import registered_functions
from tools.simulation.sdk import Outside
from tools.simulation.world.model import BEGINNING, SUBSCRIPTION

P = ParamSpec("P")
T = TypeVar("T")

_SETTINGS = read_settings(
    {
        "AUTO_UPGRADE_SUBSCRIPTION_IDS": SUBSCRIPTION,
        "AUTO_UPGRADE_TABLE_ENDPOINT": "https://simulated.invalid",
        "AUTO_UPGRADE_EVENT_GRID_ENDPOINT": "https://simulated.invalid",
        "AUTO_UPGRADE_RELEASE_TRACKER_URL": "",
        "AzureWebJobsStorage__queueServiceUri": "https://simulated.invalid",
    }
)
FUNCTIONS: dict[str, Callable[..., object]] = {
    str(function.get_function_name()): function.get_user_function() for function in registered_functions()
}
"""The app's functions by name, as its triggers call them."""

wire = composition.services.__wrapped__
"""Wires the adapters to the ports, as each process of the app does once."""


@dataclass
class Instance:
    """An instance of the app, with a separate clock."""

    name: str
    skew: float
    """Seconds that its clock is ahead."""
    time: Callable[[], float]
    services: Services = field(init=False)

    def __post_init__(self) -> None:
        self.restart()

    def restart(self) -> None:
        """Begin with nothing in memory."""
        with patch.object(composition, "make_clock", lambda _: self):
            self.services = wire()

    def now(self) -> datetime:
        """The time by its clock; it implements `shared.ports.Clock`."""
        return BEGINNING + timedelta(seconds=self.time() + self.skew)


@contextmanager
def simulated(outside: Outside, services: Callable[[], Services]) -> Iterator[None]:
    """Inside, the app's adapters create simulated clients, and its functions get the services that are given."""
    adapters = "shared.azure"
    replaced: dict[str, object] = {
        f"{adapters}.ledger.store.TableServiceClient": lambda *_, **__: storage_clients.TableServiceClient(outside),
        f"{adapters}.clients.ContainerServiceFleetMgmtClient": lambda *_, **__: arm_clients.FleetClient(outside),
        f"{adapters}.clients.ContainerServiceClient": lambda *_, **__: arm_clients.AksClient(outside),
        f"{adapters}.arm_reads.ARMPipelineClient": lambda *_, **__: arm_clients.PipelineClient(outside),
        f"{adapters}.arm_reads.make_policies": lambda _: [],
        f"{adapters}.clients.make_policies": lambda _: [],
        f"{adapters}.queues.storage_queues.QueueServiceClient": lambda *_, **__: storage_clients.QueueServiceClient(
            outside
        ),
        f"{adapters}.events.publisher.EventGridPublisherClient": lambda *_, **__: storage_clients.EventGridClient(
            outside
        ),
        "shared.composition.services": services,
        "shared.composition.settings": lambda: _SETTINGS,
        "shared.composition.alert_settings": lambda: AlertSettings(act=True, generate=True),
        "shared.composition.start_telemetry": lambda: None,
        "shared.composition._connection": lambda: Connection(_SETTINGS),
    }
    with ExitStack() as stack:
        for name, value in replaced.items():
            stack.enter_context(patch(name, value))
        stack.enter_context(patch.object(TracedThreads, "submit", run_at_once))
        logging.disable()  # thousands of failures are logged, all of them on purpose
        stack.callback(logging.disable, logging.NOTSET)
        yield


def run_at_once(_: TracedThreads, call: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
    """Instead of a thread: a process of the simulation is one thread, and its calls come in one order."""
    future: Future[T] = Future()
    try:
        future.set_result(call(*args, **kwargs))
    except Exception as error:  # noqa: BLE001 - as an executor does; a stopped process passes through
        future.set_exception(error)
    return future


def timer(name: str) -> Callable[[], object]:
    """A call of a timer's function."""
    return partial(FUNCTIONS[name], SimpleNamespace(past_due=False))


def queue_message(queue: str, message_id: str, body: str) -> Callable[[], object]:
    """A call of the function that reads a queue."""
    message = SimpleNamespace(id=message_id, get_body=body.encode)
    return partial(FUNCTIONS[queue.replace("-", "_")], message)


def release_event(event: object) -> Callable[[], object]:
    """A call of the function that receives an event of the app's own topic."""
    sent = SimpleNamespace(**{name: getattr(event, name) for name in ("id", "subject", "event_type", "data")})
    raised_at = getattr(event, "event_time", None)
    delivered = func.EventGridEvent(
        id=str(sent.id),
        data=sent.data,
        topic="https://simulated.invalid",
        subject=str(sent.subject),
        event_type=str(sent.event_type),
        event_time=raised_at if isinstance(raised_at, datetime) else datetime.now(UTC),
        data_version="1.0",
    )
    return partial(FUNCTIONS["release_events"], delivered)


def gate_event(gate_id: str, run_id: str) -> Callable[[], object]:
    """A call of the function that receives events about gates, with the fields that it reads."""
    event = func.EventGridEvent(
        id=gate_id,
        data={"resourceInfo": {"id": gate_id, "properties": {"target": {"id": run_id}}}},
        topic=f"/subscriptions/{SUBSCRIPTION}",
        subject=gate_id,
        event_type="Microsoft.ResourceNotifications.AksResources.FleetGateUpdated",
        event_time=BEGINNING,
        data_version="1",
    )
    return partial(FUNCTIONS["gate_events"], event)


def alert(properties: Mapping[str, str]) -> Callable[[], object]:
    """A call of an action group, with the custom properties of the alert rule."""
    essentials = {"alertId": "a", "alertRule": "clusters-behind", "monitorCondition": "Fired", "alertTargetIDs": []}
    body = {
        "schemaId": "azureMonitorCommonAlertSchema",
        "data": {"essentials": essentials, "alertContext": {}, "customProperties": properties},
    }
    request = func.HttpRequest(method="POST", url="https://simulated.invalid", body=json.dumps(body).encode())
    return partial(FUNCTIONS["alerts"], request)


def generate(profile_id: str, *, start: bool) -> Callable[[], object]:
    """A request to generate the run of a profile."""
    parts = profile_id.split("/")
    request = func.HttpRequest(
        method="POST",
        url="https://simulated.invalid",
        route_params={"subscription": parts[2], "resource_group": parts[4], "fleet": parts[8], "profile": parts[10]},
        body=json.dumps({"start": start}).encode(),
    )
    return partial(FUNCTIONS["generate_update_run"], request)
