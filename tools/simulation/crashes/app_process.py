"""The app as a process that can die: its functions, wired anew after each death, and the queues that its host reads."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from unittest.mock import patch

import azure.functions as func
from azure.storage.queue import QueueServiceClient

from shared.azure.connection import Connection
from shared.core.model.ids import ResourceId
from shared.errors import FleetAutoUpgradeError
from shared.messages import EVALUATE_ESTATE, EVALUATE_PROFILE, QUEUES, about_profile, write_message
from shared.settings import AlertSettings, read_settings
from shared.threads import TracedThreads
from shared.use_cases.services import Services
from tools.simulation import app
from tools.simulation.crashes.interruption import Interruption, interrupted
from tools.simulation.crashes.local_azure import FLEET, LocalAzure
from tools.simulation.scheduler import ProcessStopped

MOST_DELIVERIES = 12
"""Of a message that fails (host.json)."""

Call = Callable[[], object]


class AppProcess:
    """One process of the app at a time. It implements `shared.ports.Clock` with the emulator's time."""

    def __init__(self, azure: LocalAzure) -> None:
        self._azure = azure
        self._settings = read_settings(azure.settings())
        self._connection = Connection(self._settings)
        self._services: Services | None = None
        self._queues = QueueServiceClient(
            self._settings.queue_endpoint,
            credential=self._connection.credential,
            connection_verify=self._connection.verify,
        )
        for queue in QUEUES:
            self._queues.get_queue_client(queue).clear_messages()

    def now(self) -> datetime:
        """The emulator's time."""
        return self._azure.now()

    def run(self, call: Call, interruption: Interruption | None = None) -> bool:
        """Call a function. Returns whether it is done; otherwise it failed, or the process died."""
        with self._wired(), interrupted(interruption or Interruption()):
            try:
                result = call()
            except ProcessStopped:
                self._services = None
                self._connection.session.close()
                return False
            except FleetAutoUpgradeError:
                return False
        if isinstance(result, func.HttpResponse) and 400 <= result.status_code < 500:
            raise RuntimeError(f"the app refuses: {result.status_code} {result.get_body().decode()}")
        return not isinstance(result, func.HttpResponse) or result.status_code < 500

    def deliver(self, call: Call) -> None:
        """Call a function until it is done, as a host does with a message; a minute passes each time."""
        for _ in range(MOST_DELIVERIES):
            self._azure.wait(minutes=1)
            if self.run(call):
                return

    def drain(self) -> None:
        """Handle all messages of the queues, and those that follow from them."""
        while found := list(self._receive()):
            for call in found:
                self.deliver(call)

    def message(self, queue: str, body: str, message_id: str = "message") -> Call:
        """A message's delivery."""
        return app.queue_message(queue, message_id, body)

    def evaluation(self) -> Call:
        """The delivery of the message that has everything evaluated."""
        return self.message(EVALUATE_ESTATE, write_message(""))

    def profile(self, name: str) -> Call:
        """The delivery of the message that has a profile evaluated."""
        profile_id = ResourceId.parse(f"{FLEET}/autoUpgradeProfiles/{name}")
        return self.message(EVALUATE_PROFILE, write_message("", about_profile(profile_id)))

    def _receive(self) -> Iterator[Call]:
        for queue in QUEUES:
            client = self._queues.get_queue_client(queue)
            for message in client.receive_messages(messages_per_page=32):
                client.delete_message(message)
                yield self.message(queue, str(message.content), str(message.id))

    @contextmanager
    def _wired(self) -> Iterator[None]:
        replaced: dict[str, object] = {
            "shared.composition.settings": lambda: self._settings,
            "shared.composition.alert_settings": lambda: AlertSettings(act=True, generate=True),
            "shared.composition.start_telemetry": lambda: None,
            "shared.composition._connection": lambda: self._connection,
            "shared.composition.make_clock": lambda _: self,
        }
        with ExitStack() as stack:
            for name, value in replaced.items():
                stack.enter_context(patch(name, value))
            stack.enter_context(patch.object(TracedThreads, "submit", app.run_at_once))
            logging.disable()
            stack.callback(logging.disable, logging.NOTSET)
            if self._services is None:
                self._connection = Connection(self._settings)
                self._services = app.wire()
            stack.enter_context(patch("shared.composition.services", lambda services=self._services: services))
            yield


def generate(profile: str, *, start: bool) -> Call:
    """A request to generate a run."""
    return app.generate(f"{FLEET}/autoUpgradeProfiles/{profile}", start=start)


def alert(profile: str) -> Call:
    """A call of an action group, about a profile."""
    return app.alert({"profileId": f"{FLEET}/autoUpgradeProfiles/{profile}"})
