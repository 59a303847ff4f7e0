"""The events the app accepts, validated at the edge. An event causes an evaluation; it never contains a target.

Event Grid delivers in its own schema or as CloudEvents; the triggers pass on the fields that both have.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from shared.core.model.ids import CLUSTER_TYPE, RUN_TYPE, ResourceId
from shared.core.model.times import in_utc
from shared.errors import InvalidInputError

RELEASE_DETECTED = "FleetAutoUpgrade.ReleaseDetected"
NEW_KUBERNETES_VERSION_AVAILABLE = "Microsoft.ContainerService.NewKubernetesVersionAvailable"
GATE_EVENTS = tuple(
    f"Microsoft.ResourceNotifications.AKSResources.FleetGate{change}" for change in ("Created", "Updated", "Deleted")
)
"""As in Azure's documentation. Its sample payloads have `AksResources`, so event types are compared without case."""

_REGION = re.compile(r"[A-Za-z0-9]{1,64}")


@dataclass(frozen=True, slots=True)
class IncomingEvent:
    """An event as it arrived, by the fields that both schemas have."""

    identity: str
    """A hash of its id and source: the same when it is delivered again, and nothing that its sender wrote."""
    type: str
    source: str
    """`topic` in Event Grid's own schema, `source` in CloudEvents; empty without one."""
    time: datetime | None
    data: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class ReleaseNotice:
    """A notice that something was released; `about` names the region or the cluster, for people."""

    time: datetime
    about: str


def read_release_notice(event: IncomingEvent) -> ReleaseNotice:
    """A release event of this app, or AKS's NewKubernetesVersionAvailable.

    Raises:
        InvalidInputError: the type is another one, or a field is missing or malformed.
    """
    kind = event.type.casefold()
    if kind == RELEASE_DETECTED.casefold():
        return ReleaseNotice(_time_of(event), _region(event))
    if kind == NEW_KUBERNETES_VERSION_AVAILABLE.casefold():
        cluster = ResourceId.parse_of_type(event.source, CLUSTER_TYPE, "topic or source")
        if not any(isinstance(value, str) and value for value in event.data.values()):
            raise InvalidInputError("data", dict(event.data), "at least one Kubernetes version")
        return ReleaseNotice(_time_of(event), str(cluster))
    raise InvalidInputError("event type", event.type, f"{RELEASE_DETECTED} or {NEW_KUBERNETES_VERSION_AVAILABLE}")


def read_gate_run(event: IncomingEvent) -> ResourceId:
    """The update run whose gate was reached, approved or deleted.

    Raises:
        InvalidInputError: the type is another one, or the run's id is missing or malformed.
    """
    if event.type.casefold() not in {kind.casefold() for kind in GATE_EVENTS}:
        raise InvalidInputError("event type", event.type, f"one of {', '.join(GATE_EVENTS)}")
    target: object = event.data
    for name in ("resourceInfo", "properties", "target", "id"):
        target = target.get(name) if isinstance(target, Mapping) else None
    field = "data.resourceInfo.properties.target.id"
    if not isinstance(target, str):
        raise InvalidInputError(field, target, "the id of an update run")
    return ResourceId.parse_of_type(target, RUN_TYPE, field)


def _time_of(event: IncomingEvent) -> datetime:
    if event.time is None:
        raise InvalidInputError("event time", None, "the time the event was raised, in ISO 8601")
    return in_utc(event.time, "event time")


def _region(event: IncomingEvent) -> str:
    """It is written to logs and telemetry, so only a region's name is accepted."""
    region = _text(event, "region")
    if _REGION.fullmatch(region) is None:
        raise InvalidInputError("data.region", region, "the name of a region, such as westeurope")
    return region


def _text(event: IncomingEvent, name: str) -> str:
    value = event.data.get(name)
    if not isinstance(value, str) or not value:
        raise InvalidInputError(f"data.{name}", value, "a text")
    return value
