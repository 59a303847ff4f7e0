"""Publishes to the app's own Event Grid topic, with the app's identity."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime

from azure.eventgrid import EventGridEvent, EventGridPublisherClient

from shared import telemetry
from shared.azure.connection import CONNECTION_TIMEOUT_SECONDS, READ_TIMEOUT_SECONDS, Connection
from shared.azure.sdk_errors import translated
from shared.core.releases.releases import NewReleases
from shared.events import RELEASE_DETECTED

EVENTS_A_REQUEST = 200
"""Far below Event Grid's 1 MB a request for events of about one kilobyte."""

_DATA_VERSION = "1.0"


class EventGridPublisher:
    """Implements `shared.ports.EventPublisher`."""

    def __init__(self, connection: Connection) -> None:
        self._endpoint = connection.settings.event_grid_endpoint
        self._client = EventGridPublisherClient(self._endpoint, connection.credential)
        # for topics outside a namespace the library ignores what its constructor is given about the connection
        self._verify = connection.verify

    def publish_new_releases(self, new_releases: Sequence[NewReleases], now: datetime) -> None:
        """One event for each region; publishing the same releases again gives the same event ids."""
        self._send([_release_event(new, now) for new in new_releases])

    def _send(self, events: Sequence[EventGridEvent]) -> None:
        for first in range(0, len(events), EVENTS_A_REQUEST):
            with translated("publish to", self._endpoint):
                self._client.send(
                    list(events[first : first + EVENTS_A_REQUEST]),
                    connection_verify=self._verify,
                    connection_timeout=CONNECTION_TIMEOUT_SECONDS,
                    read_timeout=READ_TIMEOUT_SECONDS,
                )


def _release_event(new_releases: NewReleases, now: datetime) -> EventGridEvent:
    return EventGridEvent(
        id=_event_id(RELEASE_DETECTED, new_releases.region, *(release.key for release in new_releases.releases)),
        subject=new_releases.region,
        event_type=RELEASE_DETECTED,
        event_time=now,
        data_version=_DATA_VERSION,
        data={
            "region": new_releases.region,
            "kubernetesVersions": new_releases.names("KubernetesVersion"),
            "nodeImages": new_releases.names("NodeImage"),
            "at": now.isoformat(),
            **_trace(),
        },
    )


def _trace() -> dict[str, str]:
    """The trace for the receiver to continue, if there is one."""
    trace_parent = telemetry.current_trace_parent()
    return {"traceparent": trace_parent} if trace_parent else {}


def _event_id(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:40]
