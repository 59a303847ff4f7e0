"""Implements `shared.ports.WorkQueues` on Azure Queue Storage, with the app's identity.

The queues exist: `infra/modules/storage.bicep` makes them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from azure.storage.queue import QueueClient, QueueServiceClient

from shared import telemetry
from shared.azure.connection import Connection
from shared.azure.sdk_errors import translated
from shared.core.model.ids import ResourceId
from shared.messages import (
    EVALUATE_ESTATE,
    EVALUATE_PROFILE,
    POISON_SUFFIX,
    QUEUES,
    WATCH_GATES,
    about_profile,
    about_run,
    write_message,
)
from shared.threads import TracedThreads

PARALLEL = 16
"""Requests at a time: Queue Storage has none for several messages."""

NEVER_EXPIRES = -1
"""A message that waits longer than the service's seven days is late, not obsolete."""


class StorageQueues:
    """Safe to use from several threads."""

    def __init__(self, connection: Connection) -> None:
        service = QueueServiceClient(
            connection.settings.queue_endpoint,
            credential=connection.credential,
            transport=connection.transport(),
        )
        names = [*QUEUES, *(queue + POISON_SUFFIX for queue in QUEUES)]
        self._clients: Mapping[str, QueueClient] = {name: service.get_queue_client(name) for name in names}

    def evaluate_estate(self) -> None:
        """Send a message to evaluate all profiles."""
        self._send(EVALUATE_ESTATE, [write_message(telemetry.current_trace_parent())])

    def evaluate_profiles(self, profile_ids: Sequence[ResourceId]) -> None:
        """Send a message for each profile, several at a time."""
        trace_parent = telemetry.current_trace_parent()
        self._send(EVALUATE_PROFILE, [write_message(trace_parent, about_profile(each)) for each in profile_ids])

    def watch_gates(self, run_id: ResourceId) -> None:
        """Send a message to read the gates of an update run."""
        self._send(WATCH_GATES, [write_message(telemetry.current_trace_parent(), about_run(run_id))])

    def waiting_messages(self) -> Mapping[str, int]:
        """About how many messages each queue has."""
        with TracedThreads(len(QUEUES)) as threads:
            return dict(zip(QUEUES, threads.map(self._count, QUEUES), strict=True))

    def poison_messages(self) -> Mapping[str, int]:
        """About how many messages each poison queue has, by the name of the queue that they failed in."""
        names = [queue + POISON_SUFFIX for queue in QUEUES]
        with TracedThreads(len(QUEUES)) as threads:
            return dict(zip(QUEUES, threads.map(self._count, names), strict=True))

    def _count(self, name: str) -> int:
        with translated("read", f"queue {name}"):
            return self._clients[name].get_queue_properties().approximate_message_count or 0

    def _send(self, queue: str, messages: Sequence[str]) -> None:
        if len(messages) == 1:
            self._send_one(queue, messages[0])
            return
        with TracedThreads(PARALLEL) as threads:
            sent = [threads.submit(self._send_one, queue, message) for message in messages]
        for sending in sent:  # all have ended: one that failed kept no other from being tried
            sending.result()

    def _send_one(self, queue: str, message: str) -> None:
        with translated("send to", f"queue {queue}"):
            self._clients[queue].send_message(message, time_to_live=NEVER_EXPIRES)
